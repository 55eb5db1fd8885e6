/** A function to call at one virtual instant. `index` is the timer's place in the heap, -1 after it was removed. */
export interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly fire: () => void;
  index: number;
}

/** Whether `a` is due before `b`: by instant, and for equal instants by the order of scheduling. */
function isBefore(a: Timer, b: Timer): boolean {
  return a.atMs === b.atMs ? a.order < b.order : a.atMs < b.atMs;
}

/**
 * A heap of timers in the order in which they are due. Removed timers leave the heap at once: every execution cancels a
 * timer that is a year away, so a heap that only marked them would keep growing.
 */
export class TimerHeap {
  readonly #timers: Timer[] = [];
  #scheduled = 0;

  /** The number of timers added so far; the `order` of the next one. */
  get scheduled(): number {
    return this.#scheduled;
  }

  /** The next due timer, without removing it. */
  peek(): Timer | undefined {
    return this.#timers[0];
  }

  /** Adds a timer for `atMs` (virtual milliseconds since 1970) and returns it for `remove`. */
  add(atMs: number, fire: () => void): Timer {
    const timer: Timer = { atMs, order: this.#scheduled++, fire, index: this.#timers.length };
    this.#timers.push(timer);
    this.#rise(timer);
    return timer;
  }

  /** Removes a timer. Does nothing if it has fired or was removed before. */
  remove(timer: Timer): void {
    const { index } = timer;
    if (index < 0) return;
    const last = this.#timers.pop();
    timer.index = -1;
    if (last === undefined || last === timer) return;
    this.#place(last, index);
    this.#rise(last);
    this.#sink(last);
  }

  #place(timer: Timer, index: number): void {
    this.#timers[index] = timer;
    timer.index = index;
  }

  #rise(timer: Timer): void {
    for (;;) {
      const { index } = timer;
      const parent = this.#timers[(index - 1) >> 1];
      if (index === 0 || parent === undefined || !isBefore(timer, parent)) return;
      this.#place(timer, parent.index);
      this.#place(parent, index);
    }
  }

  #sink(timer: Timer): void {
    for (;;) {
      const { index } = timer;
      const left = this.#timers[2 * index + 1];
      const right = this.#timers[2 * index + 2];
      const child = left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || !isBefore(child, timer)) return;
      this.#place(timer, child.index);
      this.#place(child, index);
    }
  }
}
