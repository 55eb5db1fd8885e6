import { History, type HistoryEventType } from './history.ts';
import type { Json } from './json.ts';

/** The states of an execution, by AWS's names. */
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** How an execution ended. `output` is JSON text, and there for SUCCEEDED alone. */
export interface ExecutionEnd {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** What DescribeExecution tells. Times in milliseconds since 1970, input and output as JSON text. */
export interface ExecutionDescription {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly startDateMs: number;
  readonly stopDateMs?: number;
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

const CLOSING_EVENTS: Readonly<Record<ExecutionEnd['status'], HistoryEventType>> = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
};

/** One run of the workflow: its identity, its variables, where it is, and how it ended. */
export class Execution {
  readonly name: string;
  readonly arn: string;
  readonly stateMachineArn: string;
  /** JSON text, as given. */
  readonly input: string;
  readonly startDateMs: number;
  readonly history: History;
  /** The workflow's variables, replaced as a whole by each Assign. */
  variables: Readonly<Record<string, Json>> = {};
  /** The state it is in, while it runs. */
  currentState: string | undefined;
  /** Set while it is parked: wakes it because it was closed. */
  wakeClosed: (() => void) | undefined;
  #end: ExecutionEnd | undefined;
  #stopDateMs: number | undefined;

  constructor(identity: { name: string; arn: string; stateMachineArn: string; input: string }, nowMs: () => number) {
    this.name = identity.name;
    this.arn = identity.arn;
    this.stateMachineArn = identity.stateMachineArn;
    this.input = identity.input;
    this.startDateMs = nowMs();
    this.history = new History(nowMs);
    this.history.record('ExecutionStarted', { input: identity.input });
  }

  get status(): ExecutionStatus {
    return this.#end?.status ?? 'RUNNING';
  }

  /** Ends it, and wakes it if it is parked; false if it has ended before. */
  close(end: ExecutionEnd, stopDateMs: number): boolean {
    if (this.#end !== undefined) return false;
    const { status, ...details } = end;
    // The API tells no error for an execution that ran out of time; only the history does.
    this.history.close(CLOSING_EVENTS[status], status === 'TIMED_OUT' ? { error: 'States.Timeout' } : details);
    this.#end = end;
    this.#stopDateMs = stopDateMs;
    this.currentState = undefined;
    this.wakeClosed?.();
    return true;
  }

  describe(): ExecutionDescription {
    return {
      executionArn: this.arn,
      stateMachineArn: this.stateMachineArn,
      name: this.name,
      startDateMs: this.startDateMs,
      ...(this.#stopDateMs === undefined ? {} : { stopDateMs: this.#stopDateMs }),
      input: this.input,
      ...this.#end,
      status: this.status,
    };
  }
}
