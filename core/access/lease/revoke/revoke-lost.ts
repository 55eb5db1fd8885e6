import type { AuditFact } from '../../../audit/audit-event.ts';
import { MalformedItemError, RequestNotFoundError } from '../../../model/errors.ts';
import { after, CLOCK_SKEW_SECONDS, isInstant } from '../../../model/events.ts';
import { isOver } from '../../../model/life-cycle.ts';
import { type AccessEvent, type AccessRequest, assignmentOf, SYSTEM_ACTOR } from '../../../model/request.ts';
import { type Assignment, assignmentIds, assignmentKey, isGroupTarget } from '../../../model/target.ts';
import { CUT_MARGIN_SECONDS } from '../../../sessions/cut-sessions.ts';
import { endedBy, LONGEST_SESSION_SECONDS, type ReportTimes, reportTimesOf } from '../../../sessions/live-sessions.ts';
import { WAS_THERE } from '../grant/check-creation.ts';
import { type Holder, otherHolder } from '../held-by-another.ts';
import type { CreatedAssignment } from '../ports.ts';
import { readableRequest } from '../readable-request.ts';
import { continueRemoval } from './removal.ts';
import type { RevokeServices } from './revoke-access.ts';
import type { AnswerServices, RevokeAnswer } from './revoke-answer.ts';

/** The answer where the request is gone: nobody can be told, and there is nothing to report on. */
const OVER: RevokeAnswer = { next: 'over', report: false, firstReportAt: '', reportAt: '', waitSeconds: 0 };
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

/** An answer, and whether access existed of which the request table said nothing. */
export interface LostAnswer extends RevokeAnswer {
  readonly lost?: true;
}

/** What the grant of a request asked Identity Center for. */
export interface Made {
  /** What this workflow remembers of it, if anything. */
  readonly known: CreatedAssignment | undefined;
  /**
   * Finds it elsewhere; called only when the step is over, and neither the workflow nor the request knows it.
   *
   * @returns `undefined` if the grant asked for nothing
   */
  recall(): Promise<CreatedAssignment | undefined>;
}

/**
 * A step of the revoke that does not rely on the request table alone. The workflow remembers what it gave too. If the
 * table does not know of it, because a record was deleted or altered or the table was restored from a backup, the
 * assignment is removed all the same, and its sessions are cut.
 *
 * @throws RequestNotFoundError or MalformedItemError if the request cannot be read and nothing was made; whatever the
 *   step, `recall` or Identity Center throws
 */
export async function revokeUnrecorded(
  requestId: string,
  { known, recall }: Made,
  step: () => Promise<RevokeAnswer>,
  services: RevokeUnrecordedServices,
): Promise<LostAnswer> {
  let unreadable: unknown;
  const answer: LostAnswer = await step().catch((error: unknown) => {
    if (!(error instanceof RequestNotFoundError || error instanceof MalformedItemError)) throw error;
    unreadable = error;
    return { ...OVER, lost: true as const };
  });
  if (!['done', 'cut', 'over'].includes(answer.next)) return answer;
  const request = await readableRequest(requestId, services.requests);
  if (known === undefined ? recordsGrant(request) : recordsGrantOf(known, request)) {
    const told = known === undefined || request === undefined ? answer : owingReport(answer, request, services);
    return told.report && told.next === 'over' ? { ...told, next: 'done' } : told;
  }
  const made = known ?? (await recall());
  if (made === undefined) {
    if (unreadable !== undefined) throw unreadable;
    return answer;
  }
  const left = await removeUnknown(requestId, made, request, services);
  return left === undefined ? answer : { ...answer, ...left, lost: true };
}

/**
 * The answer of the workflow that gave the access, where the request says that it is over and owes no report: another
 * workflow has reported it, and then nothing is reported twice, or somebody has written that there.
 */
export function owingReport<Answer extends ReportTimes & { readonly report: boolean }>(
  answer: Answer,
  request: AccessRequest,
  services: AnswerServices,
): Answer {
  const { state, events } = request;
  if (answer.report || !isOver(state) || !events.some(({ type }) => type === 'granted')) return answer;
  const now = services.now().toISOString();
  const ended = { ...request, endedAt: endedBy(request, now) ?? now };
  return { ...answer, report: true, ...reportTimesOf(true, ended, services.deliveryDelaySeconds) };
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
 * Does the request know what was given? Then its own end removed that, and an assignment that exists afterwards was
 * given by others. Workflows that wait on long after their access has ended ask this again. A request that took the
 * workflow's own assignment for a standing one (`WAS_THERE`) does not know of it.
 */
export function recordsGrant(request: AccessRequest | undefined): boolean {
  if (request === undefined) return false;
  const { grant, events } = request;
  const isKnown = ({ type, note }: AccessEvent) =>
    type === 'made-standing' || (type === 'granted' && note !== WAS_THERE);
  return grant?.standing === false || events.some(isKnown);
}

/** Does the request know that just this was given? One that was altered since may name other people or targets. */
export function recordsGrantOf(made: Assignment, request: AccessRequest | undefined): request is AccessRequest {
  if (request === undefined || !recordsGrant(request)) return false;
  return assignmentKey(assignmentOf(request)) === assignmentKey(made);
}

/**
 * Removes what the workflow gave and the request table does not know of.
 *
 * @returns what to do next; `undefined` when the assignment is standing, or nothing is left to do
 */
async function removeUnknown(
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
