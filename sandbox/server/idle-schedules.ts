import { isLastState, isState, mayHoldAccess } from '../../core/model/life-cycle.ts';
import { ITEM_PREFIXES } from '../../core/model/stored-ids.ts';
import { areSessionsSettled } from '../../core/sessions/live-sessions.ts';
import { readItem } from '../../gateways/dynamodb/read-item.ts';
import type { Settings } from '../../lambdas/shared/settings.ts';
import type { StreamRecord } from '../aws/tables/table-streams.ts';
import type { World } from '../aws/world/world.ts';
import type { Fault } from '../faults.ts';
import type { DeployedSchedule as Schedule } from './schedules.ts';

/**
 * How many runs in a row may be left out while access only waits for its end or its report and running workflows take
 * care of it. A schedule of five minutes then still runs every half an hour (six times five minutes), so a change that
 * this file misses is found within that time.
 */
const MOST_LEFT_OUT = 5;

/** An item that may still change without a call from outside. */
interface Moving {
  readonly state: string;
  /** ISO 8601; when access ends. */
  readonly endsAt: string;
  /** A removal is running, or has run. */
  readonly isRemoved: boolean;
}

/** What the check needs besides the request table. */
export interface Surroundings {
  readonly world: World;
  readonly settings: Settings;
  readonly nowMs: number;
  /** The number of running workflows. */
  readonly workflows: number;
}

/** May a fault change what a run of this schedule finds or does? Not if it only stops another function. */
export function mayConcern({ operation }: Pick<Fault, 'operation'>, { functionName }: Schedule): boolean {
  const [service, name] = operation.split(':');
  return (service !== 'lambda' && service !== 'schedule') || name === functionName;
}

/**
 * Follows the items of the request table that may still change, to tell which scheduled runs would have nothing to do.
 */
export class IdleSchedules {
  /** The items that are not in a last state, by id. */
  readonly #moving = new Map<string, Moving>();
  /** The number of changes of these items so far. */
  #changes = 0;
  /** For each function, the number of runs left out since the last one that ran, and `#changes` at that run. */
  readonly #ran = new Map<string, { readonly leftOut: number; readonly changes: number }>();
  readonly #deployed: Settings;
  /** Was a request deleted since the requests were last looked at? No function does that; a restore of the table does. */
  #isAnyLost = false;
  /**
   * The assignments at the last look at them, and its time in milliseconds; `undefined` where drift or a control item
   * has changed since.
   */
  #looked: { readonly assignments: string; readonly atMs: number } | undefined;

  /**
   * @param deployed the settings of the first deployment. After another one, runs are not left out as unchanged: what
   * the new settings leave wrong may have to be reported again and again
   */
  constructor(deployed: Settings) {
    this.#deployed = deployed;
  }

  /** Takes note of a changed item of the request table. */
  note({ dynamodb: { Keys, NewImage } }: StreamRecord): void {
    const id = String(Keys.id?.S);
    if (id.startsWith('control#') || id.startsWith(ITEM_PREFIXES.drift)) this.#looked = undefined;
    if (NewImage === undefined && !id.includes('#')) this.#isAnyLost = true;
    const state = NewImage?.state?.S;
    // A failed grant may have created the assignment, and sessions may have begun with it. Until the sweep has cut
    // them, the request counts as moving.
    const owesCut = state === 'failed' && NewImage?.grant !== undefined && !isSettled(NewImage);
    if (state === undefined && !this.#moving.has(id)) return;
    this.#changes += 1;
    if (state === undefined || (isLastState(String(state)) && !owesCut)) this.#moving.delete(id);
    else {
      const isRemoved = NewImage?.removing !== undefined || NewImage?.releasedAt !== undefined;
      this.#moving.set(id, { state: String(state), endsAt: String(NewImage?.endsAt?.S ?? ''), isRemoved });
    }
  }

  /** Would a run of this schedule find nothing to do now? */
  isIdle({ functionName, looksAt }: Schedule, around: Surroundings): boolean {
    if (looksAt === 'live access') return !this.#isAny((state) => isState(state) && mayHoldAccess(state));
    const last = this.#ran.get(functionName);
    const mayWait = last !== undefined && last.leftOut < MOST_LEFT_OUT;
    const isUnchanged = last?.changes === this.#changes && around.settings === this.#deployed;
    const isCalm = mayWait && isUnchanged && this.#isEachInItsPlace(around);
    if (looksAt === 'assignments') return this.#hasLooked(around) && (isCalm || !this.#isAny(isAboutAssignments));
    if (looksAt !== 'open requests' || this.#isAnyLost) return false;
    if (this.#moving.size === 0) return true;
    return mayWait && (isCalm || (!this.#hasLiveRequest() && this.#count('ended') <= around.workflows));
  }

  /** Takes note of a due run, which ran or was left out. */
  wasDue({ functionName, looksAt }: Schedule, ran: boolean, around: Surroundings): void {
    const { leftOut, changes } = this.#ran.get(functionName) ?? { leftOut: 0, changes: -1 };
    this.#ran.set(functionName, ran ? { leftOut: 0, changes: this.#changes } : { leftOut: leftOut + 1, changes });
    if (looksAt === 'open requests' && ran) this.#isAnyLost = false;
    if (looksAt === 'assignments' && ran) this.#looked = { assignments: assignmentsIn(around), atMs: around.nowMs };
  }

  /** Are the assignments as the last look found them, and is no full pass due? */
  #hasLooked(around: Surroundings): boolean {
    const last = this.#looked;
    if (last === undefined || around.nowMs - last.atMs >= around.settings.drift.everySeconds * 1000) return false;
    return last.assignments === assignmentsIn(around);
  }

  /**
   * Is every item active access before its end, access that has ended, or an item that belongs to such access, and has
   * each access a running workflow? Then a run finds what the last one found, until a point in time is reached.
   */
  #isEachInItsPlace({ nowMs, workflows }: Surroundings): boolean {
    const now = new Date(nowMs).toISOString();
    const isInPlace = ({ state, endsAt, isRemoved }: Moving) =>
      state === 'active' ? endsAt > now : CALM_STATES.has(state) && !isRemoved;
    if (![...this.#moving.values()].every(isInPlace)) return false;
    const active = this.#count('active');
    return (
      active + this.#count('ended') <= workflows && this.#count('lease') <= active && this.#count('made') <= active
    );
  }

  #count(wanted: string): number {
    return [...this.#moving.values()].filter(({ state }) => state === wanted).length;
  }

  #isAny(is: (state: string) => boolean): boolean {
    return [...this.#moving.values()].some(({ state }) => is(state));
  }

  /** Is there anything besides ended access and reports that are read again once a day? */
  #hasLiveRequest(): boolean {
    return this.#isAny((state) => state !== 'ended' && state !== 'report-look');
  }
}

/**
 * The states that, besides `active`, leave a run nothing to do: ended access, reports to read again, leases, and
 * records of assignments that Glasshammer's own roles made.
 */
const CALM_STATES: ReadonlySet<string> = new Set(['ended', 'report-look', 'lease', 'made']);

/**
 * Is it the state of a lease, of an assignment that Glasshammer's own roles made, or of a request that may hold access?
 */
function isAboutAssignments(state: string): boolean {
  return state === 'lease' || state === 'made' || (isState(state) && mayHoldAccess(state));
}

/**
 * All assignments and memberships and what they can be made for, as text. Equal texts mean that nothing has changed.
 */
function assignmentsIn({ world, settings }: Surroundings): string {
  const { users, accounts, permissionSets, memberships, assignments } = world;
  return JSON.stringify([users, accounts, permissionSets, memberships, assignments, settings]);
}

/** Does the request's history show that none of its sessions is left to cut? */
function isSettled(image: object): boolean {
  const { events } = readItem(image as Parameters<typeof readItem>[0]);
  return Array.isArray(events) && areSessionsSettled(events);
}
