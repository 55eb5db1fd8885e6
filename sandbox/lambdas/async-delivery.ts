/** The virtual time before each retry, as in Lambda's asynchronous invocations: one minute, then two. Milliseconds. */
const RETRY_AFTER_MS = [60_000, 120_000];

/** The dependencies of a delivery. */
export interface DeliveryOptions {
  readonly clock: { nowMs(): number; schedule(atMs: number, fn: () => void): () => void };
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** Called when all tries have failed and the event goes to the dead-letter queue. */
  onDeadLetter(functionName: string, event: unknown): void;
}

/** Asynchronous invocations by rules and schedules: two retries in virtual time, then the dead-letter queue. */
export class AsyncDelivery {
  readonly #options: DeliveryOptions;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Starts an asynchronous invocation and returns at once. */
  send(functionName: string, event: unknown, attempt = 0): void {
    const work = this.#try(functionName, event, attempt).finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  /** Starts an asynchronous invocation of a function that has neither retries nor a dead-letter queue. */
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

  /** The number of running tries, without those that wait for their retry. */
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
