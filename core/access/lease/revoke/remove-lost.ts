import type { AuditFact } from '../../../audit/audit-event.ts';
import { after, CLOCK_SKEW_SECONDS, isInstant } from '../../../model/events.ts';
import { type AccessRequest, SYSTEM_ACTOR } from '../../../model/request.ts';
import { type Assignment, assignmentIds, isGroupTarget } from '../../../model/target.ts';
import { CUT_MARGIN_SECONDS } from '../../../sessions/cut-sessions.ts';
import { LONGEST_SESSION_SECONDS } from '../../../sessions/live-sessions.ts';
import { type Holder, otherHolder } from '../held-by-another.ts';
import type { CreatedAssignment } from '../ports.ts';
import { continueRemoval } from './removal.ts';
import type { RevokeServices } from './revoke-access.ts';
import type { RevokeAnswer } from './revoke-answer.ts';

const LOOK_SECONDS = 2;
const TRY_SECONDS = 5;

/** Wait between two looks at a creation that runs, or at a request that has a claim and no access yet. Seconds. */
const UNSETTLED_SECONDS = 30;

/** Wait between two tries of a cut without a request: no record says how long it has been tried. Seconds. */
const CUT_AGAIN_SECONDS = 60;

/**
 * Wait between two looks whether another request still holds the assignment: this part of the time left to it, within
 * these limits. A look takes fourteen events, so a workflow that waits for two months stays below the 25,000 events that
 * an execution may have. If the request's own workflow fails there, a clean-up goes on; a clean-up has no follower.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const HELD_PART = 1 / 50;
const SHORTEST_HELD_SECONDS = 240;
const LONGEST_HELD_SECONDS = 3600;

export interface RevokeUnrecordedServices extends RevokeServices {
  /** ISO 8601; when the workflow first began to cut sessions. */
  readonly cutSince?: string | undefined;
  /**
   * Records that access was held that no record mentions; once per id. Must not throw.
   *
   * @default - an earlier step of the same revoke has recorded it
   */
  readonly tellLost?: ((id: string, fact: AuditFact) => Promise<void>) | undefined;
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

/**
 * Identity Center may still be creating the assignment, and no other record mentions it. The item makes the sweep look
 * again, for as long as a creation can come late.
 */
async function leaveItemForSweep(
  made: Assignment,
  requestId: string,
  { leases, now }: RevokeUnrecordedServices,
): Promise<void> {
  const at = now().toISOString();
  const claimed = await leases.claim(made, requestId, at);
  if (claimed !== undefined) await leases.release(claimed, at);
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
  const part = Math.floor(((Date.parse(givenUntil) - now().getTime()) / 1000) * HELD_PART);
  return Math.min(LONGEST_HELD_SECONDS, Math.max(SHORTEST_HELD_SECONDS, part));
}

type Step = Pick<RevokeAnswer, 'next' | 'waitSeconds'>;

/** A step that waits for something else. People are told meanwhile how their request ended, where there still is one. */
function waiting(request: AccessRequest | undefined, waitSeconds: number): Step {
  return { next: request === undefined ? 'wait' : 'slow', waitSeconds };
}

/**
 * Is Identity Center still creating it? Then it is not listed yet. Whatever else knows of it can be lost while it is
 * being created, so the workflow stays until it is settled.
 */
async function isBeingCreated(
  { operationId, ...made }: CreatedAssignment,
  { assignments }: RevokeUnrecordedServices,
): Promise<boolean> {
  return operationId !== undefined && (await assignments.creationStatus(made, operationId)).status === 'in-progress';
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
  const { leases, assignments, now } = services;
  const { operationId: _operation, ...made } = created;
  // The assignment was gone before its sessions came to be cut. An assignment that exists now was given again.
  if (services.cutSince !== undefined) return cutOrDone(made, services);
  // Asked before the look: what is settled in between is found by the look.
  const isComing = await isBeingCreated(created, services);
  let item = await leases.get(made);
  if (item?.removing === undefined && !(await assignments.exists(made))) {
    if (item === undefined) await leaveItemForSweep(made, requestId, services);
    if (isComing) return waiting(request, UNSETTLED_SECONDS);
    return cutOrDone(made, services);
  }
  await services.tellLost?.(requestId, lostFact(requestId, made, now().toISOString()));
  if (item?.leases.includes(requestId)) item = await leases.drop(made, requestId);
  if (item?.removing === undefined) {
    const other = await otherHolder(made, requestId, services);
    // The request that holds it now may have found it there and have it on record as standing. This workflow knows that
    // Glasshammer made it, and corrects the lease item.
    if (other !== undefined && item === undefined) await leases.add(made, other.request.id);
    item = await leases.noteOurs(made);
    if (other !== undefined) return waiting(request, untilItEnds(other, services));
  }
  if (item?.standing === true) return undefined;
  // A claim, whose request has not begun its access yet or is over: that request or the sweep drops it otherwise.
  if (item !== undefined && item.leases.length > 0) return waiting(request, UNSETTLED_SECONDS);
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
  await leases.forget(claimed);
  return cutOrDone(made, services);
}
