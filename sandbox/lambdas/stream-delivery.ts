/** The largest number of records in one invocation. */
const BATCH = 100;

/** The pauses before a failed batch is retried: one second, then two, four …, at most a minute. Milliseconds. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** The parts of a record that the delivery needs. */
interface StreamRecord {
  readonly dynamodb: { readonly SequenceNumber: string; readonly ApproximateCreationDateTime: number };
}

/** The options of one event source mapping. */
export interface StreamDeliveryOptions {
  readonly clock: { nowMs(): number; schedule(atMs: number, fn: () => void): () => void };
  readonly functionName: string;
  /** How long records are collected before the function is invoked. Milliseconds. */
  readonly gatherMs: number;
  /** Older records go to the dead-letter queue. Milliseconds. */
  readonly oldestMs: number;
  invoke(functionName: string, event: unknown): Promise<unknown>;
  onDeadLetter(functionName: string, records: readonly unknown[]): void;
}

/**
 * Emulates Lambda's event source mapping of a table's stream to one function: records in order, one batch at a time.
 * Records that the function failed on or reported as unhandled (`batchItemFailures`) are delivered again before any
 * later record. Mappings are independent of each other.
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

  /** Adds the stream's new records. */
  push(records: readonly StreamRecord[]): void {
    this.#waiting.push(...records);
    this.#arm(this.#options.gatherMs);
  }

  /** The number of running batches, without records that wait for their time. */
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

  /** Invokes the function and returns how many records of the batch it has handled. */
  async #invoke(batch: readonly StreamRecord[]): Promise<number> {
    try {
      const answer = (await this.#options.invoke(this.#options.functionName, { Records: batch })) as {
        batchItemFailures?: readonly { readonly itemIdentifier?: string }[];
      } | null;
      const failed = (answer?.batchItemFailures ?? []).map(({ itemIdentifier }) =>
        batch.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === itemIdentifier),
      );
      // As in Lambda, an identifier that is not in the batch makes the whole batch count as failed.
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
