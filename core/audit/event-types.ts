import type { EventType } from '../model/request.ts';

/**
 * Types of facts that belong to no request: what operators changed, what the sweep and the drift check found, refused
 * actions, and tampering with the history.
 */
export type FactType =
  | 'policy-pushed'
  | 'policy-proposed'
  | 'policy-withdrawn'
  | 'principal-set'
  | 'principal-removed'
  | 'record-changed'
  | 'frozen'
  | 'thawed'
  | 'locked'
  | 'unlocking'
  | 'unlocked'
  | 'swept'
  | 'record-lost'
  | 'drift-found'
  | 'drift-mode'
  | 'action-refused'
  | 'call-forged'
  | 'history-removed'
  | 'history-rewritten'
  | 'silent-edit';

/** Every type of audit event, with the sentence that docs/audit.md has for it. */
export const AUDIT_TYPES: Readonly<Record<EventType | FactType, string>> = {
  requested: 'somebody asked for access',
  refused: 'it was not allowed; the note says why',
  pending: 'it waits for approval',
  vote: 'an approver voted',
  reminded: 'the approvers were reminded',
  escalated: 'further approvers were asked',
  claimed: 'an approver said that they are looking at it',
  'handed-on': 'an approver left it to another; the note says to whom',
  mailed: 'people were written to by mail; the note says about what',
  nudged: 'the person had the approvers mentioned once more',
  approved: 'it may be granted',
  denied: 'an approver said no',
  expired: 'nobody answered in time',
  cancelled: 'it was taken back before it began',
  scheduled: 'it waits for its start',
  'duration-shortened': 'it became shorter than was asked for',
  granting: 'Identity Center was asked for the assignment',
  joined: 'its time became part of the access the person had already; the note names it',
  extended: 'the access lasts longer; the note says by which request and until when',
  granted: 'access is there',
  active: 'access is there',
  warned: 'the person was warned of the end',
  'end-asked': 'the person asked for the end',
  ending: 'access is being taken back',
  'removal-retried': 'Identity Center did not take it back and was asked again',
  'workflow-stopped': 'the workflow died, and its clean-up began',
  ended: 'access is gone, or kept for the reason in the note',
  failed: 'there never was access',
  'sessions-cut': 'sessions begun before the end are denied, and that was read back',
  'sessions-cut-failed': 'sessions begun before the end could not be denied yet; the note says why',
  'sessions-left': 'sessions begun before the end run out by themselves; the note says why nothing can deny them',
  'removed-by-others': 'somebody else took the access away',
  'made-standing': 'somebody else gave the same access meanwhile, so it stays',
  reported: 'the report was sent, in its final edition',
  'activity-unreadable': 'the report could not see what was done',
  'first-report': 'the first edition of the report was sent; the final one follows',
  'report-addendum': 'an addendum to the report was sent, because something came to light after the final edition',
  'report-unsent': 'the report could not be sent; the note says why, and whether it was given up',
  'report-resent': 'an operator had the report sent again',
  'review-owed': 'a broken glass waits for its review',
  reviewed: 'a broken glass was reviewed',
  answered: 'the person answered what the reviewer asked',
  'policy-pushed':
    'an operator wrote policies into the access table; of an accepted proposal, the note says who proposed it and the hash of its text',
  'policy-proposed':
    'an operator proposed a change of the policies, which another has to accept; the note has the hash of its text',
  'policy-withdrawn': 'an operator took a proposed change of the policies back, or turned it down',
  'principal-set': 'an operator wrote who a Slack user is',
  'principal-removed': 'an operator removed who a Slack user is',
  'record-changed': 'a record of the access table became another, whoever wrote it; the note says what is different',
  frozen: 'an operator stopped all new access',
  thawed: 'an operator allowed new access again',
  locked: 'an operator locked a person: no new access, and every session denied where there is a guard',
  unlocking:
    'an operator began to unlock a person whose sessions were denied: from then on guards may allow them again',
  unlocked: 'an operator unlocked a person',
  swept:
    'the sweep found something that had not ended, or failed at something; it names the requests, and what was there by principal, account and permission set',
  'record-lost':
    'a workflow had given access of which no record spoke when it came to take it back; it names the request, and what was given by principal, account and permission set',
  'drift-found': 'an assignment was made or removed outside of Glasshammer',
  'drift-mode': 'an operator said whether drift is only told of or acted upon',
  'action-refused':
    'somebody was refused what they pressed, sent or called, because they may not or came too late; the note says what and why, and a refused ask is a `refused` instead',
  'call-forged':
    'calls came in that Slack did not send, or not just now: one event for each hour and reason, which the note names; the metric counts them',
  'history-removed': 'somebody deleted the history of a request, or a fact, from the table',
  'history-rewritten': 'somebody changed history in the table',
  'silent-edit': 'somebody changed a request or a lease without a word of it in the history; the note says what',
};
