import {
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidExecutionInput,
  InvalidName,
  InvalidOutput,
  TaskTimedOut,
} from './api-errors.ts';
import type { StateMachineDefinition } from './definition/definition.ts';
import { Execution, type ExecutionDescription, type ExecutionEnd, type ExecutionStatus } from './execution.ts';
import type { HistoryEvent } from './history.ts';
import { MAX_DATA_BYTES } from './json.ts';
import { play } from './play.ts';
import { TaskTokens } from './tokens.ts';
import { ExecutionClosedError, type Host, type Invocation, type StatesClock } from './visit.ts';
import { Work } from './work.ts';

/** A Standard execution may run for a year (service quota); `TimeoutSeconds` can only shorten that. */
const LONGEST_EXECUTION_SECONDS = 31_536_000;

const EXECUTION_NAME = /^[0-9A-Za-z_-]{1,80}$/;

/** A change of an execution's status, with the fields of EventBridge's event. Times in milliseconds since 1970. */
export interface ExecutionStatusChange {
  readonly name: string;
  readonly executionArn: string;
  readonly status: ExecutionStatus;
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly startDateMs: number;
  readonly stopDateMs?: number;
}

/** The dependencies of the engine. */
export interface StatesEngineOptions {
  readonly definition: StateMachineDefinition;
  readonly stateMachineArn: string;
  readonly clock: StatesClock;
  /** Returns a new task token, never the same twice. */
  newToken(): string;
  /** A number from 0 up to but not including 1, for jitter and for `$random` and `$uuid`. */
  random(): number;
  /**
   * Calls a function. Rejects with an Error whose `name` becomes the error's name, as Lambda's errorType does, and
   * whose `message` becomes the cause.
   */
  invoke(call: Invocation): Promise<unknown>;
  /** Called after every change of status, RUNNING included. Must not throw. */
  onStatusChange?(event: ExecutionStatusChange): void;
}

/** Whether AWS would accept `text` as input or output. */
function isData(text: string): boolean {
  if (Buffer.byteLength(text, 'utf8') > MAX_DATA_BYTES) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * AWS Step Functions for one Standard workflow. Clock, randomness, tokens and functions are injected: with the same
 * ones, and answers in the same order, it behaves the same. Its methods are the service's operations and throw the
 * service's errors.
 */
export class StatesEngine {
  readonly stateMachineArn: string;
  readonly #options: StatesEngineOptions;
  readonly #host: Host;
  readonly #work = new Work();
  readonly #tokens = new TaskTokens();
  /** By name, in the order in which they were started. */
  readonly #executions = new Map<string, Execution>();
  #inFlight = 0;

  constructor(options: StatesEngineOptions) {
    this.#options = options;
    const { stateMachineArn } = options;
    this.stateMachineArn = stateMachineArn;
    const [account = '', name = ''] = [stateMachineArn.split(':')[4], stateMachineArn.split(':')[6]];
    this.#host = {
      clock: options.clock,
      work: this.#work,
      tokens: this.#tokens,
      stateMachine: { id: stateMachineArn, name, roleArn: `arn:aws:iam::${account}:role/${name}` },
      newToken: () => options.newToken(),
      random: () => options.random(),
      invoke: (call, answered, failed) => void this.#invoke(call, answered, failed),
    };
  }

  /**
   * Starts an execution. While an execution with the same name and input runs, it returns that one, as AWS does.
   *
   * @throws ExecutionAlreadyExists if the name was used with another input, or its execution has closed
   * @throws InvalidName, InvalidExecutionInput
   */
  startExecution(request: { name: string; input: string }): { executionArn: string; startDateMs: number } {
    const { name, input } = request;
    if (!EXECUTION_NAME.test(name)) throw new InvalidName(`Invalid Name: '${name}'`);
    if (!isData(input))
      throw new InvalidExecutionInput('Invalid State Machine Execution Input: it must be JSON within the size limit');
    const known = this.#executions.get(name);
    if (known !== undefined) {
      if (known.status === 'RUNNING' && known.input === input)
        return { executionArn: known.arn, startDateMs: known.startDateMs };
      throw new ExecutionAlreadyExists(`Execution Already Exists: '${known.arn}'`);
    }
    const { clock, stateMachineArn, definition } = this.#options;
    const arn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const execution = new Execution({ name, arn, stateMachineArn, input }, () => clock.nowMs());
    this.#executions.set(name, execution);
    const seconds = Math.min(definition.timeoutSeconds ?? LONGEST_EXECUTION_SECONDS, LONGEST_EXECUTION_SECONDS);
    const timeUp = clock.schedule(execution.startDateMs + seconds * 1000, () =>
      this.#close(execution, { status: 'TIMED_OUT' }),
    );
    this.#work.begin();
    this.#tell(execution);
    void this.#play(execution).finally(() => {
      timeUp();
      this.#work.end();
    });
    return { executionArn: arn, startDateMs: execution.startDateMs };
  }

  /**
   * Aborts an execution; a closed one stays as it is. A function that runs goes on, but its answer is ignored.
   *
   * @throws ExecutionDoesNotExist
   */
  stopExecution(request: { executionArn: string; error?: string; cause?: string }): { stopDateMs: number } {
    const { executionArn, error, cause } = request;
    const execution = this.#find(executionArn);
    const end = { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
    this.#close(execution, { status: 'ABORTED', ...end });
    return { stopDateMs: execution.describe().stopDateMs ?? this.#options.clock.nowMs() };
  }

  /** Completes a waiting task with its result, as JSON text. Throws `InvalidToken`, `TaskTimedOut`, `InvalidOutput`. */
  sendTaskSuccess(request: { taskToken: string; output: string }): void {
    if (!isData(request.output)) throw new InvalidOutput('Invalid Output: it must be JSON within the size limit');
    this.#settle(request.taskToken, { output: request.output });
  }

  /** Fails a waiting task with an error. Throws `InvalidToken`, `TaskTimedOut`. */
  sendTaskFailure(request: { taskToken: string; error?: string; cause?: string }): void {
    const { taskToken, error, cause } = request;
    this.#settle(taskToken, { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) });
  }

  /** Restarts the heartbeat timeout of a waiting task. Throws `InvalidToken`, `TaskTimedOut`. */
  sendTaskHeartbeat(request: { taskToken: string }): void {
    this.#tokens.find(request.taskToken).heartbeat();
  }

  /** Describes an execution, without its history. Throws `ExecutionDoesNotExist`. */
  describeExecution(executionArn: string): ExecutionDescription {
    return this.#find(executionArn).describe();
  }

  /** All executions, or those with one status; the newest first, as AWS lists them. */
  listExecutions(filter: { statusFilter?: string } = {}): ExecutionDescription[] {
    const { statusFilter } = filter;
    const all = [...this.#executions.values()].reverse().map((execution) => execution.describe());
    return statusFilter === undefined ? all : all.filter(({ status }) => status === statusFilter);
  }

  /** The history of the execution with this name, oldest event first; empty if there is no such execution. */
  history(name: string): readonly HistoryEvent[] {
    return this.#executions.get(name)?.history.events ?? [];
  }

  /** The current state of the execution with this name; `undefined` once it has closed. */
  currentState(name: string): string | undefined {
    return this.#executions.get(name)?.currentState;
  }

  /** The number of Lambda invocations without an answer, those of closed executions included. */
  inFlight(): number {
    return this.#inFlight;
  }

  /** Resolves once every execution has closed or waits for a timer or a token, and no invocation is running. */
  idle(): Promise<void> {
    return this.#work.idle();
  }

  #find(executionArn: string): Execution {
    const execution = this.#executions.get(executionArn.slice(executionArn.lastIndexOf(':') + 1));
    if (execution?.arn === executionArn) return execution;
    throw new ExecutionDoesNotExist(`Execution Does Not Exist: '${executionArn}'`);
  }

  #settle(token: string, answer: Parameters<ReturnType<TaskTokens['find']>['settle']>[0]): void {
    if (!this.#tokens.find(token).settle(answer)) {
      throw new TaskTimedOut("Task Timed Out: 'Provided task does not exist anymore'");
    }
  }

  async #play(execution: Execution): Promise<void> {
    try {
      this.#close(execution, await play(execution, this.#options.definition, this.#host));
    } catch (error) {
      // Stopped or timed out: the change of status was reported by the code that closed it. Any other error is a bug in
      // the interpreter and must surface.
      if (!(error instanceof ExecutionClosedError)) throw error;
    }
  }

  #close(execution: Execution, end: ExecutionEnd): void {
    if (execution.close(end, this.#options.clock.nowMs())) this.#tell(execution);
  }

  #tell(execution: Execution): void {
    const { stateMachineArn: _stateMachineArn, ...change } = execution.describe();
    this.#options.onStatusChange?.(change);
  }

  async #invoke(
    call: Invocation,
    answered: (payload: unknown) => void,
    failed: (error: unknown) => void,
  ): Promise<void> {
    this.#inFlight++;
    this.#work.begin();
    try {
      let payload: unknown;
      try {
        payload = await this.#options.invoke(call);
      } catch (error) {
        failed(error);
        return;
      }
      answered(payload);
    } finally {
      this.#inFlight--;
      this.#work.end();
    }
  }
}
