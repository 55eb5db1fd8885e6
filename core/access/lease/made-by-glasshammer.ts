import { after, CLOCK_SKEW_SECONDS } from '../../model/events.ts';
import type { AccessEvent, AccessRequest } from '../../model/request.ts';
import type { Assignment } from '../../model/target.ts';
import type { LeaseItem, LeaseStore } from '../ports.ts';
import { WAS_THERE } from './grant/check-creation.ts';
import { GIVEN_MEANWHILE, KEPT } from './revoke/end-notes.ts';

/**
 * Did Glasshammer make the assignment? The request's own history can say so or, for what another request made, the
 * lease item; one of them is enough. A lease item that says the assignment is standing outweighs the history only where
 * the history records that somebody else has given the same meanwhile (`made-standing`). Where the item is lost or says
 * nothing, the history decides. Where neither knows `standing`, the grant stopped before it looked, so nothing was ever
 * created under this item.
 */
export function isMadeByGlasshammer({ grant, events }: AccessRequest, item: LeaseItem | undefined): boolean {
  // The event outweighs the field, because a rewritten history is noticed.
  const granted = events.find(({ type }) => type === 'granted');
  const wasThere = granted === undefined ? grant?.standing : grant && granted.note === WAS_THERE;
  if (wasThere !== false) return item?.standing === false;
  const isTheirs = item?.standing ?? events.findLast(({ type }) => OTHERS.includes(type))?.type === 'made-standing';
  return !(isTheirs && events.some(({ type }) => type === 'made-standing'));
}

/**
 * The same for a request whose access may have been over for long. What the request made was removed at its end, and
 * its history does not record what others have given since.
 *
 * @throws whatever the table throws
 */
export async function isStillMadeByGlasshammer(
  request: AccessRequest,
  item: LeaseItem,
  leases: Pick<LeaseStore, 'absentAt' | 'removedFor'>,
): Promise<boolean> {
  if (!isMadeByGlasshammer(request, item)) return false;
  if (item.standing !== true || item.standingAt === undefined) return true;
  const removedAt = await goneSince(request, item.assignment, leases);
  return removedAt === undefined || item.standingAt <= removedAt;
}

/**
 * When what the request was given was gone, by Glasshammer's own records (ISO 8601): what exists since was given by
 * others. The removal was done for the request or, where that died on the way, by the sweep for nobody; then it counts
 * if it came after the grant, whatever the clocks.
 *
 * @throws whatever the table throws
 */
export async function goneSince(
  { id, events }: Pick<AccessRequest, 'id' | 'events'>,
  assignment: Assignment,
  leases: Pick<LeaseStore, 'absentAt' | 'removedFor'>,
): Promise<string | undefined> {
  const removedAt = await leases.removedFor(assignment, id);
  const granted = events.findLast(({ type }) => type === 'granted');
  if (removedAt !== undefined || granted === undefined) return removedAt;
  const absentAt = await leases.absentAt(assignment);
  return absentAt !== undefined && absentAt > after(granted.at, CLOCK_SKEW_SECONDS) ? absentAt : undefined;
}

/** Events for what others did to an assignment that a request holds. */
const OTHERS: readonly AccessEvent['type'][] = ['made-standing', 'removed-by-others'];

/** Does the request's own history say that the assignment was standing at the start, or has become standing since? */
export function recordsStanding({ events }: AccessRequest): boolean {
  return events.some(({ type, note }) => type === 'made-standing' || (type === 'granted' && note === WAS_THERE));
}

/** The note of an end that leaves the assignment in place: why it stays, by the history of the request. */
export function whyKept({ events, grant }: AccessRequest): string {
  return grant?.standing !== true && events.some((event) => event.type === 'made-standing')
    ? GIVEN_MEANWHILE
    : `${KEPT}${WAS_THERE}`;
}
