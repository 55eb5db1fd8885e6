/**
 * Why something a person asked for is not done. A refusal is a value, never an exception: each reason has one sentence in
 * `slack/sentences.ts` and is written to the audit as it stands.
 */
export interface Refusal {
  readonly reason: RefusalReason;
  /** What the sentence needs: names, ids, limits. Plain text, not yet escaped. */
  readonly detail?: string;
}

export const REFUSAL_REASONS = [
  // Who is asking
  'unknown-user', // no principal record and no e-mail match
  'malformed-principal-record', // `principal#…` exists but cannot be read
  'ambiguous-identity', // two identities match one person
  'principal-not-found', // the record names a user Identity Center does not have
  'principal-disabled',
  'slack-user-unreadable', // Slack did not tell us who this is
  'other-workspace',
  'guest',
  'bot',
  'deactivated-user',
  'slack-connect-user',
  'caller-unproven', // AWS has not proven who calls, or what it says does not agree
  // What is asked
  'unreadable-button',
  'unknown-account',
  'account-not-active',
  'unknown-permission-set',
  'unknown-group',
  'malformed-duration',
  // Whether it is allowed
  'not-allowed', // no path
  'denied-by-policy',
  'left-out', // the configuration gives nobody this, whatever a policy says
  'too-long',
  'reason-required',
  'ticket-required',
  'hold-limit', // with what is held already it would be too long without a break
  'per-day',
  'cooldown',
  'outside-hours',
  'no-approver',
  'malformed-record', // a matching record is unreadable, so it cannot allow
  'policy-unreadable',
  'directory-unreadable',
  'frozen',
  'locked', // an operator has locked this person
  // What a click finds
  'unknown-request',
  'not-yours',
  'not-approver',
  'own-request',
  'already-voted',
  'nobody-else', // nobody to hand it on to
  'nudged-lately', // the approvers were reminded a short while ago
  'not-begun', // there was no access yet, so nothing was done with it
  'already-reported',
  'asked-lately', // what was done so far was read a moment ago
  'already-decided',
  'request-expired',
  'already-ended',
  'access-changed', // it is not any more what was seen before it was to be ended
  'already-waiting', // one request that waits, and one that begins later, per person and target
  'not-auditor', // neither an auditor nor an operator
  'not-operator',
  'own-lock', // nobody lifts their own lock
  'sessions-denied', // the lock denies running sessions, too, which only the command that denied them allows again
  'unknown-proposal',
  'policy-errors', // what is proposed does not pass the check
  'no-change', // the table holds exactly these policies
  'too-many-policies', // more than can be written at once
  'removes-policies', // it removes more than was said
  'policies-changed', // not any more what it was made against
  'other-text', // not the text that was looked at
  'own-proposal', // also of the same person's other user
  'proposer-not-operator', // not any more
  'proposal-expired',
  'proposal-over', // accepted or withdrawn already
  'nothing-to-answer',
  'nothing-to-review',
  'nothing-held', // nothing to end or to extend
  // What the grant finds
  'no-longer-allowed',
  'access-over', // it was to extend access that has ended meanwhile
  'grant-failed',
] as const;

export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** A refusal value, with the detail its sentence shows. */
export function refusal(reason: RefusalReason, detail?: string): Refusal {
  return detail === undefined ? { reason } : { reason, detail };
}
