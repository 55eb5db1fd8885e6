/**
 * The ids of everything that is stored, in one place, so that no two kinds of items can ever share one. A request's id alone has no
 * prefix. They are published: operators and their tools look for them, so they only grow.
 */

/** Records of the access table: who may have what, written by operators alone. */
export const ACCESS_PREFIX = 'access#';
export const PRINCIPAL_PREFIX = 'principal#';
export const POLICY_PREFIX = 'policy#';

export const PERSON_PREFIX = 'person#';

/** How the ids of items in the request table begin; a request's id has no such beginning. */
export const ITEM_PREFIXES = {
  assignment: 'assignment#',
  membership: 'membership#',
  click: 'click#',
  drift: 'drift#',
  heartbeat: 'heartbeat#',
  guardLock: 'guard-lock#',
  removed: 'removed#',
  report: 'report#',
  review: 'review#',
  usage: 'usage#',
  lately: 'lately#',
  made: 'made#',
  vote: 'vote#',
  proposal: 'proposal#',
} as const;

/** Facts of the audit that belong to no request. */
export const FACT_PREFIX = 'audit#';

/** Facts of actions that were refused: apart, so that whoever writes them can write no other fact. */
export const REFUSAL_PREFIX = 'refused#';

/** Facts of changed records of the access table: apart, for the same reason. */
export const RECORD_CHANGE_PREFIX = 'changed#';

/** Facts of freezes and locks, and of their end: apart, for the same reason. */
export const STOP_FACT_PREFIX = 'stopped#';

/** Facts of proposed changes of the policies, and of what became of them: apart, for the same reason. */
export const PROPOSAL_FACT_PREFIX = 'proposed#';

/** Facts of access that no record spoke of when it was taken back: apart, for the same reason. */
export const LOST_FACT_PREFIX = 'lost#';

/** The operator's freeze. */
export const FREEZE_ID = 'control#freeze';
/** How the id of a person's lock begins. */
export const LOCK_PREFIX = 'control#lock#';
/** Says which version of the access table is the newest. */
export const ACCESS_VERSION_ID = 'control#access-version';
/** Whether drift is only told of, or acted upon. */
export const DRIFT_MODE_ID = 'control#drift';
/** Which version of the schema the tables have. */
export const SCHEMA_ID = 'control#schema';
/** Where the full pass over everything provisioned stands. */
export const DRIFT_PASS_ID = 'drift#pass';

/** When the sweep was last done. */
export const SWEPT_ID = 'heartbeat#sweep';

/** When operators were told of a proposed change of the policies. */
export function proposalToldId(id: string): string {
  return `${ITEM_PREFIXES.heartbeat}told#${id}`;
}

/** When a change of an assignment was last heard of from an account. */
export function heardId(accountId: string): string {
  return `${ITEM_PREFIXES.heartbeat}heard#${accountId}`;
}

/** The leases of one assignment. */
export function assignmentId(principalId: string, accountId: string, permissionSetArn: string): string {
  return `${ITEM_PREFIXES.assignment}${principalId}#${accountId}#${permissionSetArn}`;
}

/** The leases of one membership. */
export function membershipId(principalId: string, groupId: string): string {
  return `${ITEM_PREFIXES.membership}${principalId}#${groupId}`;
}

/** The record that links a Slack user to an Identity Center user. */
export function principalRecordId(slackId: string): string {
  return `${PRINCIPAL_PREFIX}${slackId}`;
}

/** The record that gives one permission set in one account; `holder` is a user's or group's id, or the permission set's name and ARN. */
export function accessRecordId(accountId: string, ...holder: readonly string[]): string {
  return `${ACCESS_PREFIX}${[accountId, ...holder].join('#')}`;
}

/** A fact for the audit. */
export function factId(rest: string): string {
  return `${FACT_PREFIX}${rest}`;
}

/** A freeze or a lock, or the end of one. */
export function stopFactId(rest: string): string {
  return `${STOP_FACT_PREFIX}${rest}`;
}

/** Access that no record spoke of. */
export function lostFactId(rest: string): string {
  return `${LOST_FACT_PREFIX}${rest}`;
}

/** A proposed change of the policies, or what became of one. */
export function proposalFactId(rest: string): string {
  return `${PROPOSAL_FACT_PREFIX}${rest}`;
}

/** A proposed change of the policies. @param id as people name it */
export function proposalId(id: string): string {
  return `${ITEM_PREFIXES.proposal}${id}`;
}

/** A refused action. */
export function refusalId(rest: string): string {
  return `${REFUSAL_PREFIX}${rest}`;
}

/** A changed record. @param sequenceNumber of the write, in the stream of the access table */
export function recordChangeId(sequenceNumber: string): string {
  return `${RECORD_CHANGE_PREFIX}${sequenceNumber}`;
}

/** When we last removed an assignment, and which access ended when by that. @param key the id of its leases */
export function removedId(key: string): string {
  return `${ITEM_PREFIXES.removed}${key}`;
}

/** That one of our roles made an assignment. @param key the id of its leases */
export function madeId(key: string): string {
  return `${ITEM_PREFIXES.made}${key}`;
}

/** What is remembered of drift. @param key the id of the assignment's leases */
export function driftId(key: string): string {
  return `${ITEM_PREFIXES.drift}${key}`;
}

/** The lock of a person. */
export function lockId(principalId: string): string {
  return `${LOCK_PREFIX}${principalId}`;
}

/** Who writes the session guard of an account now. */
export function guardLockId(accountId: string): string {
  return `${ITEM_PREFIXES.guardLock}${accountId}`;
}

/** What was given before of a target, and until when. @param key the id of the assignment's leases */
export function usageId(key: string): string {
  return `${ITEM_PREFIXES.usage}${key}`;
}

/** How often it was had. @param key the id of the assignment's leases */
export function latelyId(key: string): string {
  return `${ITEM_PREFIXES.lately}${key}`;
}

/** What a person had lately, of all targets: for their form alone. */
export function recentId(principalId: string): string {
  return `${ITEM_PREFIXES.lately}recent#${principalId}`;
}

/** The same as it was kept beside what was given; only read. */
export function earlierRecentId(principalId: string): string {
  return `${ITEM_PREFIXES.usage}recent#${principalId}`;
}

/** An edition of the report of a request; the final one has the id that reports had before there were several. */
export function reportId(requestId: string, edition = 'final'): string {
  return `${ITEM_PREFIXES.report}${requestId}${edition === 'final' ? '' : `#${edition}`}`;
}

/** When the report of a request is looked at again. */
export function reportLookId(requestId: string): string {
  return `${reportId(requestId)}#look`;
}

/** The votes that were cast on a request. */
export function voteId(requestId: string): string {
  return `${ITEM_PREFIXES.vote}${requestId}`;
}

/** A part of the list of calls of a request's report. */
export function reportCallsId(requestId: string, part: number, edition = 'final'): string {
  return `${reportId(requestId, edition)}#calls#${part}`;
}

/** When what was done so far with an access was last read. */
export function soFarId(requestId: string): string {
  return `${reportId(requestId)}#so-far`;
}

/** The review a request owes. */
export function reviewId(requestId: string): string {
  return `${ITEM_PREFIXES.review}${requestId}`;
}

/** A button that was pressed. @param key equal for presses of the same button by the same person */
export function clickId(key: string): string {
  return `${ITEM_PREFIXES.click}${key}`;
}

/** The place that a person's one waiting request for a target takes. @param key the id of the assignment's leases */
export function waitingPlaceKey(key: string): string {
  return `waiting:${key}`;
}

/** The place that a person's one request for a target that begins later takes. @param key the id of the assignment's leases */
export function futurePlaceKey(key: string): string {
  return `future:${key}`;
}

/** The attribute that says when a person held a target, in the item of its use. */
export function holdAttribute(accessId: string): string {
  return `${HOLD_PREFIX}${accessId}`;
}

/** The attribute that says when an access was taken back, in the item of removals. */
export function endAttribute(accessId: string): string {
  return `end:${accessId}`;
}

/** The attribute beside it that says until when the votes on the request count. */
export function turnAttribute(requestId: string): string {
  return `turn:${requestId}`;
}

export const HOLD_PREFIX = 'hold:';
