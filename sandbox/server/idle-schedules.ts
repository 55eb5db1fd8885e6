import { isLastState, isState, mayHoldAccess } from '../../core/model/life-cycle.ts';
import { ITEM_PREFIXES } from '../../core/model/stored-ids.ts';
import type { Settings } from '../../lambdas/shared/settings.ts';
import type { StreamRecord } from '../aws/tables/table-streams.ts';
import type { World } from '../aws/world/world.ts';
import type { DeployedSchedule as Schedule } from './schedules.ts';

/**
 * While all that is left waits for its report, and workflows live that send it, one sweep runs after so many that did not: a report
 * counts as late after hours.
 */
const MOST_LEFT_OUT = 5;

/** What schedules look at beside the request table. */
export interface Surroundings {
  readonly world: World;
  readonly settings: Settings;
  readonly nowMs: number;
  /** How many workflows are under way. */
  readonly workflows: number;
}

/** Follows what the request table holds that may still change by itself, to tell which schedules have nothing to do. */
export class IdleSchedules {
  /** Ids and states of whatever is not in a last state. */
  readonly #moving = new Map<string, string>();
  /** Sweeps since the last one that ran. */
  #sweepsLeftOut = 0;
  /** What the last look at assignments found, and when; nothing where drift or its rules have changed since. Milliseconds. */
  #looked: { readonly assignments: string; readonly atMs: number } | undefined;

  /** An item of the request table has changed. */
  note({ dynamodb: { Keys, NewImage } }: StreamRecord): void {
    const id = String(Keys.id?.S);
    if (id.startsWith('control#') || id.startsWith(ITEM_PREFIXES.drift)) this.#looked = undefined;
    const state = NewImage?.state?.S;
    // A grant that failed may have given what sessions were begun by, which the sweep has cut.
    const isSettled = NewImage?.sessionsCutAt !== undefined || NewImage?.sessionsLeft !== undefined;
    const owesCut = state === 'failed' && NewImage?.grant !== undefined && !isSettled;
    if (state === undefined || (isLastState(String(state)) && !owesCut)) this.#moving.delete(id);
    else this.#moving.set(id, String(state));
  }

  /** Can nothing come of it now? */
  isIdle({ looksAt }: Schedule, around: Surroundings): boolean {
    if (looksAt === 'live access') return !this.#isAny((state) => isState(state) && mayHoldAccess(state));
    if (looksAt === 'assignments') return !this.#isAny(isAboutAssignments) && this.#hasLooked(around);
    if (looksAt !== 'open requests') return false;
    if (this.#moving.size === 0) return true;
    const ended = [...this.#moving.values()].filter((state) => state === 'ended').length;
    return !this.#hasLiveRequest() && ended <= around.workflows && this.#sweepsLeftOut < MOST_LEFT_OUT;
  }

  /** It was due, and ran or did not. */
  wasDue({ functionName, looksAt }: Schedule, ran: boolean, around: Surroundings): void {
    if (functionName === 'sweep-access') this.#sweepsLeftOut = ran ? 0 : this.#sweepsLeftOut + 1;
    if (looksAt === 'assignments' && ran) this.#looked = { assignments: assignmentsIn(around), atMs: around.nowMs };
  }

  /** Is everything as the last look found it, and no full pass due? */
  #hasLooked(around: Surroundings): boolean {
    const last = this.#looked;
    if (last === undefined || around.nowMs - last.atMs >= around.settings.drift.everySeconds * 1000) return false;
    return last.assignments === assignmentsIn(around);
  }

  #isAny(is: (state: string) => boolean): boolean {
    return [...this.#moving.values()].some(is);
  }

  /** Is anything there but access that has ended, and reports that are looked at again once a day? */
  #hasLiveRequest(): boolean {
    return this.#isAny((state) => state !== 'ended' && state !== 'report-look');
  }
}

/** States of leases, of what our roles have made, and of requests that may hold access. */
function isAboutAssignments(state: string): boolean {
  return state === 'lease' || state === 'made' || (isState(state) && mayHoldAccess(state));
}

/** Who has what, and where it could be had; two texts that are equal say the same. */
function assignmentsIn({ world, settings }: Surroundings): string {
  const { users, accounts, permissionSets, memberships, assignments } = world;
  return JSON.stringify([users, accounts, permissionSets, memberships, assignments, settings]);
}
