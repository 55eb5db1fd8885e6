import { arnName, isOperator } from '../../model/actor-name.ts';
import type { Refusal } from '../../model/refusal.ts';
import { type AccessRequest, SYSTEM_ACTOR } from '../../model/request.ts';
import { isGroupTarget } from '../../model/target.ts';
import { oneLine } from '../../model/text.ts';
import type { Hand } from './outcome-words.ts';

/** The longest note shown in a mail. Characters. */
const NOTE = 500;

/** `2026-01-05 09:00 UTC`: in UTC, because the reader's time zone is not known. An unreadable instant is a dash. */
export function minute(iso: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? '–' : `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** From when to when; the day is named only once when both instants are on it. */
export function span(from: string, to: string): string {
  const [first, last] = [minute(from), minute(to)];
  return first.slice(0, 10) === last.slice(0, 10)
    ? `${first.slice(0, 16)} to ${last.slice(11)}`
    : `${first} to ${last}`;
}

/** `ReadOnlyAccess in Production`, `membership in On-call`. */
export function whatWords({ target, names }: Pick<AccessRequest, 'target' | 'names'>): string {
  if (isGroupTarget(target)) return `membership in ${oneLine(names.groupName || target.groupId, 80)}`;
  const set = oneLine(names.permissionSetName || target.permissionSetArn, 80);
  return `${set} in ${oneLine(names.accountName || target.accountId, 80)}`;
}

/** The requester, by name. */
export function whoAsked({ requester }: Pick<AccessRequest, 'requester'>): string {
  return oneLine(requester.displayName || requester.userName || requester.principalId, 80);
}

/**
 * Writes the parts of sentences about a request for a mail: plain text.
 *
 * @param isTheirs the mail is for the requester, who is addressed as `you`
 * @param refusalWords the text of a refusal, without mention of Slack
 */
export function mailHand(
  request: AccessRequest,
  { isTheirs, refusalWords }: { readonly isTheirs: boolean; readonly refusalWords: (refusal: Refusal) => string },
): Hand {
  const what = whatWords(request);
  return {
    person: (id) => personWords(id, request, isTheirs),
    date: minute,
    words: (text = '') => (text.trim() === '' ? '' : oneLine(text, NOTE)),
    note: (text) => (text.trim() === '' ? '' : `“${oneLine(text, NOTE)}”`),
    refusal: (refusal) => oneLine(refusalWords(refusal).replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, minute), 1000),
    what,
    access: isGroupTarget(request.target) ? what : `access to ${what}`,
  };
}

function personWords(id: string, request: AccessRequest, isTheirs: boolean): string {
  const { requester, events } = request;
  if (id === SYSTEM_ACTOR) return 'Glasshammer';
  if (id === '') return 'somebody unknown';
  if (id === requester.principalId || id === requester.slackId) return isTheirs ? 'you' : whoAsked(request);
  const name = events.findLast(({ by, byName = '' }) => by === id && byName !== '')?.byName ?? arnName(id);
  if (isOperator(id)) return name === undefined ? 'an operator' : `the operator ${oneLine(name, 80)}`;
  return oneLine(name ?? id, 80);
}
