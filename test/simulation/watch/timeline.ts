import { TimerHeap } from '../../../sandbox/timer-heap.ts';

/**
 * The only clock of a history, and its scheduler. One timer fires at a time, and the next only when everything that the
 * last one set off waits for the clock again. So concurrent steps happen in the order of their instants and in no
 * other.
 */
export class Timeline {
  readonly #timers = new TimerHeap();
  #nowMs: number;
  #busy = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  /** Calls `fn` at `atMs`, milliseconds since 1970; answers the function that cancels it. */
  schedule(atMs: number, fn: () => void): () => void {
    const timer = this.#timers.add(Math.max(Math.ceil(atMs), this.#nowMs), fn);
    return () => this.#timers.remove(timer);
  }

  /** Runs work that does not wait for the clock; the next step waits for it. */
  async busy<T>(work: () => Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      return await work();
    } finally {
      this.#busy -= 1;
    }
  }

  /** Makes `run` reject with this error: nobody awaits the work that failed. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /**
   * Lets time pass until `untilMs`, timer by timer, or until `isOver` returns true. Calls `after` after each timer.
   *
   * @returns whether `isOver` returned true before `untilMs`
   */
  async run(untilMs: number, after: () => void, isOver: () => boolean): Promise<boolean> {
    await this.settle();
    for (;;) {
      if (isOver()) return true;
      const timer = this.#timers.peek();
      if (timer === undefined || timer.atMs > untilMs) {
        this.#nowMs = untilMs;
        return false;
      }
      this.#timers.remove(timer);
      this.#nowMs = Math.max(this.#nowMs, timer.atMs);
      timer.fire();
      await this.settle();
      after();
    }
  }

  /**
   * Resolves when all work waits for the clock. Promises settle within one turn of the event loop; tables need several.
   */
  async settle(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.#busy > 0);
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
