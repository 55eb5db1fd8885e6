import { isLastState, isState, mayHoldAccess } from '../../core/model/life-cycle.ts';
import { ITEM_PREFIXES } from '../../core/model/stored-ids.ts';
import { areSessionsSettled } from '../../core/sessions/live-sessions.ts';
import { readItem } from '../../gateways/dynamodb/read-item.ts';
import type { Settings } from '../../lambdas/shared/settings.ts';
import type { StreamRecord } from '../aws/tables/table-streams.ts';
import type { World } from '../aws/world/world.ts';
import type { DeployedSchedule as Schedule } from './schedules.ts';

/**
 * While all that is there waits for its end or its report, and workflows live that see to it, one run follows so many that were left
 * out: whoever finds something late finds it within half an hour.
 */
const MOST_LEFT_OUT = 5;

/** What may still change by itself. */
interface Moving {
  readonly state: string;
  /** ISO 8601; when access ends. */
  readonly endsAt: string;
  /** A removal is under way, or was. */
  readonly isRemoved: boolean;
}

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
  /** By id, whatever is not in a last state. */
  readonly #moving = new Map<string, Moving>();
  /** How often any of these has changed. */
  #changes = 0;
  /** Of each function, its runs left out since the last that ran, and what had changed by then. */
  readonly #ran = new Map<string, { readonly leftOut: number; readonly changes: number }>();
  readonly #deployed: Settings;
  /** What the last look at assignments found, and when; nothing where drift or its rules have changed since. Milliseconds. */
  #looked: { readonly assignments: string; readonly atMs: number } | undefined;

  /** @param deployed at first: what another deployment leaves wrong may have to be told of again and again */
  constructor(deployed: Settings) {
    this.#deployed = deployed;
  }

  /** An item of the request table has changed. */
  note({ dynamodb: { Keys, NewImage } }: StreamRecord): void {
    const id = String(Keys.id?.S);
    if (id.startsWith('control#') || id.startsWith(ITEM_PREFIXES.drift)) this.#looked = undefined;
    const state = NewImage?.state?.S;
    // A grant that failed may have given what sessions were begun by, which the sweep has cut.
    const owesCut = state === 'failed' && NewImage?.grant !== undefined && !isSettled(NewImage);
    if (state === undefined && !this.#moving.has(id)) return;
    this.#changes += 1;
    if (state === undefined || (isLastState(String(state)) && !owesCut)) this.#moving.delete(id);
    else {
      const isRemoved = NewImage?.removing !== undefined || NewImage?.releasedAt !== undefined;
      this.#moving.set(id, { state: String(state), endsAt: String(NewImage?.endsAt?.S ?? ''), isRemoved });
    }
  }

  /** Can nothing come of it now? */
  isIdle({ functionName, looksAt }: Schedule, around: Surroundings): boolean {
    if (looksAt === 'live access') return !this.#isAny((state) => isState(state) && mayHoldAccess(state));
    const last = this.#ran.get(functionName);
    const mayWait = last !== undefined && last.leftOut < MOST_LEFT_OUT;
    const isUnchanged = last?.changes === this.#changes && around.settings === this.#deployed;
    const isCalm = mayWait && isUnchanged && this.#isEachInItsPlace(around);
    if (looksAt === 'assignments') return this.#hasLooked(around) && (isCalm || !this.#isAny(isAboutAssignments));
    if (looksAt !== 'open requests') return false;
    if (this.#moving.size === 0) return true;
    return mayWait && (isCalm || (!this.#hasLiveRequest() && this.#count('ended') <= around.workflows));
  }

  /** It was due, and ran or did not. */
  wasDue({ functionName, looksAt }: Schedule, ran: boolean, around: Surroundings): void {
    const { leftOut, changes } = this.#ran.get(functionName) ?? { leftOut: 0, changes: -1 };
    this.#ran.set(functionName, ran ? { leftOut: 0, changes: this.#changes } : { leftOut: leftOut + 1, changes });
    if (looksAt === 'assignments' && ran) this.#looked = { assignments: assignmentsIn(around), atMs: around.nowMs };
  }

  /** Is everything as the last look found it, and no full pass due? */
  #hasLooked(around: Surroundings): boolean {
    const last = this.#looked;
    if (last === undefined || around.nowMs - last.atMs >= around.settings.drift.everySeconds * 1000) return false;
    return last.assignments === assignmentsIn(around);
  }

  /**
   * Is all that is there either access before its end or over, each with its workflow, or what belongs to such access? Then a run
   * finds what the last one found, until a time comes.
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

  /** Is anything there but access that has ended, and reports that are looked at again once a day? */
  #hasLiveRequest(): boolean {
    return this.#isAny((state) => state !== 'ended' && state !== 'report-look');
  }
}

/** Beside access that is active: access that is over, reports that are looked at again, leases, and what our roles have made. */
const CALM_STATES: ReadonlySet<string> = new Set(['ended', 'report-look', 'lease', 'made']);

/** States of leases, of what our roles have made, and of requests that may hold access. */
function isAboutAssignments(state: string): boolean {
  return state === 'lease' || state === 'made' || (isState(state) && mayHoldAccess(state));
}

/** Who has what, and where it could be had; two texts that are equal say the same. */
function assignmentsIn({ world, settings }: Surroundings): string {
  const { users, accounts, permissionSets, memberships, assignments } = world;
  return JSON.stringify([users, accounts, permissionSets, memberships, assignments, settings]);
}

/** By its history, is nothing left to cut of its sessions? */
function isSettled(image: object): boolean {
  const { events } = readItem(image as Parameters<typeof readItem>[0]);
  return Array.isArray(events) && areSessionsSettled(events);
}
