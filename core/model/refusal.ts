/**
 * Why something that a person asked for is not done. A refusal is a value, never an exception: each reason has one
 * sentence in `slack/words/sentences.ts` and is written to the audit unchanged.
 */
export interface Refusal {
  readonly reason: RefusalReason;
  /** What the sentence needs: names, ids, limits. Plain text, not yet escaped. */
  readonly detail?: string;
}

export const REFUSAL_REASONS = [
  // Who is asking
  'unknown-user', // no principal record and no e-mail match
  'malformed-principal-record', // `principal#…` exists but cannot be parsed
  'ambiguous-identity', // several Identity Center users have the person's e-mail
  'principal-not-found', // no such user in Identity Center
  'principal-disabled',
  'slack-user-unreadable', // Slack returned no profile for this user
  'other-workspace',
  'guest',
  'bot',
  'deactivated-user',
  'slack-connect-user',
  'caller-unproven', // AWS did not prove the caller's identity, or its statements contradict each other
  // What is asked
  'unreadable-button',
  'unknown-account',
  'account-not-active',
  'unknown-permission-set',
  'unknown-group',
  'malformed-duration',
  // Whether it is allowed
  'not-allowed', // no policy or record allows it
  'denied-by-policy',
  'left-out', // the configuration excludes the target for everyone, whatever a policy says
  'too-long',
  'reason-required',
  'ticket-required',
  'hold-limit', // together with what the person holds already, it would last too long without a break
  'per-day',
  'cooldown',
  'outside-hours',
  'no-approver',
  'malformed-record', // a matching record cannot be read, so it cannot allow anything
  'policy-unreadable',
  'directory-unreadable',
  'frozen',
  'locked', // an operator has locked this person
  // What a click runs into
  'unknown-request',
  'not-yours',
  'not-approver',
  'own-request',
  'already-voted',
  'nobody-else', // no other approver to hand the request on to
  'nudged-lately', // the approvers were reminded a short while ago
  'not-begun', // access has not begun, so there is no activity to read
  'already-reported',
  'asked-lately', // the activity so far was read a moment ago
  'already-decided',
  'request-expired',
  'already-ended',
  'access-changed', // the access was extended or joined after the caller last saw it
  'already-waiting', // at most one waiting request and one with a later start per person and target
  'not-auditor', // the caller is neither an auditor nor an operator
  'not-operator',
  'own-lock', // operators cannot lift their own lock
  'sessions-denied', // the lock also denies running sessions; only `glasshammer unlock` allows them again
  'unknown-proposal',
  'policy-errors', // the proposed policies do not pass the check
  'no-change', // the table holds exactly these policies
  'too-many-policies', // more changes than one write can hold
  'removes-policies', // removes more policies than the proposer said
  'policies-changed', // the policies changed after the proposal was made
  'other-text', // the accepted text is not the text that the operator looked at
  'own-proposal', // also where the proposer's other Identity Center user accepts
  'proposer-not-operator', // the proposer is no operator any more, or is locked
  'proposal-expired',
  'proposal-over', // already accepted or withdrawn
  'nothing-to-answer',
  'nothing-to-review',
  'nothing-held', // the person has no access to end or to extend
  // What the grant runs into
  'no-longer-allowed',
  'access-over', // the access that the request extends has ended
  'grant-failed',
] as const;

export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** A refusal value, with the detail its sentence shows. */
export function refusal(reason: RefusalReason, detail?: string): Refusal {
  return detail === undefined ? { reason } : { reason, detail };
}
