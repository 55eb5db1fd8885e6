/** Virtual time between the tries of an event, as Lambda retries asynchronous invocations: a minute, then two. Milliseconds. */
const RETRY_AFTER_MS = [60_000, 120_000];

/** What a delivery is made of. */
export interface DeliveryOptions {
  readonly clock: { nowMs(): number; schedule(atMs: number, fn: () => void): () => void };
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** All tries failed: the event is in the dead-letter queue. */
  onDeadLetter(functionName: string, event: unknown): void;
}

/** Asynchronous invocations by rules and schedules: two retries on the clock, then the dead-letter queue. */
export class AsyncDelivery {
  readonly #options: DeliveryOptions;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Hands an event to a function; answers at once. */
  send(functionName: string, event: unknown, attempt = 0): void {
    const work = this.#try(functionName, event, attempt).finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  /** The same for a function that is not tried again, and whose events nobody keeps. */
  sendOnce(functionName: string, event: unknown): void {
    const work = this.#options
      .invoke(functionName, event)
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  /** Tries under way now; those waiting for their time do not count. */
  inFlight(): number {
    return this.#underWay.size;
  }

  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #try(functionName: string, event: unknown, attempt: number): Promise<void> {
    try {
      await this.#options.invoke(functionName, event);
    } catch {
      const waitMs = RETRY_AFTER_MS[attempt];
      if (waitMs === undefined) this.#options.onDeadLetter(functionName, event);
      else
        this.#options.clock.schedule(this.#options.clock.nowMs() + waitMs, () =>
          this.send(functionName, event, attempt + 1),
        );
    }
  }
}
