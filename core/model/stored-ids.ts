/**
 * The ids of all stored items, in one place, so that two kinds of items never share an id. Only a request's id has no
 * prefix. The ids are published, because operators and their tools search for them: kinds are added, never changed.
 */

/** Records of the access table, which say who may have what. Only operators write them. */
export const ACCESS_PREFIX = 'access#';
export const PRINCIPAL_PREFIX = 'principal#';
export const POLICY_PREFIX = 'policy#';

export const PERSON_PREFIX = 'person#';

/** Prefixes of the ids in the request table; a request's id has none. */
export const ITEM_PREFIXES = {
  assignment: 'assignment#',
  membership: 'membership#',
  click: 'click#',
  drift: 'drift#',
  heartbeat: 'heartbeat#',
  compared: 'compared#',
  guardLock: 'guard-lock#',
  removed: 'removed#',
  report: 'report#',
  review: 'review#',
  usage: 'usage#',
  lately: 'lately#',
  made: 'made#',
  vote: 'vote#',
  granted: 'granted#',
  proposal: 'proposal#',
} as const;

/** Audit facts that belong to no request. */
export const FACT_PREFIX = 'audit#';

/** Facts about refused actions. A prefix of their own, so that a role may write these and no other facts. */
export const REFUSAL_PREFIX = 'refused#';

/** Facts about changed records of the access table. A prefix of their own for the same reason. */
export const RECORD_CHANGE_PREFIX = 'changed#';

/** Facts about freezes and locks, and their end. A prefix of their own for the same reason. */
export const STOP_FACT_PREFIX = 'stopped#';

/** Facts about proposed policy changes and their outcome. A prefix of their own for the same reason. */
export const PROPOSAL_FACT_PREFIX = 'proposed#';

/** Facts about access that was removed though no record mentioned it. A prefix of their own for the same reason. */
export const LOST_FACT_PREFIX = 'lost#';

/** The operator's freeze. */
export const FREEZE_ID = 'control#freeze';
/** Prefix of the id of a person's lock. */
export const LOCK_PREFIX = 'control#lock#';
/** Holds the number of the newest version of the access table. */
export const ACCESS_VERSION_ID = 'control#access-version';
/** Whether drift is only reported, or also removed. */
export const DRIFT_MODE_ID = 'control#drift';
/** Holds the schema version of the tables. */
export const SCHEMA_ID = 'control#schema';
/** The position of the full pass over all provisioned assignments. */
export const DRIFT_PASS_ID = 'drift#pass';

/** When the last sweep finished. */
export const SWEPT_ID = 'heartbeat#sweep';
/** How far the sweep has compared the executions of the workflow with the requests. */
export const COMPARED_ID = 'compared#executions';

/** When operators were notified of a proposed policy change. */
export function proposalToldId(id: string): string {
  return `${ITEM_PREFIXES.heartbeat}told#${id}`;
}

/** When the last event about a changed assignment arrived from an account. */
export function heardId(accountId: string): string {
  return `${ITEM_PREFIXES.heartbeat}heard#${accountId}`;
}

/** The item with the leases of one assignment. */
export function assignmentId(principalId: string, accountId: string, permissionSetArn: string): string {
  return `${ITEM_PREFIXES.assignment}${principalId}#${accountId}#${permissionSetArn}`;
}

/** The item with the leases of one membership. */
export function membershipId(principalId: string, groupId: string): string {
  return `${ITEM_PREFIXES.membership}${principalId}#${groupId}`;
}

/** The record that links a Slack user to an Identity Center user. */
export function principalRecordId(slackId: string): string {
  return `${PRINCIPAL_PREFIX}${slackId}`;
}

/**
 * The record that gives one permission set in one account. `holder` is the id of a user or group, or the name and ARN
 * of the permission set.
 */
export function accessRecordId(accountId: string, ...holder: readonly string[]): string {
  return `${ACCESS_PREFIX}${[accountId, ...holder].join('#')}`;
}

/** An audit fact that belongs to no request. */
export function factId(rest: string): string {
  return `${FACT_PREFIX}${rest}`;
}

/** A fact about a freeze or a lock, or its end. */
export function stopFactId(rest: string): string {
  return `${STOP_FACT_PREFIX}${rest}`;
}

/** A fact about removed access that no record mentioned. */
export function lostFactId(rest: string): string {
  return `${LOST_FACT_PREFIX}${rest}`;
}

/** A fact about a proposed policy change or its outcome. */
export function proposalFactId(rest: string): string {
  return `${PROPOSAL_FACT_PREFIX}${rest}`;
}

/** A proposed policy change. @param id as shown to people */
export function proposalId(id: string): string {
  return `${ITEM_PREFIXES.proposal}${id}`;
}

/** A fact about a refused action. */
export function refusalId(rest: string): string {
  return `${REFUSAL_PREFIX}${rest}`;
}

/** A fact about a changed record. @param sequenceNumber of the write, in the stream of the access table */
export function recordChangeId(sequenceNumber: string): string {
  return `${RECORD_CHANGE_PREFIX}${sequenceNumber}`;
}

/**
 * When Glasshammer last removed an assignment, and which accesses ended by it and when.
 *
 * @param key the id of its leases
 */
export function removedId(key: string): string {
  return `${ITEM_PREFIXES.removed}${key}`;
}

/** That a role of Glasshammer created an assignment, according to CloudTrail. @param key the id of its leases */
export function madeId(key: string): string {
  return `${ITEM_PREFIXES.made}${key}`;
}

/** What is stored about drift of an assignment. @param key the id of the assignment's leases */
export function driftId(key: string): string {
  return `${ITEM_PREFIXES.drift}${key}`;
}

/** The lock of a person. */
export function lockId(principalId: string): string {
  return `${LOCK_PREFIX}${principalId}`;
}

/** The lock of an account's session guard: which writer may change the guard now. */
export function guardLockId(accountId: string): string {
  return `${ITEM_PREFIXES.guardLock}${accountId}`;
}

/** When access to a target was given before, and until when. @param key the id of the assignment's leases */
export function usageId(key: string): string {
  return `${ITEM_PREFIXES.usage}${key}`;
}

/** How often a person had a target. @param key the id of the assignment's leases */
export function latelyId(key: string): string {
  return `${ITEM_PREFIXES.lately}${key}`;
}

/** The targets that a person had lately. Only for suggestions in their request form. */
export function recentId(principalId: string): string {
  return `${ITEM_PREFIXES.lately}recent#${principalId}`;
}

/** Where earlier versions stored the targets that a person had lately. Read, but not written any more. */
export function earlierRecentId(principalId: string): string {
  return `${ITEM_PREFIXES.usage}recent#${principalId}`;
}

/** An edition of a request's report. The final one has the plain id, from the time before there were several. */
export function reportId(requestId: string, edition = 'final'): string {
  return `${ITEM_PREFIXES.report}${requestId}${edition === 'final' ? '' : `#${edition}`}`;
}

/** When CloudTrail is read again for the report of a request. */
export function reportLookId(requestId: string): string {
  return `${reportId(requestId)}#look`;
}

/** The votes that were cast on a request. */
export function voteId(requestId: string): string {
  return `${ITEM_PREFIXES.vote}${requestId}`;
}

/** One part of the list of calls in a request's report. */
export function reportCallsId(requestId: string, part: number, edition = 'final'): string {
  return `${reportId(requestId, edition)}#calls#${part}`;
}

/** When the activity of a running access was last read. */
export function soFarId(requestId: string): string {
  return `${reportId(requestId)}#so-far`;
}

/** What the grant gave by a request. */
export function grantedId(requestId: string): string {
  return `${ITEM_PREFIXES.granted}${requestId}`;
}

/** The review a request owes. */
export function reviewId(requestId: string): string {
  return `${ITEM_PREFIXES.review}${requestId}`;
}

/** A pressed button. @param key the idempotency key: equal for presses of the same button by the same person */
export function clickId(key: string): string {
  return `${ITEM_PREFIXES.click}${key}`;
}

/**
 * The place for a person's waiting request for a target, so that there is only one.
 *
 * @param key the id of the assignment's leases
 */
export function waitingPlaceKey(key: string): string {
  return `waiting:${key}`;
}

/**
 * The place for a person's request for a target with a later start, so that there is only one.
 *
 * @param key the id of the assignment's leases
 */
export function futurePlaceKey(key: string): string {
  return `future:${key}`;
}

/** In the item of `usageId`: the attribute with the start and end of one access. */
export function holdAttribute(accessId: string): string {
  return `${HOLD_PREFIX}${accessId}`;
}

/** In the item of `removedId`: the attribute with the actual end of one access. */
export function endAttribute(accessId: string): string {
  return `end:${accessId}`;
}

/** In the item of `usageId`: the attribute that says until when the votes on the request of that hold count. */
export function turnAttribute(requestId: string): string {
  return `turn:${requestId}`;
}

export const HOLD_PREFIX = 'hold:';
