import { after } from './events.ts';
import type { HeldAccess } from './held-access.ts';
import { isOver, JOINABLE_STATES, mayHoldAccess } from './life-cycle.ts';
import type { AccessRequest, RequestState } from './request.ts';
import type { Target } from './target.ts';

/*
 * An access is one person's uninterrupted hold on one target. It is stored on its root, the request that began it: that
 * item has the state, the end, the status message, the warning and the report. A request that is granted while the
 * access lasts joins it: it adds its time to the access, and the joining request itself is over.
 */

/** An access as the API and the messages show it. */
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
  /** The root request and every request that joined, in that order. */
  readonly requestIds: readonly string[];
  /** The assignment existed before Glasshammer granted it, so Glasshammer does not remove it. */
  readonly standing: boolean;
  /** ISO 8601; when the sessions that began before the end were denied. */
  readonly sessionsCutAt: string | null;
}

/** The access whose root is this request; `undefined` where the request never began an access of its own. */
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

/** May a request add its time to this access now? Not once the access is ending or past its end. */
export function isJoinable(root: AccessRequest, now: string): boolean {
  return JOINABLE_STATES.includes(root.state) && root.endsAt > now;
}

/** Has the person been warned of the current end? A warning that came before an extension does not count. */
export function isWarned({ events }: Pick<AccessRequest, 'events'>): boolean {
  return events.findLast(({ type }) => type === 'warned' || type === 'extended')?.type === 'warned';
}

/** Is the latest of all warnings and extensions an extension, so that the current end has not been warned of? */
export function isExtended({ events }: Pick<AccessRequest, 'events'>): boolean {
  return events.findLast(({ type }) => type === 'warned' || type === 'extended')?.type === 'extended';
}

/** How long an access lasts from its start to its current end, in seconds. */
export function lengthOf({ startsAt, endsAt }: Pick<AccessRequest, 'startsAt' | 'endsAt'>): number {
  return Math.max(0, Math.round((Date.parse(endsAt) - Date.parse(startsAt)) / 1000));
}

/**
 * The end of an access after this request has added its time. An extension counts from the current end; any other
 * request counts from its own start. The result is never earlier than the current end.
 *
 * @param now ISO 8601; when the time is added
 */
export function endWith(
  request: Pick<AccessRequest, 'extends' | 'durationSeconds' | 'windowFrom'>,
  held: Pick<HeldAccess, 'endsAt'>,
  now: string,
): string {
  // A chosen start that is still to come counts as now, so that the time until then is not given in addition.
  const { windowFrom = now } = request;
  const from = request.extends === undefined ? (windowFrom > now ? now : windowFrom) : later(held.endsAt, now);
  return later(held.endsAt, after(from, request.durationSeconds));
}

/** The later of two instants, both ISO 8601. */
export function later(one: string, other: string): string {
  return one > other ? one : other;
}

/** The window that a request asked for (chosen start plus duration) is over, so nothing can be granted any more. */
export function isWindowOver({ windowFrom, durationSeconds }: AccessRequest, now: string): boolean {
  return windowFrom !== undefined && after(windowFrom, durationSeconds) <= now;
}

/** Is the request over because its time became part of an access? That access's status message shows it then. */
export function isPartOfAnother(request: AccessRequest): request is AccessRequest & { readonly accessId: string } {
  return request.accessId !== undefined && isOver(request.state);
}
