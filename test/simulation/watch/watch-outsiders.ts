import { STAGING } from '../parts/fixture.ts';

/** What the drift rule of an enforcing company leaves its people to object; as in `fixtureSettings`. Milliseconds. */
const DRIFT_GRACE_MS = 300_000;
const NEVER_HEARD = '';
/** Clocks that are off, both ways. */
const SKEW_MS = 30_000;

/** What we removed went with what others had made; clocks that are off and whole seconds blur which was first. Milliseconds. */
const BLUR_MS = 50_000;

/** The lease item of an assignment, as far as it tells whose the assignment is. */
export interface SeenLease {
  readonly removing: boolean;
  readonly leases: number;
  /** It was let go, and what its grant may have made since is looked for. */
  readonly released: boolean;
}

/** What the request table says of assignments. */
export interface SeenLeases {
  readonly leases: ReadonlyMap<string, SeenLease>;
  /** When we removed one last. */
  readonly removedMs: ReadonlyMap<string, number>;
}

/**
 * What people with a console did to assignments behind our back, and what becomes of it. What they gave is sure to stay from the
 * moment we can know that it is theirs: at once where we had no part in it, otherwise when we have heard of it in time.
 */
export class Outsiders {
  /** Keys that must stay, and since when they are there. */
  readonly #sure = new Map<string, number>();
  /** Keys that are theirs and ours: what becomes of them depends on what we hear first. The event by which we hear. */
  readonly #unsure = new Map<string, { readonly eventId: string; readonly sinceMs: number }>();
  readonly #takenMs = new Map<string, number>();
  readonly #enforcing: boolean;

  constructor(options: { readonly enforcing: boolean }) {
    this.#enforcing = options.enforcing;
  }

  /** @param sure nobody of ours had to do with it when it was given */
  gave(key: string, eventId: string, nowMs: number, sure: boolean): void {
    // CloudTrail tells whole seconds: of a removal and a gift in the same one, the removal counts, by design.
    const inSameSecond = Math.floor(nowMs / 1000) === Math.floor(this.takenMs(key) / 1000);
    if (inSameSecond) this.#unsure.set(key, { eventId: NEVER_HEARD, sinceMs: nowMs });
    else if (sure) this.#sure.set(key, nowMs);
    else if (!this.#sure.has(key)) this.#unsure.set(key, { eventId, sinceMs: nowMs });
  }

  took(key: string, nowMs: number): void {
    this.#forget(key);
    this.#takenMs.set(key, nowMs);
  }

  /** We have dealt with the event: from here on we know, unless our removal was under way already. */
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

  /** Keys of what they gave, and may be there. */
  given(): string[] {
    return [...this.#sure.keys(), ...this.#unsure.keys()];
  }

  /** It is not there any more. Answers whether it should be. */
  isMissed(key: string, nowMs: number): boolean {
    const sinceMs = this.#sure.get(key);
    this.#forget(key);
    if (sinceMs === undefined) return false;
    return !(this.#isToRemove(key) && nowMs - sinceMs >= DRIFT_GRACE_MS - SKEW_MS);
  }

  /** Is it theirs, whether or not we can know? */
  isTheirs(key: string): boolean {
    return this.#sure.has(key) || this.#unsure.has(key);
  }

  /** When they took it away last; milliseconds. */
  takenMs(key: string): number {
    return this.#takenMs.get(key) ?? Number.NEGATIVE_INFINITY;
  }

  /** What the rules say has to go, and is still there. */
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
