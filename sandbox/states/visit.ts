import type { Passage } from './definition/definition.ts';
import type { Execution } from './execution.ts';
import type { Scope } from './expressions/expression.ts';
import { queryError, StateFailedError, type StateFailure, WorkflowFailedError, withinLimits } from './failures.ts';
import type { HistoryDetails, HistoryEventType } from './history.ts';
import { MAX_HISTORY_EVENTS } from './history.ts';
import { type Json, jsonBytes, MAX_DATA_BYTES, MAX_VARIABLES_BYTES } from './json.ts';
import type { TaskTokens } from './tokens.ts';
import { Parking, type Work } from './work.ts';

/** The interpreter's only source of time. Instants in milliseconds since 1970. */
export interface StatesClock {
  nowMs(): number;
  /** Calls `fn` at `atMs`. Returns a function that cancels the timer. */
  schedule(atMs: number, fn: () => void): () => void;
}

/** One call of a Lambda function. */
export interface Invocation {
  readonly functionName: string;
  readonly payload: unknown;
  readonly executionName: string;
  readonly stateName: string;
}

/** What the interpreter needs besides the execution. */
export interface Host {
  readonly clock: StatesClock;
  readonly work: Work;
  readonly tokens: TaskTokens;
  readonly stateMachine: { readonly id: string; readonly name: string; readonly roleArn: string };
  newToken(): string;
  random(): number;
  /** Calls the function. Later, exactly one of the two callbacks is called. */
  invoke(call: Invocation, answered: (payload: unknown) => void, failed: (error: unknown) => void): void;
}

/** The execution was closed by a stop or a timeout; nothing that it still does has an effect. */
export class ExecutionClosedError extends Error {
  override readonly name = 'ExecutionClosedError';
}

/** Throws `States.DataLimitExceeded` for data larger than AWS allows. */
export function refuseTooLarge(value: Json, what: string, most = MAX_DATA_BYTES): void {
  if (jsonBytes(value) <= most) return;
  throw new WorkflowFailedError(
    'States.DataLimitExceeded',
    `${what} has a size exceeding the maximum number of bytes service limit (${most}).`,
  );
}

/** One visit of one execution to one state. */
export class Visit {
  readonly execution: Execution;
  readonly host: Host;
  readonly stateName: string;
  readonly input: Json;
  readonly #executionInput: Json;
  readonly #enteredMs: number;
  readonly #enteredEventId: number;
  /** Retries so far in this visit. */
  retryCount = 0;

  constructor(stay: {
    execution: Execution;
    host: Host;
    stateName: string;
    type: string;
    input: Json;
    executionInput: Json;
  }) {
    this.execution = stay.execution;
    this.host = stay.host;
    this.stateName = stay.stateName;
    this.input = stay.input;
    this.#executionInput = stay.executionInput;
    this.#enteredMs = stay.host.clock.nowMs();
    this.note(`${stay.type}StateEntered` as HistoryEventType, { input: JSON.stringify(stay.input) });
    this.execution.currentState = stay.stateName;
    this.#enteredEventId = stay.execution.history.lastId;
  }

  /**
   * What expressions can read now. `more` holds `result` or `errorOutput`; `token` is the token of a task that waits
   * for one.
   */
  scope(more: Readonly<Record<string, Json>> = {}, token?: string): Scope {
    const { execution, host } = this;
    const context: Json = {
      Execution: {
        Id: execution.arn,
        Input: this.#executionInput,
        Name: execution.name,
        RoleArn: host.stateMachine.roleArn,
        StartTime: new Date(execution.startDateMs).toISOString(),
      },
      State: {
        EnteredTime: new Date(this.#enteredMs).toISOString(),
        Name: this.stateName,
        RetryCount: this.retryCount,
      },
      StateMachine: { Id: host.stateMachine.id, Name: host.stateMachine.name },
      ...(token === undefined ? {} : { Task: { Token: token } }),
    };
    return {
      states: { input: this.input, context, ...more },
      variables: execution.variables,
      nowMs: host.clock.nowMs(),
      random: () => host.random(),
    };
  }

  /**
   * Evaluates Output and Assign, both with the variables as they were before. Returns the output, or `otherwise` if
   * there is no Output.
   *
   * @throws States.QueryEvaluationError or States.DataLimitExceeded, and then nothing is assigned
   */
  async passage(passage: Passage, otherwise: Json, more: Readonly<Record<string, Json>> = {}): Promise<Json> {
    const scope = this.scope(more);
    const assigned: [string, Json][] = [];
    for (const [name, template] of passage.assign ?? []) assigned.push([name, await template.evaluate(scope)]);
    const output = passage.output === undefined ? otherwise : await passage.output.evaluate(scope);
    refuseTooLarge(output, `The output of the state '${this.stateName}'`);
    if (assigned.length > 0) {
      const changes = Object.fromEntries(assigned);
      refuseTooLarge(changes, `What the state '${this.stateName}' assigns`);
      const variables = { ...this.execution.variables, ...changes };
      refuseTooLarge(variables, 'The variables of the execution', MAX_VARIABLES_BYTES);
      this.execution.variables = variables;
    }
    return output;
  }

  /**
   * Adds an event to the history. Throws if the history is full, which no Catch matches, or if the execution was
   * closed.
   */
  note(type: HistoryEventType, details: HistoryDetails = {}): void {
    this.#refuseIfClosed();
    if (!this.execution.history.record(type, { stateName: this.stateName, ...details })) {
      throw new StateFailedError(HISTORY_FULL);
    }
  }

  /**
   * Parks the execution until `begin` has called `settle`, or until the execution is closed. Then the function that
   * `begin` returned is called at once, to clean up. `settle` returns whether it was the first call.
   */
  async park<Answer>(begin: (settle: (answer: Answer) => boolean) => () => void): Promise<Answer> {
    this.#refuseIfClosed();
    const parking = new Parking<{ answer: Answer } | 'closed'>(this.host.work);
    let settled = false;
    let cleanUp: (() => void) | undefined;
    const settle = (outcome: { answer: Answer } | 'closed') => {
      if (!parking.settle(outcome)) return false;
      settled = true;
      this.execution.wakeClosed = undefined;
      cleanUp?.();
      return true;
    };
    this.execution.wakeClosed = () => settle('closed');
    cleanUp = begin((answer) => settle({ answer }));
    if (settled) cleanUp();
    const outcome = await parking.wait();
    this.#refuseIfClosed();
    if (outcome === 'closed') throw new ExecutionClosedError('closed while parked');
    return outcome.answer;
  }

  /** Parks the execution until `atMs` (milliseconds since 1970). Does not park for an instant in the past. */
  async sleepUntil(atMs: number): Promise<void> {
    if (atMs <= this.host.clock.nowMs()) return;
    await this.park<void>((settle) => this.host.clock.schedule(atMs, () => settle()));
  }

  /** The failure in `error`, with AWS's wording. Any other error is thrown again. */
  failureOf(error: unknown): StateFailure {
    if (error instanceof StateFailedError) return error.failure;
    if (!(error instanceof WorkflowFailedError)) throw error;
    const where = `An error occurred while executing the state '${this.stateName}' (entered at the event id #${this.#enteredEventId}).`;
    const failure = withinLimits({ error: error.error, cause: `${where} ${error.message}` });
    if (error.error === 'States.QueryEvaluationError') this.note('EvaluationFailed', failure);
    return failure;
  }

  #refuseIfClosed(): void {
    if (this.execution.status !== 'RUNNING') throw new ExecutionClosedError('closed');
  }
}

/** The failure of an execution whose history is full. */
export const HISTORY_FULL: StateFailure = {
  error: 'States.Runtime',
  cause: `The execution reached the maximum number of history events (${MAX_HISTORY_EVENTS}).`,
};

/** The boolean result of a condition. Throws `States.QueryEvaluationError` for any other type. */
export function requireBoolean(value: Json, field: string): boolean {
  if (typeof value !== 'boolean') {
    throw queryError(`The field '${field}' must be a boolean, but was ${JSON.stringify(value)}.`);
  }
  return value;
}
