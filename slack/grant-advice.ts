import type { GrantFailureKind } from '../core/access/lease/grant/grant-failure.ts';

/** What to do after each kind of failed grant, for the requester and for the operator they will ask. */
export const GRANT_ADVICE: Readonly<Record<GrantFailureKind, string>> = {
  'missing-policy':
    'The permission set names a customer managed policy that this account does not have, so trying again does not help: an operator has to make the policy there.',
  'suspended-account':
    'The account is suspended or being closed, so nothing can be given there: an operator has to open it again, or use the emergency procedure.',
  quota:
    'A quota of AWS is used up in that account or in Identity Center, so trying again does not help: an operator has to raise it or clear up.',
  gone: 'The person, the permission set or the account is not there any more: an operator has to look which of them, and correct the configuration.',
  denied:
    'Glasshammer has no right to give this, so trying again does not help: ask an operator to run `glasshammer doctor`, or use your emergency procedure.',
  conflict: 'Somebody else was changing the same access at the same time: try again in a minute.',
  slow: 'Identity Center was slow: try again; if it fails twice, use your emergency procedure and tell an operator.',
  other: 'Try again, and tell an operator if it fails twice.',
};
