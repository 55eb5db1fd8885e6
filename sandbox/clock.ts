import { performance } from 'node:perf_hooks';
import { TimerHeap } from './timer-heap.ts';

/** Node fires a timer with a longer delay at once, so a long wait consists of several timers. */
const LONGEST_REAL_TIMER_MS = 2 ** 31 - 1;

/** The start time and speed of a clock. */
export interface VirtualClockOptions {
  /** The virtual time at the start, in milliseconds since 1970. */
  startMs: number;
  /** Virtual milliseconds per real one once started: 60 runs a minute in a second. */
  speed: number;
  /** Real milliseconds from any origin, never going backwards. Injected by tests. */
  realNow?: () => number;
}

/**
 * The sandbox's only clock. Time stands still until `start`. Then it runs at `speed`; `advance` moves it forward
 * whether it runs or not. Instants are whole milliseconds since 1970 and never go backwards.
 */
export class VirtualClock {
  readonly #fullSpeed: number;
  #speed: number;
  readonly #realNow: () => number;
  readonly #timers = new TimerHeap();
  /** The virtual instant at `#realAnchorMs`; the current instant while time stands still. */
  #virtualAnchorMs: number;
  /** Set while time runs. */
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
    // Monotonic, because a laptop's wall clock jumps when the laptop wakes up.
    this.#realNow = options.realNow ?? (() => performance.now());
  }

  /**
   * The current instant, in milliseconds since 1970. It is exactly the timer's instant while `advance` fires a timer.
   */
  nowMs(): number {
    if (this.#realAnchorMs === undefined) return this.#virtualAnchorMs;
    return this.#virtualAnchorMs + Math.max(0, Math.floor((this.#realNow() - this.#realAnchorMs) * this.#speed));
  }

  /** The current instant. */
  now(): Date {
    return new Date(this.nowMs());
  }

  /**
   * Calls `fn` once virtual time reaches `atMs` (milliseconds since 1970), and returns a function that cancels the
   * timer. Timers for the same instant fire in the order they were scheduled. A timer for a past instant fires in the
   * next turn of the event loop. `fn` must not throw: outside of `advance` its error would be uncaught.
   */
  schedule(atMs: number, fn: () => void): () => void {
    if (Number.isNaN(atMs)) throw new RangeError('atMs must be milliseconds since 1970');
    // A timer for a past instant counts as due now, so that it does not fire before timers that are due already.
    const timer = this.#timers.add(Math.max(atMs, this.nowMs()), fn);
    this.#arm();
    return () => {
      this.#timers.remove(timer);
      this.#arm();
    };
  }

  /** Starts the time. Does nothing if it runs already. */
  start(): void {
    this.#started = true;
    if (!this.#advancing) this.#resume();
  }

  /**
   * Limits the speed (virtual milliseconds per real one) while work runs that takes real time; otherwise all of it
   * would seem to take minutes. `undefined` restores the speed the clock was created with.
   */
  limit(speed: number | undefined): void {
    const next = Math.min(this.#fullSpeed, speed ?? this.#fullSpeed);
    if (next === this.#speed) return;
    const flows = this.#realAnchorMs !== undefined;
    if (flows) this.#freeze();
    this.#speed = next;
    if (flows) this.#resume();
  }

  /** Stops the time at the current instant. */
  stop(): void {
    this.#started = false;
    this.#freeze();
    this.#arm();
  }

  /**
   * Moves the time forward by `ms`, timer by timer. Each timer fires at exactly its instant, and time stands still
   * until `settled` resolves, so the outcome does not depend on the machine's speed. Calls are queued. Rejects with the
   * error of a timer or of `settled`; the time then stays at that instant, and runs on if it ran before.
   */
  advance(ms: number, settled: () => Promise<void>): Promise<void> {
    if (!(ms >= 0) || !Number.isFinite(ms)) throw new RangeError('time only moves forward');
    const turn = this.#advances.then(() => this.#advance(ms, settled));
    // The next call in the queue waits for this one whether or not it fails. Only this caller gets the error.
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

  /** Sets the real timer for the next due timer, in place of the previous one. */
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

  /** Fires the timers that are due now. A timer that one of them schedules for this instant waits for the next turn. */
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
