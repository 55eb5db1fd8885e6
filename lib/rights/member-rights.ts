import type { GuardPolicyName } from '../../core/sessions/guard-policy.ts';
import type { Right } from './rights.ts';

/* What our roles in the accounts access is given in may do. */

/** What the role in each account may do, which the report assumes. */
export const ACTIVITY_READER_RIGHTS: readonly Right[] = [
  {
    actions: ['cloudtrail:LookupEvents'],
    resources: ['*'],
    wildcard: 'CloudTrail knows no resources for LookupEvents; it reads the events of this account alone.',
  },
  {
    actions: ['account:ListRegions'],
    resources: ['*'],
    wildcard: 'Lists the Regions of the account that asks; asked for itself, an account is not named.',
  },
];

/**
 * What the role in each account may do that `cut-sessions` assumes. `iam:CreatePolicyVersion` could make a policy that grants; used as
 * a boundary it never does, and nothing else uses this one. The attached policy does grant what it allows, and IAM has no condition on
 * what a version says: so it is there only where somebody has opted in.
 *
 * @param policyArns of the account's guard policies, and of no other
 */
export function sessionGuardRights(...policyArns: readonly string[]): readonly Right[] {
  return [
    {
      actions: [
        'iam:CreatePolicyVersion',
        'iam:DeletePolicyVersion',
        'iam:GetPolicy',
        'iam:GetPolicyVersion',
        'iam:ListPolicyVersions',
      ],
      resources: [...policyArns],
    },
  ];
}

/** ARN of a session guard of an account. */
export function guardPolicyArn(partition: string, accountId: string, { path, name }: GuardPolicyName): string {
  return `arn:${partition}:iam::${accountId}:policy${path}${name}`;
}
