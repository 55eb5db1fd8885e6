import { STAGING } from '../parts/fixture.ts';

/** Grace of the drift rule in `fixtureSettings`, before an assignment made by others is removed. Milliseconds. */
const DRIFT_GRACE_MS = 300_000;
const NEVER_HEARD = '';
/** How far apart the clocks of two functions may be, both ways. */
const SKEW_MS = 30_000;

/**
 * Glasshammer's removal of an assignment takes along what others made just before it. Skewed clocks and CloudTrail's
 * whole seconds blur which of the two came first. Milliseconds.
 */
const BLUR_MS = 50_000;

/**
 * As much of an assignment's lease item as is needed to say whether Glasshammer or somebody else made the assignment.
 */
export interface SeenLease {
  readonly removing: boolean;
  readonly leases: number;
  /** The lease was released, and the watch still looks for an assignment that its grant may have made since. */
  readonly released: boolean;
}

/** What the request table says about assignments. */
export interface SeenLeases {
  readonly leases: ReadonlyMap<string, SeenLease>;
  /** When Glasshammer last removed each assignment. */
  readonly removedMs: ReadonlyMap<string, number>;
}

/**
 * Tracks what administrators did to assignments outside Glasshammer, and whether it must stay. An assignment that they
 * made must stay from the moment Glasshammer can know that they made it: at once if Glasshammer had no part in the
 * assignment, otherwise when the CloudTrail event is handled in time.
 */
export class Outsiders {
  /** Keys of assignments that must stay, with the instant at which they were made. */
  readonly #sure = new Map<string, number>();
  /**
   * Keys of assignments that both an administrator and Glasshammer made. What becomes of them depends on the order in
   * which events arrive; `eventId` is the CloudTrail event that reports the administrator's.
   */
  readonly #unsure = new Map<string, { readonly eventId: string; readonly sinceMs: number }>();
  readonly #takenMs = new Map<string, number>();
  readonly #enforcing: boolean;

  constructor(options: { readonly enforcing: boolean }) {
    this.#enforcing = options.enforcing;
  }

  /** @param sure Glasshammer had no part in the assignment when the administrator made it */
  gave(key: string, eventId: string, nowMs: number, sure: boolean): void {
    // CloudTrail has whole seconds: of a removal and a creation in the same second, the removal counts, by design.
    const inSameSecond = Math.floor(nowMs / 1000) === Math.floor(this.takenMs(key) / 1000);
    if (inSameSecond) this.#unsure.set(key, { eventId: NEVER_HEARD, sinceMs: nowMs });
    else if (sure) this.#sure.set(key, nowMs);
    else if (!this.#sure.has(key)) this.#unsure.set(key, { eventId, sinceMs: nowMs });
  }

  took(key: string, nowMs: number): void {
    this.#forget(key);
    this.#takenMs.set(key, nowMs);
  }

  /** The watch has handled the event: from now on the assignment must stay, unless a removal was under way already. */
  heard(eventId: string, { leases, removedMs }: SeenLeases): void {
    for (const [key, given] of this.#unsure) {
      if (given.eventId !== eventId) continue;
      const item = leases.get(key);
      if (item !== undefined && (item.removing || (item.leases === 0 && !item.released))) continue;
      if (given.sinceMs <= (removedMs.get(key) ?? 0) + BLUR_MS) continue;
      this.#unsure.delete(key);
      this.#sure.set(key, given.sinceMs);
    }
  }

  /** Keys of assignments that administrators made and that may exist. */
  given(): string[] {
    return [...this.#sure.keys(), ...this.#unsure.keys()];
  }

  /** Notes that the assignment is gone. @returns whether it should still be there */
  isMissed(key: string, nowMs: number): boolean {
    const sinceMs = this.#sure.get(key);
    this.#forget(key);
    if (sinceMs === undefined) return false;
    return !(this.#isToRemove(key) && nowMs - sinceMs >= DRIFT_GRACE_MS - SKEW_MS);
  }

  /** Whether an administrator made the assignment, even if Glasshammer cannot know it yet. */
  isTheirs(key: string): boolean {
    return this.#sure.has(key) || this.#unsure.has(key);
  }

  /** When an administrator last removed the assignment; milliseconds. */
  takenMs(key: string): number {
    return this.#takenMs.get(key) ?? Number.NEGATIVE_INFINITY;
  }

  /** Keys of assignments that the drift rules must remove and that still exist. */
  leftToRemove(): string[] {
    return [...this.#sure.keys()].filter((key) => this.#isToRemove(key));
  }

  #isToRemove(key: string): boolean {
    return this.#enforcing && key.includes(`#${STAGING}#`);
  }

  #forget(key: string): void {
    this.#sure.delete(key);
    this.#unsure.delete(key);
  }
}
