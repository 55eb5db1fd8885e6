import { durationWords, formatDuration, parseDuration } from '../../core/model/duration.ts';
import { STATES } from '../../core/model/life-cycle.ts';
import type { RequestState } from '../../core/model/request.ts';
import type { RequestDetail, RequestView } from '../../lambdas/api/document/schemas.ts';
import type { WantedTarget } from '../parts/route.ts';

/** Seconds of an ISO 8601 length; 0 for none. */
export function lengthOf(iso: string | null): number {
  return parseDuration(iso ?? '') ?? 0;
}

/** An ISO 8601 length as people read it: `1 hour 30 minutes`. */
export function lengthWords(iso: string): string {
  return durationWords(lengthOf(iso));
}

/** What is left of time: `1:02:03`, `02:03`; in days while there are some. @param ms milliseconds */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  if (seconds >= 2 * 86_400) return `${Math.floor(seconds / 86_400)} days`;
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}

/** How long ago: `just now`, `5m ago`, `2h ago`. @param ms milliseconds */
export function ago(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return 'just now';
  const unit = seconds < 3600 ? 60 : seconds < 86_400 ? 3600 : 86_400;
  return `${formatDuration(Math.floor(seconds / unit) * unit)} ago`;
}

/** Day and time where the reader is; the day only where it is not today's. @param now milliseconds */
export function when(iso: string, now: number): string {
  const at = new Date(iso);
  const isToday = at.toDateString() === new Date(now).toDateString();
  return at.toLocaleString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    ...(isToday ? {} : { day: 'numeric', month: 'short' }),
  });
}

/** To the second and with the zone, for whoever must know exactly. */
export function exactly(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' });
}

/** The account and permission set, or the group. */
export function targetWords({ target }: Pick<RequestView, 'target'>): string {
  if (target.groupId !== undefined) return `Group ${target.groupName ?? target.groupId}`;
  return `${target.permissionSet ?? target.permissionSetArn} in ${target.accountName ?? target.accountId}`;
}

/** The same of what somebody wants. */
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

/** May access be there now? */
export function holds(state: string): boolean {
  return STATES[state as RequestState]?.phase === 'holding';
}

/** Does it wait, for people or for its start? */
export function waits(state: string): boolean {
  return STATES[state as RequestState]?.phase === 'waiting';
}

/** Names in a row: `Cleo, Dan and 3 others`. @param count how many there are in all */
export function someOf(names: readonly string[], count: number): string {
  const shown = names.slice(0, 3);
  const more = count - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} ${more === 1 ? 'other' : 'others'}`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
}

/** That approvers have not heard of a request, for whoever waits for them. */
export function untoldWords({ approvers, untold }: Pick<RequestDetail, 'approvers' | 'untold'>): string {
  const count = untold.length;
  if (count >= approvers.length) return 'No approver could be told of this: no mail reaches them. Call one of them.';
  return `${count} of ${approvers.length} approvers could not be told of this: no mail reaches them. The others were.`;
}
