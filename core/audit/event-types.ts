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
  requested: 'a person asked for access',
  refused: 'the request was refused; the note says why',
  pending: 'the request waits for approval',
  vote: 'an approver voted',
  reminded: 'the approvers were reminded',
  escalated: 'further approvers were asked',
  claimed: 'an approver said that they are looking at the request',
  'handed-on': 'an approver left the request to another; the note says to whom',
  mailed: 'mails were sent; the note says about what',
  nudged: 'the requester had the approvers mentioned again',
  approved: 'access may be granted',
  denied: 'an approver denied the request',
  expired: 'nobody decided in time, or the time that was asked for is over',
  cancelled: 'the request was cancelled before access began',
  scheduled: 'the request waits for its start',
  'duration-shortened': 'the time became shorter than was asked for',
  granting: 'Identity Center was asked for the assignment or the membership',
  joined: 'the request added its time to access that the person already had; the note names that access',
  extended: 'the access lasts longer; the note says by which request and until when',
  granted: 'Identity Center confirmed the access',
  active: 'the person has access',
  warned: 'the person was warned that access ends soon',
  ending: 'access is being taken back',
  'removal-retried': 'Identity Center did not remove the access and was asked again',
  'workflow-stopped': 'the workflow died, and its clean-up began',
  ended: 'access was removed, or it stays for the reason in the note',
  failed: 'access was never confirmed; the note says why',
  'sessions-cut': 'sessions begun before the end are denied; the program read the denying policy back',
  'sessions-cut-failed': 'sessions begun before the end could not be denied yet; the note says why',
  'sessions-left': 'sessions begun before the end are not denied and run until they expire; the note says why',
  'removed-by-others': 'somebody else removed the access',
  'made-standing': 'somebody else gave the same access meanwhile, so it stays at the end of the request',
  reported: 'the final edition of the report was sent',
  'activity-unreadable': 'the report could not read what was done',
  'first-report': 'the first edition of the report was sent; the final one follows',
  'report-addendum': 'an addendum to the report was sent, because something came to light after the final edition',
  'report-unsent': 'the report could not be sent; the note says why, and whether it was given up',
  'report-resent': 'an operator had the report sent again',
  'review-owed': 'break-glass access waits for its review',
  reviewed: 'break-glass access was reviewed',
  answered: "the person answered the reviewer's question",
  'policy-pushed':
    'an operator wrote policies into the access table; if it was an accepted proposal, the note says who proposed it and has the hash of its text',
  'policy-proposed':
    'an operator proposed a change of the policies, which another has to accept; the note has the hash of its text',
  'policy-withdrawn': 'an operator withdrew a proposed change of the policies, or rejected it',
  'principal-set': 'an operator linked a Slack user to an Identity Center user',
  'principal-removed': 'an operator removed the link of a Slack user to an Identity Center user',
  'record-changed':
    'a record in the access table was created, changed or removed, by a command or by hand; the note has the difference',
  frozen: 'an operator stopped all new access',
  thawed: 'an operator allowed new access again',
  locked: 'an operator locked a person: no new access, and all sessions are denied where there is a session guard',
  unlocking:
    'an operator began to unlock a person whose sessions were denied: from now on session guards may allow them again',
  unlocked: 'an operator unlocked a person',
  swept:
    'the sweep found access that had not ended, or something failed; the subjects are the requests and assignments it found',
  'record-lost':
    'a workflow gave access, and at its end the table had no record of it; the subjects are the request and the assignment',
  'drift-found': 'an assignment or a membership was made or removed outside of Glasshammer',
  'drift-mode': 'an operator set the drift mode: drift is only reported, or also removed',
  'action-refused':
    'an action in Slack or a call of the API was refused; the note says which and why. A refused ask for access is a `refused` instead',
  'call-forged':
    'a call that claims to be from Slack had no valid signature or an old one: one event for each hour and reason; the note has the reason, and the metric counts the calls',
  'history-removed': 'somebody deleted the history of a request, or a fact, from the table',
  'history-rewritten': 'somebody changed the history of a request, or a fact, in the table',
  'silent-edit':
    'somebody changed a request or a lease, and no event in the history says so; the note says what changed',
};
