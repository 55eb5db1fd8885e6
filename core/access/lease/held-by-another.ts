import { after } from '../../model/events.ts';
import type { HeldAccess } from '../../model/held-access.ts';
import { mayHoldAccess } from '../../model/life-cycle.ts';
import type { AccessRequest } from '../../model/request.ts';
import { type Assignment, assignmentKey } from '../../model/target.ts';
import type { HoldStore, Now, RequestStore } from '../ports.ts';
import { readableRequest } from './readable-request.ts';

/** What is needed to find the holder of an assignment whose lease item is lost. */
export interface HolderServices {
  readonly requests: Pick<RequestStore, 'get' | 'holding'>;
  readonly holds: Pick<HoldStore, 'given'>;
  readonly now: Now;
}

/**
 * A hold counts for this long after its end: clocks differ, and the workflow that ends the access on time, or the sweep
 * by requests, needs some of it. Seconds.
 */
export const HOLD_GRACE_SECONDS = 90;

/**
 * May the access of this hold still last, by the end that the grant gave it?
 *
 * @param now ISO 8601
 */
export function mayStillRun({ endsAt }: Pick<HeldAccess, 'endsAt'>, now: string): boolean {
  return after(endsAt, HOLD_GRACE_SECONDS) > now;
}

/** Does another live request (`granting` or `active`) hold the assignment, whatever the lease item says? */
export async function isHeldByAnother(
  assignment: Assignment,
  requestId: string,
  services: HolderServices,
): Promise<boolean> {
  return (await otherHolder(assignment, requestId, services)) !== undefined;
}

/** A live request that holds an assignment. */
export interface Holder {
  readonly request: AccessRequest;
  /** The end of its access as the grant gave it, ISO 8601; no other role can write it. */
  readonly givenUntil: string;
}

/**
 * The other live request (`granting` or `active`) that holds the assignment, whatever the lease item says. It is found
 * by the holds that the grant wrote and not by a list of requests, which an attacker who may write requests can make so
 * long that a removal never comes to its end.
 */
export async function otherHolder(
  assignment: Assignment,
  requestId: string,
  { requests, holds, now }: HolderServices,
): Promise<Holder | undefined> {
  const key = assignmentKey(assignment);
  const given = (await holds.given([assignment])).get(key) ?? [];
  const at = now().toISOString();
  const running = given.filter((hold) => hold.accessId !== requestId && mayStillRun(hold, at));
  const holding = await requests.holding(running.map(({ accessId }) => accessId));
  for (const [id, held] of holding) {
    if (assignmentKey(held) !== key) continue;
    const other = await readableRequest(id, requests);
    if (other?.state !== 'granting' && other?.state !== 'active') continue;
    const { endsAt } = running.find(({ accessId }) => accessId === id) as HeldAccess;
    return { request: other, givenUntil: endsAt };
  }
  return undefined;
}

/** Has the access of one of these requests begun? A claim on the assignment alone is not access yet. */
export async function isHeldBy(requestIds: readonly string[], requests: Pick<RequestStore, 'get'>): Promise<boolean> {
  for (const id of requestIds) {
    const request = await readableRequest(id, requests);
    if (request !== undefined && mayHoldAccess(request.state)) return true;
  }
  return false;
}
