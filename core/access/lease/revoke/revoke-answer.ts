import { isInstant } from '../../../model/events.ts';
import type { AccessRequest } from '../../../model/request.ts';
import { endedBy, mayBeCut, type ReportTimes, reportTimesOf } from '../../../sessions/live-sessions.ts';
import { hasNews } from '../../notify/repeated-events.ts';
import type { Now } from '../../ports.ts';

/** What the workflow does next after the revoke or a check of the removal. */
export interface RevokeAnswer extends ReportTimes {
  /**
   * - `done`: no access of this request is left.
   * - `cut`: none is left either, but sessions begun before may still live.
   * - `wait`: a removal runs, or another request's claim on the assignment is not decided yet.
   * - `slow`: as `wait`, but it takes longer than it should, and people have not been told.
   * - `again`: it failed, or has to be tried anew.
   * - `over`: nothing to do or to tell.
   */
  readonly next: 'done' | 'cut' | 'wait' | 'slow' | 'again' | 'over';
  /** Was there access to report on? */
  readonly report: boolean;
  /** How long to wait before the next check. */
  readonly waitSeconds: number;
  /** Set only by the call that closed a request whose access was never confirmed. */
  readonly failed?: true;
}

/** What waits and report times are computed from. */
export interface AnswerServices {
  readonly now: Now;
  /** How long CloudTrail may take to deliver, in seconds. */
  readonly deliveryDelaySeconds: number;
}

/** The shortest and the longest wait between two looks at a running removal. Seconds. */
export const FIRST_LOOK_SECONDS = 2;
const LONGEST_LOOK_SECONDS = 30;
/**
 * The shortest and the longest wait between two tries of a failing removal. Both are below the alarm's period of 300
 * seconds, so that the alarm lasts as long as the failure. Seconds.
 */
const FIRST_TRY_SECONDS = 5;
const LONGEST_TRY_SECONDS = 240;
/** Most removals are done within this time; people are told of a slower one. Seconds. */
export const SLOW_SECONDS = 20;

/** What is left to do for a request whose access is over, or was never confirmed. */
export function answerFor(request: AccessRequest, services: AnswerServices): RevokeAnswer {
  const report = request.state === 'ended';
  const told = report || ['failed', 'cancelled', 'expired'].includes(request.state);
  const now = services.now().toISOString();
  const live = mayBeCut(request, now);
  const endedAt = endedBy(request, now) ?? now;
  return {
    next: told ? (live ? 'cut' : 'done') : 'over',
    report,
    ...reportTimesOf(report, { ...request, endedAt }, services.deliveryDelaySeconds),
    // Before the next try, in case the step that cuts sessions fails.
    waitSeconds: live ? growing([FIRST_TRY_SECONDS, LONGEST_TRY_SECONDS], request, services) : 0,
  };
}

/**
 * The wait before the next look or try. It grows with the time already spent, so that a slow removal is neither polled
 * too often nor forgotten.
 */
export function wait(next: 'wait' | 'slow' | 'again', request: AccessRequest, services: AnswerServices): RevokeAnswer {
  const between: readonly [number, number] =
    next === 'again' ? [FIRST_TRY_SECONDS, LONGEST_TRY_SECONDS] : [FIRST_LOOK_SECONDS, LONGEST_LOOK_SECONDS];
  return { next, report: false, reportAt: '', firstReportAt: '', waitSeconds: growing(between, request, services) };
}

function growing([least, most]: readonly [number, number], request: AccessRequest, services: AnswerServices): number {
  return Math.min(most, Math.max(least, Math.floor(secondsEnding(request, services) / 4)));
}

/** Does the removal take longer than it should, and has something happened that people have not been told? */
export function isSlow(request: AccessRequest, services: AnswerServices): boolean {
  return secondsEnding(request, services) >= SLOW_SECONDS && hasNews(request);
}

/**
 * How long the access has been ending, in seconds; 0 if it has not begun to end. An `endingAt` in the future was forged
 * or written by a wrong clock: the time of the event that began the end counts then.
 */
export function secondsEnding({ endingAt, events }: AccessRequest, { now }: AnswerServices): number {
  const at = now().toISOString();
  const isPast = (when: unknown) => isInstant(when) && when <= at;
  const since = isPast(endingAt)
    ? endingAt
    : events.findLast(({ state, at: when }) => state === 'ending' && isPast(when))?.at;
  return since === undefined ? 0 : (Date.parse(at) - Date.parse(since)) / 1000;
}
