/** The largest number of events in a history, the closing event included (service quota, Standard workflows). */
export const MAX_HISTORY_EVENTS = 25_000;

/** The types of events, by AWS's names. */
export type HistoryEventType =
  | 'ExecutionStarted'
  | 'ExecutionSucceeded'
  | 'ExecutionFailed'
  | 'ExecutionTimedOut'
  | 'ExecutionAborted'
  | 'EvaluationFailed'
  | 'TaskScheduled'
  | 'TaskStarted'
  | 'TaskSubmitted'
  | 'TaskSucceeded'
  | 'TaskFailed'
  | 'TaskTimedOut'
  | `${'Task' | 'Wait' | 'Choice' | 'Pass' | 'Succeed' | 'Fail'}StateEntered`
  | `${'Task' | 'Wait' | 'Choice' | 'Pass' | 'Succeed'}StateExited`;

/** The details of an event. Inputs and outputs are JSON text. */
export interface HistoryDetails {
  readonly stateName?: string;
  readonly resource?: string;
  readonly input?: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly timeoutSeconds?: number;
  readonly heartbeatSeconds?: number;
}

/** One event of an execution's history. */
export interface HistoryEvent extends HistoryDetails {
  /** Counted from 1. */
  readonly id: number;
  readonly previousEventId: number;
  readonly type: HistoryEventType;
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
}

/** The history of one execution. */
export class History {
  readonly events: HistoryEvent[] = [];
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Adds an event. Returns false and adds nothing if the history has room for the closing event alone. */
  record(type: HistoryEventType, details: HistoryDetails = {}): boolean {
    if (this.events.length >= MAX_HISTORY_EVENTS - 1) return false;
    this.#add(type, details);
    return true;
  }

  /** Adds the event that closes the execution. */
  close(type: HistoryEventType, details: HistoryDetails): void {
    this.#add(type, details);
  }

  /** The id of the newest event. */
  get lastId(): number {
    return this.events.length;
  }

  #add(type: HistoryEventType, details: HistoryDetails): void {
    const previousEventId = this.events.length;
    this.events.push({ id: previousEventId + 1, previousEventId, type, timestampMs: this.#nowMs(), ...details });
  }
}
