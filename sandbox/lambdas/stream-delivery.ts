/** Records a function is handed at once. */
const BATCH = 100;

/** A batch that fails is handed over again after a second, then two, four …, and in the end every minute. Milliseconds. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** A record as far as its way matters. */
interface StreamRecord {
  readonly dynamodb: { readonly SequenceNumber: string; readonly ApproximateCreationDateTime: number };
}

/** What one mapping of a stream to a function is made of. */
export interface StreamDeliveryOptions {
  readonly clock: { nowMs(): number; schedule(atMs: number, fn: () => void): () => void };
  readonly functionName: string;
  /** How long records are gathered before the function runs. Milliseconds. */
  readonly gatherMs: number;
  /** Records older than this go to the dead letters. Milliseconds. */
  readonly oldestMs: number;
  invoke(functionName: string, event: unknown): Promise<unknown>;
  onDeadLetter(functionName: string, records: readonly unknown[]): void;
}

/**
 * Lambda's mapping of a table's stream to one function: records in order, one batch at a time; what a function fails, or says it
 * has not handled (`batchItemFailures`), it is handed again before anything that came later. Independent of every other mapping.
 */
export class StreamDelivery {
  readonly #options: StreamDeliveryOptions;
  #waiting: StreamRecord[] = [];
  #pauseMs = 0;
  #armed: boolean = false;
  #run: Promise<void> | undefined;

  constructor(options: StreamDeliveryOptions) {
    this.#options = options;
  }

  /** Takes records as the stream grows. */
  push(records: readonly StreamRecord[]): void {
    this.#waiting.push(...records);
    this.#arm(this.#options.gatherMs);
  }

  /** Batches being handled now; records that wait for their time do not count. */
  inFlight(): number {
    return this.#run === undefined ? 0 : 1;
  }

  async idle(): Promise<void> {
    while (this.#run !== undefined) await this.#run;
  }

  #arm(afterMs: number): void {
    if (this.#armed || this.#run !== undefined || this.#waiting.length === 0) return;
    if (afterMs === 0) {
      this.#start();
      return;
    }
    this.#armed = true;
    this.#options.clock.schedule(this.#options.clock.nowMs() + afterMs, () => {
      this.#armed = false;
      this.#start();
    });
  }

  #start(): void {
    this.#run = this.#handle().finally(() => {
      this.#run = undefined;
      this.#arm(this.#pauseMs === 0 ? this.#options.gatherMs : this.#pauseMs);
    });
  }

  async #handle(): Promise<void> {
    this.#dropExpired();
    const batch = this.#waiting.slice(0, BATCH);
    if (batch.length === 0) return;
    const done = await this.#invoke(batch);
    this.#waiting = this.#waiting.slice(done);
    this.#pauseMs =
      done === batch.length ? 0 : Math.min(LONGEST_PAUSE_MS, this.#pauseMs === 0 ? FIRST_PAUSE_MS : this.#pauseMs * 2);
  }

  /** How many records of a batch the function has handled. */
  async #invoke(batch: readonly StreamRecord[]): Promise<number> {
    try {
      const answer = (await this.#options.invoke(this.#options.functionName, { Records: batch })) as {
        batchItemFailures?: readonly { readonly itemIdentifier?: string }[];
      } | null;
      const failed = (answer?.batchItemFailures ?? []).map(({ itemIdentifier }) =>
        batch.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === itemIdentifier),
      );
      // One that is not in the batch means that nothing of it counts, as Lambda has it.
      return failed.length === 0 ? batch.length : Math.max(0, Math.min(...failed));
    } catch {
      return 0;
    }
  }

  #dropExpired(): void {
    const { clock, oldestMs, functionName } = this.#options;
    const bornBeforeSeconds = (clock.nowMs() - oldestMs) / 1000;
    const expired = this.#waiting.filter((record) => record.dynamodb.ApproximateCreationDateTime < bornBeforeSeconds);
    if (expired.length === 0) return;
    this.#waiting = this.#waiting.filter((record) => !expired.includes(record));
    this.#options.onDeadLetter(functionName, expired);
  }
}
