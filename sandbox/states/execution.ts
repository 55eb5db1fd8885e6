import { History, type HistoryEventType } from './history.ts';
import type { Json } from './json.ts';

/** The status of an execution, by AWS's names. */
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** How an execution ended. `output` is JSON text, and only set for SUCCEEDED. */
export interface ExecutionEnd {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** The answer of DescribeExecution. Times in milliseconds since 1970, input and output as JSON text. */
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

/** One execution of the workflow: identity, variables, current state, and how it ended. */
export class Execution {
  readonly name: string;
  readonly arn: string;
  readonly stateMachineArn: string;
  /** The JSON text given at the start. */
  readonly input: string;
  readonly startDateMs: number;
  readonly history: History;
  /** The workflow's variables. Each Assign replaces the whole object. */
  variables: Readonly<Record<string, Json>> = {};
  /** The current state; `undefined` once closed. */
  currentState: string | undefined;
  /** Set while the execution is parked: wakes it when it is closed. */
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

  /** Closes the execution, and wakes it if it is parked; false if it was closed before. */
  close(end: ExecutionEnd, stopDateMs: number): boolean {
    if (this.#end !== undefined) return false;
    const { status, ...details } = end;
    // For an execution that timed out DescribeExecution has no error; only the history has one.
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
