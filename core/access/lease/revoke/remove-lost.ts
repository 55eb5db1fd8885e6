import type { AuditFact } from '../../../audit/audit-event.ts';
import { after, CLOCK_SKEW_SECONDS, isInstant } from '../../../model/events.ts';
import { type AccessRequest, SYSTEM_ACTOR } from '../../../model/request.ts';
import { type Assignment, assignmentIds, isGroupTarget } from '../../../model/target.ts';
import { CUT_MARGIN_SECONDS } from '../../../sessions/cut-sessions.ts';
import { LONGEST_SESSION_SECONDS } from '../../../sessions/live-sessions.ts';
import type { LeaseItem } from '../../ports.ts';
import { type Holder, otherHolder } from '../held-by-another.ts';
import type { CreatedAssignment } from '../ports.ts';
import { continueRemoval, leaveItemForSweep } from './removal.ts';
import type { RevokeServices } from './revoke-access.ts';
import type { RevokeAnswer } from './revoke-answer.ts';

const LOOK_SECONDS = 2;
const TRY_SECONDS = 5;

/** Wait between two looks at a creation that runs. Seconds. */
const CREATING_SECONDS = 30;

/** Wait between two tries of a cut without a request: no record says how long it has been tried. Seconds. */
const CUT_AGAIN_SECONDS = 60;

/**
 * Wait between two looks whether another request still holds the assignment: this part of the time left to it, within
 * these limits. The longer limit is for the time before the last month. A look takes fourteen events, so even after a
 * year a workflow is below the 25,000 events that an execution may have.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const HELD_PART = 1 / 50;
const SHORTEST_HELD_SECONDS = 240;
const LONGEST_HELD_SECONDS = 3600;
const LONG_BEFORE_SECONDS = 30 * 86400;
const LONGEST_HELD_LONG_BEFORE_SECONDS = 12 * 3600;

export interface RevokeUnrecordedServices extends RevokeServices {
  /** ISO 8601; when the workflow first began to cut sessions. */
  readonly cutSince?: string | undefined;
  /**
   * Records that access was held that no record mentions; once per id. Must not throw.
   *
   * @default - an earlier step of the same revoke has recorded it
   */
  readonly tellLost?: ((id: string, fact: AuditFact) => Promise<void>) | undefined;
  /**
   * The step's part of a removal, because no role may do both: to begin one, or to follow one that runs.
   *
   * @default 'begins'
   */
  readonly part?: 'begins' | 'follows';
}

/** The assignment is gone, but credentials fetched with it may still work: assume the longest possible session. */
function cutOrDone(made: Assignment, { now, cutSince }: RevokeUnrecordedServices): Step | undefined {
  if (isGroupTarget(made.target)) return undefined;
  // `cutSince` can come from the input of an execution. A value that is no instant, or is in the future, cuts nothing.
  if (cutSince !== undefined && !(isInstant(cutSince) && cutSince <= after(now(), CLOCK_SKEW_SECONDS)))
    return undefined;
  const until = cutSince === undefined ? undefined : after(cutSince, CUT_MARGIN_SECONDS + LONGEST_SESSION_SECONDS);
  return until !== undefined && until <= now().toISOString()
    ? undefined
    : { next: 'cut', waitSeconds: CUT_AGAIN_SECONDS };
}

function lostFact(requestId: string, made: Assignment, at: string): AuditFact {
  const note = `the workflow of request ${requestId} gave it, and no record knew of that when it came to take it back`;
  return { type: 'record-lost', at, by: SYSTEM_ACTOR, note, ids: [requestId, assignmentIds(made)] };
}

/**
 * The other request ends the assignment with its own access. If its records are lost too, only this workflow knows that
 * Glasshammer made the assignment; so it waits for that end and looks again.
 *
 * @returns seconds
 */
function untilItEnds({ givenUntil }: Holder, { now }: RevokeUnrecordedServices): number {
  const left = (Date.parse(givenUntil) - now().getTime()) / 1000;
  const longest = left > LONG_BEFORE_SECONDS ? LONGEST_HELD_LONG_BEFORE_SECONDS : LONGEST_HELD_SECONDS;
  return Math.min(longest, Math.max(SHORTEST_HELD_SECONDS, Math.floor(left * HELD_PART)));
}

type Step = Pick<RevokeAnswer, 'next' | 'waitSeconds'>;

/** Is Identity Center still creating it? Then it is not listed yet. */
async function isBeingCreated(
  { operationId, ...made }: CreatedAssignment,
  { assignments }: RevokeUnrecordedServices,
): Promise<boolean> {
  return operationId !== undefined && (await assignments.creationStatus(made, operationId)).status === 'in-progress';
}

/**
 * Is it there, or will it be? What Identity Center is creating is not listed yet, and whatever else knows of it can be
 * lost meanwhile; so the workflow stays until that is settled. The creation is asked about only if nothing is listed, so
 * that no removal depends on one more call.
 */
async function look(
  created: CreatedAssignment,
  services: RevokeUnrecordedServices,
): Promise<'there' | 'coming' | 'absent'> {
  const { operationId, ...made } = created;
  if (await services.assignments.exists(made)) return 'there';
  if (operationId === undefined) return 'absent';
  if (await isBeingCreated(created, services)) return 'coming';
  // It may have been made between the two calls.
  return (await services.assignments.exists(made)) ? 'there' : 'absent';
}

/**
 * The access of another request that holds the assignment; its claim is in the lease item then. Every other claim is
 * dropped: no access has begun with it, and it may be forged, so nothing waits for it.
 */
async function holderBeside(
  requestId: string,
  made: Assignment,
  item: LeaseItem | undefined,
  services: RevokeUnrecordedServices,
): Promise<Holder | undefined> {
  const { leases } = services;
  const holder = await otherHolder(made, requestId, services);
  if (holder !== undefined) {
    if (item === undefined) await leases.add(made, holder.request.id);
    else await leases.drop(made, requestId);
    return holder;
  }
  if (item === undefined || item.leases.length === 0) return undefined;
  await dropClaims(made, item, services);
  // An access begins only with its claim: by now it has begun, or does not begin.
  const begun = await otherHolder(made, requestId, services);
  if (begun !== undefined) await leases.add(made, begun.request.id);
  return begun;
}

async function dropClaims(
  made: Assignment,
  item: LeaseItem,
  { leases }: RevokeUnrecordedServices,
): Promise<LeaseItem | undefined> {
  let left: LeaseItem | undefined = item;
  for (const id of item.leases) left = await leases.drop(made, id);
  return left;
}

/**
 * Removes what the workflow gave and the request table does not know of.
 *
 * @returns what to do next; `undefined` when the assignment is standing, or nothing is left to do
 */
export async function removeUnknown(
  requestId: string,
  created: CreatedAssignment,
  request: AccessRequest | undefined,
  services: RevokeUnrecordedServices,
): Promise<Step | undefined> {
  const { leases, now } = services;
  const { operationId: _operation, ...made } = created;
  // The assignment was gone before its sessions came to be cut. An assignment that exists now was given again.
  if (services.cutSince !== undefined) return cutOrDone(made, services);
  await services.tellLost?.(requestId, lostFact(requestId, made, now().toISOString()));
  let item = await leases.get(made);
  // It was taken back before: by an earlier clean-up, or by one beside this. What exists since was given by others.
  if (item?.removing === undefined && (await leases.removedFor(made, requestId)) !== undefined)
    return cutOrDone(made, services);
  if (item?.removing !== undefined) {
    // Whoever began this removal saw no claim.
    if (item.leases.length > 0) item = await dropClaims(made, item, services);
  } else {
    const found = await look(created, services);
    if (found !== 'there') {
      // People are told nothing meanwhile: that no access was given would not be true.
      if (found === 'coming') return { next: 'wait', waitSeconds: CREATING_SECONDS };
      if (item === undefined) await leaveItemForSweep(made, requestId, services);
      return cutOrDone(made, services);
    }
    const other = await holderBeside(requestId, made, item, services);
    // The request that holds it now may have it on record as standing. This workflow knows that Glasshammer made it.
    item = await leases.noteOurs(made);
    // Until then people are told how their own request ended, where there still is one.
    if (other !== undefined)
      return { next: request === undefined ? 'wait' : 'slow', waitSeconds: untilItEnds(other, services) };
  }
  if (item?.standing === true) return undefined;
  const isRunning = item?.removing?.operationId !== undefined;
  if (services.part === 'follows' && !isRunning) return { next: 'again', waitSeconds: TRY_SECONDS };
  if (services.part !== 'follows' && isRunning) return { next: 'wait', waitSeconds: LOOK_SECONDS };
  const at = now().toISOString();
  const claimed =
    item === undefined
      ? await leases.claim(made, requestId, at)
      : item.removing === undefined
        ? await leases.beginRemoval(made, requestId, at)
        : item;
  // Another worker has just changed the item; the next try goes by what it wrote.
  if (claimed === undefined || claimed.leases.length > 0) return { next: 'again', waitSeconds: TRY_SECONDS };
  const { outcome } = await continueRemoval(claimed, services);
  if (outcome === 'running') return { next: 'wait', waitSeconds: LOOK_SECONDS };
  if (outcome === 'failed') return { next: 'again', waitSeconds: TRY_SECONDS };
  // The removal may be of an older table, or forged.
  if (await isBeingCreated(created, services)) {
    await leases.release(claimed, at);
    return { next: 'wait', waitSeconds: CREATING_SECONDS };
  }
  await leases.forget(claimed);
  return cutOrDone(made, services);
}
