import { MalformedItemError, RequestNotFoundError } from '../../../model/errors.ts';
import { isOver } from '../../../model/life-cycle.ts';
import { type AccessEvent, type AccessRequest, assignmentOf } from '../../../model/request.ts';
import { type Assignment, assignmentKey } from '../../../model/target.ts';
import { endedBy, type ReportTimes, reportTimesOf } from '../../../sessions/live-sessions.ts';
import { WAS_THERE } from '../grant/check-creation.ts';
import type { CreatedAssignment } from '../ports.ts';
import { readableRequest } from '../readable-request.ts';
import { type RevokeUnrecordedServices, removeUnknown } from './remove-lost.ts';
import type { AnswerServices, RevokeAnswer } from './revoke-answer.ts';

/** The answer where the request is gone: nobody can be told, and there is nothing to report on. */
const OVER: RevokeAnswer = { next: 'over', report: false, firstReportAt: '', reportAt: '', waitSeconds: 0 };

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
