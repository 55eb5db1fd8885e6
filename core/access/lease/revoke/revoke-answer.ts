import { isInstant } from '../../../model/events.ts';
import type { AccessRequest } from '../../../model/request.ts';
import { mayBeCut, type ReportTimes, reportTimesOf } from '../../../sessions/live-sessions.ts';
import { hasNews } from '../../notify/repeated-events.ts';
import type { Now } from '../../ports.ts';

/** What the workflow does next after the revoke or a check of the removal. */
export interface RevokeAnswer extends ReportTimes {
  /**
   * `done`: no access of this request is left. `cut`: none either, and sessions begun before may live still. `wait`: a removal runs, or
   * a claim of somebody else's has yet to come to something.
   * `slow`: it runs longer than it should, and people have not been told. `again`: it failed. `over`: nothing to do or to tell.
   */
  readonly next: 'done' | 'cut' | 'wait' | 'slow' | 'again' | 'over';
  /** Was there access to report on? */
  readonly report: boolean;
  /** How long to wait before the next check. */
  readonly waitSeconds: number;
  /** Set by the one call that closed a request whose access never was. */
  readonly failed?: true;
}

/** By what an answer counts. */
export interface AnswerServices {
  readonly now: Now;
  /** How long CloudTrail may take to deliver, in seconds. */
  readonly deliveryDelaySeconds: number;
}

/** Between two looks at a removal that runs. Seconds. */
export const FIRST_LOOK_SECONDS = 2;
const LONGEST_LOOK_SECONDS = 30;
/** Between two tries of a removal that fails; less than the alarm looks at at once, so that it lasts as long as the failing. Seconds. */
const FIRST_TRY_SECONDS = 5;
const LONGEST_TRY_SECONDS = 240;
/** Most removals are done by now; of one that is not, people are told. Seconds. */
export const SLOW_SECONDS = 20;

/** What is left to do for a request whose access is over, or never was. */
export function answerFor(request: AccessRequest, services: AnswerServices): RevokeAnswer {
  const report = request.state === 'ended';
  const told = report || ['failed', 'cancelled', 'expired'].includes(request.state);
  const now = services.now().toISOString();
  const live = mayBeCut(request, now);
  const { endedAt = now } = request;
  return {
    next: told ? (live ? 'cut' : 'done') : 'over',
    report,
    ...reportTimesOf(report, { ...request, endedAt }, services.deliveryDelaySeconds),
    // Before the next try, should the one to cut break down.
    waitSeconds: live ? growing([FIRST_TRY_SECONDS, LONGEST_TRY_SECONDS], request, services) : 0,
  };
}

/** The next look, or the next try. Waits grow with the time already spent, so that a slow removal is neither hammered nor forgotten. */
export function wait(next: 'wait' | 'slow' | 'again', request: AccessRequest, services: AnswerServices): RevokeAnswer {
  const between: readonly [number, number] =
    next === 'again' ? [FIRST_TRY_SECONDS, LONGEST_TRY_SECONDS] : [FIRST_LOOK_SECONDS, LONGEST_LOOK_SECONDS];
  return { next, report: false, reportAt: '', firstReportAt: '', waitSeconds: growing(between, request, services) };
}

function growing([least, most]: readonly [number, number], request: AccessRequest, services: AnswerServices): number {
  return Math.min(most, Math.max(least, Math.floor(secondsEnding(request, services) / 4)));
}

/** Does the removal take longer than it should, and have people not been told since something went wrong? */
export function isSlow(request: AccessRequest, services: AnswerServices): boolean {
  return secondsEnding(request, services) >= SLOW_SECONDS && hasNews(request);
}

/** For how long the access has been ending; 0 where it has not begun to. */
export function secondsEnding({ endingAt }: AccessRequest, { now }: AnswerServices): number {
  return !isInstant(endingAt) ? 0 : (now().getTime() - new Date(endingAt).getTime()) / 1000;
}
