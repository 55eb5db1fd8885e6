import type { Right } from './rights.ts';

/**
 * What Identity Center does to the roles of permission sets, with the rights of its service-linked role in every account but the
 * management account, where the caller's own rights count. A set that is given anew may find its role there and changed.
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

/** Roles under this path can be changed by Identity Center alone, through which the rights are used. */
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
