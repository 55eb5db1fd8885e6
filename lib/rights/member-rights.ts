import type { GuardPolicyName } from '../../core/sessions/guard-policy.ts';
import type { Right } from './rights.ts';

/* Rights of Glasshammer's roles in the accounts access is given in. */

/** Rights of the activity reader role, which the report function assumes. */
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
 * Rights of the session guard role in each account, which `cut-sessions` assumes. `iam:CreatePolicyVersion` could write
 * a policy that grants. As a permissions boundary the policy never grants, and nothing else uses it. The attached
 * policy does grant what it allows, and IAM has no condition on a version's text, so that form exists only where an
 * operator has opted in.
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

/** ARN of a session guard policy in an account. */
export function guardPolicyArn(partition: string, accountId: string, { path, name }: GuardPolicyName): string {
  return `arn:${partition}:iam::${accountId}:policy${path}${name}`;
}
