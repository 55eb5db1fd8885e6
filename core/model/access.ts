import { after } from './events.ts';
import type { HeldAccess } from './held-access.ts';
import { isOver, JOINABLE_STATES, mayHoldAccess } from './life-cycle.ts';
import type { AccessRequest, RequestState } from './request.ts';
import type { Target } from './target.ts';

/*
 * An access is one person's uninterrupted hold on one target. It lives on the request that began it, its root: that item has the
 * state, the one end, the story, the warning and the report. A request whose turn comes while the access lasts joins it: it brings
 * its time, and is over.
 */

/** An access as people and programs see it. */
export interface Access {
  /** The id of its root request. */
  readonly id: string;
  readonly state: RequestState;
  readonly principalId: string;
  readonly target: Target;
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601; its one end. */
  readonly endsAt: string;
  /** The root and every request that joined, in that order. */
  readonly requestIds: readonly string[];
  /** The assignment was there before us, so it stays. */
  readonly standing: boolean;
  /** ISO 8601; when sessions begun before the end were cut off. */
  readonly sessionsCutAt: string | null;
}

/** The access that lives on a request; `undefined` where it has begun none. */
export function accessOf(root: AccessRequest): Access | undefined {
  const { id, state, requester, target, startsAt, endsAt, joins = [], grant } = root;
  const began = mayHoldAccess(state) || root.events.some((event) => event.state === 'granting');
  if (!began || state === 'joined' || state === 'refused') return undefined;
  return {
    id,
    state,
    principalId: requester.principalId,
    target,
    startedAt: startsAt,
    endsAt,
    requestIds: [id, ...joins.map(({ requestId }) => requestId)],
    standing: grant?.standing === true,
    sessionsCutAt: root.sessionsCutAt ?? null,
  };
}

/** May a request bring its time to this access now? Once it ends, or its time is up, it is too late. */
export function isJoinable(root: AccessRequest, now: string): boolean {
  return JOINABLE_STATES.includes(root.state) && root.endsAt > now;
}

/** Has the person been warned of the end as it is now? An extension moves the end, so a warning before it does not count. */
export function isWarned({ events }: Pick<AccessRequest, 'events'>): boolean {
  return events.findLast(({ type }) => type === 'warned' || type === 'extended')?.type === 'warned';
}

/** Was its end moved after the person had been warned of the earlier one, or before they were warned at all? */
export function isExtended({ events }: Pick<AccessRequest, 'events'>): boolean {
  return events.findLast(({ type }) => type === 'warned' || type === 'extended')?.type === 'extended';
}

/** How long an access lasts from its start to its end as it is now, in seconds. */
export function lengthOf({ startsAt, endsAt }: Pick<AccessRequest, 'startsAt' | 'endsAt'>): number {
  return Math.max(0, Math.round((Date.parse(endsAt) - Date.parse(startsAt)) / 1000));
}

/**
 * The end of an access once this request has brought its time to it: an extension counts from the end, anything else from its own
 * start. It never comes earlier.
 *
 * @param now ISO 8601; when the time is brought
 */
export function endWith(
  request: Pick<AccessRequest, 'extends' | 'durationSeconds' | 'windowFrom'>,
  held: Pick<HeldAccess, 'endsAt'>,
  now: string,
): string {
  // A window that has not begun gives no more than its length.
  const { windowFrom = now } = request;
  const from = request.extends === undefined ? (windowFrom > now ? now : windowFrom) : later(held.endsAt, now);
  return later(held.endsAt, after(from, request.durationSeconds));
}

/** The later of two instants, both ISO 8601. */
export function later(one: string, other: string): string {
  return one > other ? one : other;
}

/** The time a request asked for from a chosen start on is over, so nothing can be given any more. */
export function isWindowOver({ windowFrom, durationSeconds }: AccessRequest, now: string): boolean {
  return windowFrom !== undefined && after(windowFrom, durationSeconds) <= now;
}

/** A request that is over and has handed its time on is told of by its access. */
export function isPartOfAnother(request: AccessRequest): request is AccessRequest & { readonly accessId: string } {
  return request.accessId !== undefined && isOver(request.state);
}
