/**
 * Counts what is running: executions that are not parked, and Lambda invocations without an answer. Code that starts
 * further work calls `begin` for it before it calls `end` for its own, so the count does not drop to zero in between.
 */
export class Work {
  #count = 0;
  #waiting: (() => void)[] = [];

  begin(): void {
    this.#count++;
  }

  end(): void {
    this.#count--;
    if (this.#count > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves as soon as nothing is running; at once if nothing is. */
  async idle(): Promise<void> {
    // A loop, because another waiter that was woken first may have started something.
    while (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

/** A parked execution that waits for one answer. While it waits, it does not count as running. */
export class Parking<Answer> {
  readonly #work: Work;
  readonly #answered: Promise<Answer>;
  #answer: ((answer: Answer) => void) | undefined;

  constructor(work: Work) {
    this.#work = work;
    this.#answered = new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  /** Wakes the execution. Returns whether this was the first answer; later ones are ignored. */
  settle(answer: Answer): boolean {
    if (this.#answer === undefined) return false;
    this.#work.begin();
    this.#answer(answer);
    this.#answer = undefined;
    return true;
  }

  /** The answer, which may have come already. May be called once. */
  async wait(): Promise<Answer> {
    this.#work.end();
    return this.#answered;
  }
}
