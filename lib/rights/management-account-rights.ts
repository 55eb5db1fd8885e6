import type { Right } from './rights.ts';

/**
 * IAM actions by which Identity Center makes and removes the roles of permission sets. Elsewhere Identity Center uses
 * its service-linked role; in the management account the caller needs the rights. When a permission set is given again,
 * its role may exist already and need changes.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSSSOServiceRolePolicy.html
 */
interface RoleActions {
  readonly roles: readonly string[];
  readonly providers: readonly string[];
}

export const MAKE_ROLES: RoleActions = {
  roles: [
    'iam:AttachRolePolicy',
    'iam:CreateRole',
    'iam:DeleteRolePermissionsBoundary',
    'iam:PutRolePermissionsBoundary',
    'iam:PutRolePolicy',
    'iam:UpdateAssumeRolePolicy',
    'iam:UpdateRole',
    'iam:UpdateRoleDescription',
  ],
  providers: ['iam:CreateSAMLProvider', 'iam:UpdateSAMLProvider'],
};

export const REMOVE_ROLES: RoleActions = {
  roles: ['iam:DeleteRole', 'iam:DeleteRolePermissionsBoundary', 'iam:DeleteRolePolicy', 'iam:DetachRolePolicy'],
  providers: [],
};

/** Only Identity Center can change roles under this path, so the rights work only through it. */
export function managementAccountRoles(account: string, partition: string, { roles, providers }: RoleActions): Right[] {
  return [
    {
      actions: [...roles, 'iam:GetRole', 'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies'],
      resources: [`arn:${partition}:iam::${account}:role/aws-reserved/sso.amazonaws.com/*`],
      wildcard: 'Identity Center names the roles of permission sets with a random ending.',
    },
    {
      actions: [...providers, 'iam:GetSAMLProvider'],
      resources: [`arn:${partition}:iam::${account}:saml-provider/AWSSSO_*`],
      wildcard: 'Identity Center names its identity provider with a random ending.',
    },
  ];
}
