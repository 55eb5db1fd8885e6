/**
 * Counts what is under way: executions that are not parked, and Lambda invocations without an answer. Whoever hands work on
 * counts the new piece before it ends its own, so the count never touches zero in between.
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

  /** Resolves as soon as nothing is under way; at once if nothing is. */
  async idle(): Promise<void> {
    // A loop, because whoever was woken before us may have begun something new.
    while (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

/** Where an execution waits, parked, for one answer; while it does, it is no work under way. */
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

  /** Wakes the execution. Only the first answer counts; whether this was it is the result. */
  settle(answer: Answer): boolean {
    if (this.#answer === undefined) return false;
    this.#work.begin();
    this.#answer(answer);
    this.#answer = undefined;
    return true;
  }

  /** The answer, which may have come already. To be called once. */
  async wait(): Promise<Answer> {
    this.#work.end();
    return this.#answered;
  }
}
