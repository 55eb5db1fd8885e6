import { isLastState } from '../../core/model/life-cycle.ts';
import type { StreamRecord } from '../aws/tables/table-streams.ts';
import type { SCHEDULES } from './schedules.ts';

type Schedule = (typeof SCHEDULES)[number];

/**
 * While all that is left waits for its report, and workflows live that send it, one sweep runs after so many that did not: a report
 * counts as late after hours.
 */
const MOST_LEFT_OUT = 5;

/** Follows what the request table holds that may still change by itself, to tell which schedules have nothing to do. */
export class IdleSchedules {
  /** Ids and states of whatever is not in a last state. */
  readonly #moving = new Map<string, string>();
  /** Sweeps since the last one that ran. */
  #sweepsLeftOut = 0;

  /** An item of the request table has changed. */
  note({ dynamodb: { Keys, NewImage } }: StreamRecord): void {
    const id = String(Keys.id?.S);
    const state = NewImage?.state?.S;
    // A grant that failed may have given what sessions were begun by, which the sweep has cut.
    const isSettled = NewImage?.sessionsCutAt !== undefined || NewImage?.sessionsLeft !== undefined;
    const owesCut = state === 'failed' && NewImage?.grant !== undefined && !isSettled;
    if (state === undefined || (isLastState(String(state)) && !owesCut)) this.#moving.delete(id);
    else this.#moving.set(id, String(state));
  }

  /** Can nothing come of it now? @param workflows how many are under way */
  isIdle({ looksAt }: Schedule, workflows: number): boolean {
    if (looksAt === 'live access') return !this.#hasLiveRequest();
    if (looksAt !== 'open requests') return false;
    if (this.#moving.size === 0) return true;
    const ended = [...this.#moving.values()].filter((state) => state === 'ended').length;
    return !this.#hasLiveRequest() && ended <= workflows && this.#sweepsLeftOut < MOST_LEFT_OUT;
  }

  /** It was due, and ran or did not. */
  wasDue({ functionName }: Schedule, ran: boolean): void {
    if (functionName === 'sweep-access') this.#sweepsLeftOut = ran ? 0 : this.#sweepsLeftOut + 1;
  }

  /** Is anything there but access that has ended, and reports that are looked at again once a day? */
  #hasLiveRequest(): boolean {
    return [...this.#moving.values()].some((state) => state !== 'ended' && state !== 'report-look');
  }
}
