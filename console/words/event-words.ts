import type { EventType } from '../../core/model/request.ts';
import type { RequestDetail } from '../../lambdas/api/document/schemas.ts';

type Event = RequestDetail['history'][number];

/** What each event says happened. The person who did it is shown beside it. */
const HAPPENED: Readonly<Record<EventType, string>> = {
  requested: 'Asked for',
  refused: 'Refused',
  pending: 'The approvers were asked',
  denied: 'Denied',
  expired: 'Expired',
  cancelled: 'Taken back',
  approved: 'Approved',
  scheduled: 'Waits for its start',
  joined: 'Became part of access that was there',
  granting: 'Identity Center was asked to give it',
  active: 'The access is there',
  ending: 'It is being taken back',
  ended: 'The access is gone',
  failed: 'It could not be taken back',
  reported: 'The report was sent',
  granted: 'Given',
  extended: 'Extended',
  vote: 'Voted',
  reminded: 'The approvers were reminded',
  escalated: 'More approvers were asked',
  claimed: 'Somebody looks at it',
  'handed-on': 'Handed on to the other approvers',
  mailed: 'People were written to by mail',
  nudged: 'The approvers were asked again',
  warned: 'Told that the end is near',
  'removal-retried': 'The removal was tried again',
  'workflow-stopped': 'The workflow stopped; it was taken back without it',
  'activity-unreadable': 'What was done could not be read',
  'report-unsent': 'The report could not be sent',
  'first-report': 'A first report was sent',
  'report-addendum': 'The report was added to',
  'report-resent': 'The report was sent again',
  'review-owed': 'A review is owed',
  reviewed: 'Reviewed',
  answered: 'Answered',
  'removed-by-others': 'Removed by somebody else',
  'made-standing': 'Made standing by somebody else',
  'duration-shortened': 'Shortened',
  'sessions-cut': 'Sessions that were open were cut off',
  'sessions-cut-failed': 'Open sessions could not be cut off',
  'sessions-left': 'Open sessions run out by themselves',
};

/** An event's type in a few words. A type that this page does not know is shown by its own name. */
export function eventWords(type: string): string {
  return HAPPENED[type as EventType] ?? type;
}

/** The name of the person who caused the event; `undefined` for an event of Glasshammer itself. */
export function whoDid({ by }: Pick<Event, 'by'>, { requester, history }: RequestDetail): string | undefined {
  if (by === 'glasshammer') return undefined;
  if (by === requester.userId) return requester.displayName;
  // Only some events carry the person's name; the others have their id alone.
  return history.find((event) => event.by === by && event.byName !== null)?.byName ?? by;
}
