import { performance } from 'node:perf_hooks';
import { TimerHeap } from './timer-heap.ts';

/** Node's timers fire at once when asked for more than this, so a long wait is made of several. */
const LONGEST_REAL_TIMER_MS = 2 ** 31 - 1;

/** How a clock starts. */
export interface VirtualClockOptions {
  /** Virtual time at the start, in milliseconds since 1970. */
  startMs: number;
  /** Virtual milliseconds in one real millisecond once started: 60 is a minute in a second. */
  speed: number;
  /** Real milliseconds from any origin, never going backwards. Injected by tests. */
  realNow?: () => number;
}

/**
 * The sandbox's only clock. Time stands still until `start`; it then flows at `speed`, and `advance` jumps it forward in either
 * mode. Instants are whole milliseconds since 1970 and never go backwards.
 */
export class VirtualClock {
  readonly #fullSpeed: number;
  #speed: number;
  readonly #realNow: () => number;
  readonly #timers = new TimerHeap();
  /** The virtual instant at `#realAnchorMs`, or simply now while time does not flow. */
  #virtualAnchorMs: number;
  /** Set while time flows. */
  #realAnchorMs: number | undefined;
  #started: boolean = false;
  #advancing: boolean = false;
  #advances: Promise<void> = Promise.resolve();
  #disarm: (() => void) | undefined;

  constructor(options: VirtualClockOptions) {
    if (!Number.isFinite(options.startMs)) throw new RangeError('startMs must be milliseconds since 1970');
    if (!(options.speed > 0) || !Number.isFinite(options.speed))
      throw new RangeError('speed must be a positive number');
    this.#virtualAnchorMs = Math.floor(options.startMs);
    this.#fullSpeed = options.speed;
    this.#speed = options.speed;
    // Monotonic, because the wall clock of a laptop jumps when it wakes up.
    this.#realNow = options.realNow ?? (() => performance.now());
  }

  /** Now, in milliseconds since 1970. Stays exact while a step of `advance` runs. */
  nowMs(): number {
    if (this.#realAnchorMs === undefined) return this.#virtualAnchorMs;
    return this.#virtualAnchorMs + Math.max(0, Math.floor((this.#realNow() - this.#realAnchorMs) * this.#speed));
  }

  /** Now. */
  now(): Date {
    return new Date(this.nowMs());
  }

  /**
   * Calls `fn` once virtual time reaches `atMs` (milliseconds since 1970); answers the function that cancels it. Equal instants
   * fire in the order they were scheduled; a past one counts as now, which is the next turn. `fn` must not throw: nobody could catch it.
   */
  schedule(atMs: number, fn: () => void): () => void {
    if (Number.isNaN(atMs)) throw new RangeError('atMs must be milliseconds since 1970');
    // Nothing is due before now: a late timer must not push in ahead of those that are due already.
    const timer = this.#timers.add(Math.max(atMs, this.nowMs()), fn);
    this.#arm();
    return () => {
      this.#timers.remove(timer);
      this.#arm();
    };
  }

  /** Lets time flow. Harmless if it flows already. */
  start(): void {
    this.#started = true;
    if (!this.#advancing) this.#resume();
  }

  /**
   * While work is under way that takes real time whatever the clock does, time flows no faster than this (virtual milliseconds in
   * a real one), or all of it would seem to take minutes. `undefined`: as fast as it was made to.
   */
  limit(speed: number | undefined): void {
    const next = Math.min(this.#fullSpeed, speed ?? this.#fullSpeed);
    if (next === this.#speed) return;
    const flows = this.#realAnchorMs !== undefined;
    if (flows) this.#freeze();
    this.#speed = next;
    if (flows) this.#resume();
  }

  /** Lets time stand still again, where it is. */
  stop(): void {
    this.#started = false;
    this.#freeze();
    this.#arm();
  }

  /**
   * Moves time forward by `ms`, timer by timer, each fired at exactly its instant with time standing still until `settled` says
   * that nothing is in flight; so the outcome does not depend on the machine. Calls queue. Rejects with whatever a timer or
   * `settled` threw; time then stays where that happened and goes on flowing if it was.
   */
  advance(ms: number, settled: () => Promise<void>): Promise<void> {
    if (!(ms >= 0) || !Number.isFinite(ms)) throw new RangeError('time only moves forward');
    const turn = this.#advances.then(() => this.#advance(ms, settled));
    // The next in the queue waits for this one, whatever its outcome; the caller gets the outcome itself.
    this.#advances = turn.catch(() => undefined);
    return turn;
  }

  async #advance(ms: number, settled: () => Promise<void>): Promise<void> {
    this.#freeze();
    this.#advancing = true;
    this.#arm();
    const targetMs = Math.floor(this.#virtualAnchorMs + ms);
    try {
      await settled();
      for (
        let timer = this.#timers.peek();
        timer !== undefined && timer.atMs <= targetMs;
        timer = this.#timers.peek()
      ) {
        this.#timers.remove(timer);
        this.#virtualAnchorMs = Math.max(this.#virtualAnchorMs, Math.ceil(timer.atMs));
        timer.fire();
        await settled();
      }
      this.#virtualAnchorMs = targetMs;
    } finally {
      this.#advancing = false;
      if (this.#started) this.#resume();
      else this.#arm();
    }
  }

  #freeze(): void {
    this.#virtualAnchorMs = this.nowMs();
    this.#realAnchorMs = undefined;
  }

  #resume(): void {
    if (this.#realAnchorMs === undefined) this.#realAnchorMs = this.#realNow();
    this.#arm();
  }

  /** Sets the one real timer for whatever is due next, replacing the one set before. */
  #arm(): void {
    this.#disarm?.();
    this.#disarm = undefined;
    const next = this.#timers.peek();
    if (next === undefined || this.#advancing) return;
    const aheadMs = next.atMs - this.nowMs();
    if (aheadMs <= 0) {
      const immediate = setImmediate(() => this.#fireDue());
      this.#disarm = () => clearImmediate(immediate);
    } else if (this.#realAnchorMs !== undefined) {
      const delayMs = Math.min(Math.ceil(aheadMs / this.#speed), LONGEST_REAL_TIMER_MS);
      const timeout = setTimeout(() => this.#fireDue(), delayMs);
      this.#disarm = () => clearTimeout(timeout);
    }
  }

  /** Fires what is due by now; what a timer schedules for this same instant waits for the next turn. */
  #fireDue(): void {
    const nowMs = this.nowMs();
    const limit = this.#timers.scheduled;
    try {
      for (;;) {
        const timer = this.#timers.peek();
        if (timer === undefined || timer.atMs > nowMs || timer.order >= limit) return;
        this.#timers.remove(timer);
        timer.fire();
      }
    } finally {
      this.#arm();
    }
  }
}
