import { durationWords, formatDuration, parseDuration } from '../../core/model/duration.ts';
import { STATES } from '../../core/model/life-cycle.ts';
import type { RequestState } from '../../core/model/request.ts';
import type { RequestDetail, RequestView } from '../../lambdas/api/document/schemas.ts';
import type { WantedTarget } from '../parts/route.ts';

/** An ISO 8601 length in seconds; 0 for `null` or a malformed length. */
export function lengthOf(iso: string | null): number {
  return parseDuration(iso ?? '') ?? 0;
}

/** An ISO 8601 length in words: `1 hour 30 minutes`. */
export function lengthWords(iso: string): string {
  return durationWords(lengthOf(iso));
}

/** The time left: `1:02:03` or `02:03`; from two days on, whole days. @param ms milliseconds */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  if (seconds >= 2 * 86_400) return `${Math.floor(seconds / 86_400)} days`;
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}

/** How long ago something was: `just now`, `5m ago`, `2h ago`. @param ms milliseconds */
export function ago(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return 'just now';
  const unit = seconds < 3600 ? 60 : seconds < 86_400 ? 3600 : 86_400;
  return `${formatDuration(Math.floor(seconds / unit) * unit)} ago`;
}

/** Day and time in the reader's time zone; the day is left out where it is today. @param now milliseconds */
export function when(iso: string, now: number): string {
  const at = new Date(iso);
  const isToday = at.toDateString() === new Date(now).toDateString();
  return at.toLocaleString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    ...(isToday ? {} : { day: 'numeric', month: 'short' }),
  });
}

/** Date and time to the second, with the time zone. */
export function exactly(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' });
}

/** The account and permission set, or the group. */
export function targetWords({ target }: Pick<RequestView, 'target'>): string {
  if (target.groupId !== undefined) return `Group ${target.groupName ?? target.groupId}`;
  return `${target.permissionSet ?? target.permissionSetArn} in ${target.accountName ?? target.accountId}`;
}

/** The account and permission set, or the group, of a target that the requester selected. */
export function wantedWords({ accountId, accountName, permissionSet, groupId, groupName }: WantedTarget): string {
  return groupId === undefined ? `${permissionSet} in ${accountName ?? accountId}` : `Group ${groupName ?? groupId}`;
}

type Kind = 'success' | 'info' | 'pending' | 'in-progress' | 'stopped' | 'error' | 'warning';

const IN_STATE: Readonly<Record<RequestState, readonly [Kind, string]>> = {
  requested: ['pending', 'Being decided'],
  pending: ['pending', 'Waits for approval'],
  approved: ['in-progress', 'Approved'],
  scheduled: ['pending', 'Starts later'],
  granting: ['in-progress', 'Being given'],
  active: ['success', 'Active'],
  ending: ['in-progress', 'Being taken back'],
  ended: ['stopped', 'Ended'],
  reported: ['stopped', 'Ended and reported'],
  joined: ['info', 'Part of an earlier access'],
  refused: ['error', 'Refused'],
  denied: ['error', 'Denied'],
  expired: ['stopped', 'Expired'],
  cancelled: ['stopped', 'Taken back'],
  failed: ['warning', 'Could not be taken back'],
};

/** How a state is shown. A state that this page does not know is shown by its own name. */
export function stateWords(state: string): { readonly kind: Kind; readonly words: string } {
  const [kind, words] = IN_STATE[state as RequestState] ?? ['info', state];
  return { kind, words };
}

/** May the access exist now? */
export function holds(state: string): boolean {
  return STATES[state as RequestState]?.phase === 'holding';
}

/** Does the request wait for approvers or for its start? */
export function waits(state: string): boolean {
  return STATES[state as RequestState]?.phase === 'waiting';
}

/** Names to choose among: `Cleo, Dan or Ed`, `Cleo, Dan, Ed or 2 others`. @param count the number of people in all */
export function someOf(names: readonly string[], count: number): string {
  const shown = names.slice(0, 3);
  const more = count - shown.length;
  if (more > 0) return `${shown.join(', ')} or ${more} ${more === 1 ? 'other' : 'others'}`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
}

/** Tells the requester that approvers could not be notified of the request. */
export function untoldWords({ approvers, untold }: Pick<RequestDetail, 'approvers' | 'untold'>): string {
  const count = untold.length;
  if (count >= approvers.length) return 'No approver could be told of this: no mail reaches them. Call one of them.';
  return `${count} of ${approvers.length} approvers could not be told of this: no mail reaches them. The others were.`;
}
