import type { AccessEvent, AccessRequest } from '../../model/request.ts';
import type { LeaseItem, LeaseStore } from '../ports.ts';
import { WAS_THERE } from './grant/check-creation.ts';
import { KEPT } from './revoke/end-notes.ts';

/**
 * Was it made by us? The request's own history says so, and the lease item says so for what other requests made; one of them is
 * enough. The item alone is believed against the history only where the history itself tells that somebody else has given the
 * same meanwhile; where the item says nothing or is lost, the history is what is left. `standing` unknown to both: the grant stopped
 * before it looked, so nothing was ever created under this item.
 */
export function isOurs({ grant, events }: AccessRequest, item: LeaseItem | undefined): boolean {
  // The event counts more than the field, because nobody rewrites history unnoticed.
  const granted = events.find(({ type }) => type === 'granted');
  const wasThere = granted === undefined ? grant?.standing : grant && granted.note === WAS_THERE;
  if (wasThere !== false) return item?.standing === false;
  const isTheirs = item?.standing ?? events.findLast(({ type }) => OTHERS.includes(type))?.type === 'made-standing';
  return !(isTheirs && events.some(({ type }) => type === 'made-standing'));
}

/**
 * The same of a request whose access may be over for long: what it made was removed then, and what others have given since is told in
 * no history of a request that is over.
 *
 * @throws whatever the table throws
 */
export async function isStillOurs(
  request: AccessRequest,
  item: LeaseItem,
  leases: Pick<LeaseStore, 'removedFor'>,
): Promise<boolean> {
  if (!isOurs(request, item)) return false;
  if (item.standing !== true || item.standingAt === undefined) return true;
  const removedAt = await leases.removedFor(item.assignment, request.id);
  return removedAt === undefined || item.standingAt <= removedAt;
}

/** What others did to an assignment that a request holds. */
const OTHERS: readonly AccessEvent['type'][] = ['made-standing', 'removed-by-others'];

/** By the request's own history, was somebody else's there when it began, or since? */
export function knowsOfTheirs({ events }: AccessRequest): boolean {
  return events.some(({ type, note }) => type === 'made-standing' || (type === 'granted' && note === WAS_THERE));
}

/** What the history of a request says of an assignment that outlives it. */
export function whyKept({ events, grant }: AccessRequest): string {
  return grant?.standing !== true && events.some((event) => event.type === 'made-standing')
    ? `${KEPT}somebody else has given the same access meanwhile`
    : `${KEPT}the assignment was there before us`;
}
