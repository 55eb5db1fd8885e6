import type {
  DescribeExecutionInput,
  DescribeExecutionOutput,
  DescribeStateMachineInput,
  DescribeStateMachineOutput,
  ExecutionListItem,
  GetExecutionHistoryInput,
  GetExecutionHistoryOutput,
  HistoryEvent,
  ListExecutionsInput,
  ListExecutionsOutput,
  SendTaskSuccessInput,
  StartExecutionInput,
  StartExecutionOutput,
  StopExecutionInput,
  StopExecutionOutput,
} from '@aws-sdk/client-sfn';
import { AwsError } from '../wire/aws-error.ts';
import { page } from '../wire/paging.ts';
import { type Call, epochSeconds, type Operations, type Wire } from '../wire/service.ts';

type Awaitable<T> = T | Promise<T>;

/** The statuses of an execution. Executions are never redriven here. */
export type ExecutionState = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** One execution, as the engine describes it. */
export interface ExecutionView {
  name: string;
  executionArn: string;
  status: ExecutionState;
  input: string;
  output?: string | undefined;
  error?: string | undefined;
  cause?: string | undefined;
  startDateMs: number;
  stopDateMs?: number | undefined;
}

/** One event of an execution's history, with AWS's type names. */
export interface HistoryEventView {
  id: number;
  type: string;
  timestampMs: number;
  previousEventId?: number | undefined;
  stateName?: string | undefined;
  input?: string | undefined;
  output?: string | undefined;
}

/** The engine that runs the workflow. The `name` of its errors is AWS's error name. */
export interface StatesBackend {
  readonly stateMachineArn: string;
  startExecution(request: { name: string; input: string }): Awaitable<{ executionArn: string; startDateMs: number }>;
  stopExecution(request: { executionArn: string; error?: string; cause?: string }): Awaitable<unknown>;
  sendTaskSuccess(request: { taskToken: string; output: string }): Awaitable<unknown>;
  describeExecution(executionArn: string): Awaitable<ExecutionView>;
  listExecutions(request: { statusFilter?: ExecutionState }): Awaitable<readonly ExecutionView[]>;
  /** The history of the execution with this name. */
  history(name: string): Awaitable<readonly HistoryEventView[]>;
}

/** Step Functions: passes every call to the engine. */
export function sfn(states: StatesBackend | undefined, newId: () => string): Operations {
  const engine = (stateMachineArn?: string): StatesBackend => {
    if (states === undefined || (stateMachineArn !== undefined && stateMachineArn !== states.stateMachineArn))
      throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn ?? ''}'`);
    return states;
  };
  return {
    DescribeStateMachine(input: Wire<DescribeStateMachineInput>): Wire<DescribeStateMachineOutput> {
      const { stateMachineArn } = engine(input.stateMachineArn);
      return {
        stateMachineArn,
        name: stateMachineArn.split(':').at(-1) ?? '',
        status: 'ACTIVE',
        type: 'STANDARD',
        definition: '{}',
        roleArn: `arn:aws:iam::${stateMachineArn.split(':')[4]}:role/workflow`,
        creationDate: 0,
      };
    },
    async StartExecution(input: Wire<StartExecutionInput>): Promise<Wire<StartExecutionOutput>> {
      const name = input.name ?? newId();
      const backend = engine(input.stateMachineArn);
      const started = await named(() => backend.startExecution({ name, input: input.input ?? '{}' }));
      return { executionArn: started.executionArn, startDate: epochSeconds(started.startDateMs) };
    },
    async StopExecution(input: Wire<StopExecutionInput>, call: Call): Promise<Wire<StopExecutionOutput>> {
      await named(() => engine().stopExecution(input));
      const { stopDateMs } = await named(() => engine().describeExecution(input.executionArn));
      return { stopDate: epochSeconds(stopDateMs ?? call.nowMs) };
    },
    async SendTaskSuccess(input: Wire<SendTaskSuccessInput>): Promise<object> {
      await named(() => engine().sendTaskSuccess(input));
      return {};
    },
    async DescribeExecution(input: Wire<DescribeExecutionInput>): Promise<Wire<DescribeExecutionOutput>> {
      const execution = await named(() => engine().describeExecution(input.executionArn));
      const { output, error, cause } = execution;
      return {
        ...summary(execution, engine().stateMachineArn),
        input: execution.input,
        ...(output === undefined ? {} : { output }),
        ...(error === undefined ? {} : { error }),
        ...(cause === undefined ? {} : { cause }),
      };
    },
    async ListExecutions(input: Wire<ListExecutionsInput>): Promise<Wire<ListExecutionsOutput>> {
      const backend = engine(input.stateMachineArn);
      if (input.statusFilter === 'PENDING_REDRIVE') return { executions: [] };
      const filter = input.statusFilter === undefined ? {} : { statusFilter: input.statusFilter };
      const executions = await named(() => backend.listExecutions(filter));
      const newestFirst = [...executions].sort((a, b) => b.startDateMs - a.startDateMs);
      const { items, nextToken } = cut(`executions ${input.statusFilter}`, newestFirst, input);
      return { executions: items.map((item) => summary(item, backend.stateMachineArn)), ...next(nextToken) };
    },
    async GetExecutionHistory(input: Wire<GetExecutionHistoryInput>): Promise<Wire<GetExecutionHistoryOutput>> {
      const { name } = await named(() => engine().describeExecution(input.executionArn));
      const { items, nextToken } = cut(`history ${name}`, [...(await named(() => engine().history(name)))], input);
      return { events: items.map(describeEvent), ...next(nextToken) };
    },
  };
}

function summary(execution: ExecutionView, stateMachineArn: string): Wire<ExecutionListItem> {
  const { executionArn, name, status, startDateMs, stopDateMs } = execution;
  const stopped = stopDateMs === undefined ? {} : { stopDate: epochSeconds(stopDateMs) };
  return { executionArn, stateMachineArn, name, status, startDate: epochSeconds(startDateMs), ...stopped };
}

/**
 * The input of an execution's start and the outputs of states. The details of other events are left out, because
 * nothing here reads them.
 */
function describeEvent({ id, type, timestampMs, previousEventId, ...event }: HistoryEventView): Wire<HistoryEvent> {
  const base = {
    id,
    type: type as HistoryEvent['type'] & string,
    timestamp: epochSeconds(timestampMs),
    ...(previousEventId === undefined ? {} : { previousEventId }),
  };
  if (type === 'ExecutionStarted') return { ...base, executionStartedEventDetails: { input: event.input ?? '{}' } };
  if (!type.endsWith('StateExited')) return base;
  return { ...base, stateExitedEventDetails: { name: event.stateName ?? '', output: event.output ?? '{}' } };
}

/** Converts the engine's errors to AWS errors with the same name. Any other error is a bug and is thrown again. */
async function named<T>(work: () => Awaitable<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && ENGINE_ERRORS.has(error.name)) throw new AwsError(error.name, error.message);
    throw error;
  }
}

const ENGINE_ERRORS: ReadonlySet<string> = new Set([
  'ExecutionAlreadyExists',
  'ExecutionDoesNotExist',
  'InvalidArn',
  'InvalidExecutionInput',
  'InvalidName',
  'InvalidOutput',
  'InvalidToken',
  'TaskDoesNotExist',
  'TaskTimedOut',
  'ValidationException',
]);

function cut<T>(kind: string, list: readonly T[], input: { maxResults?: number; nextToken?: string }) {
  // Zero means the default, which Step Functions documents as 100; the maximum is 1,000.
  const size = input.maxResults === undefined || input.maxResults === 0 ? 100 : input.maxResults;
  const fail = (message: string) =>
    new AwsError(message.includes('Token') ? 'InvalidToken' : 'ValidationException', message);
  return page(kind, list, { size, token: input.nextToken, maximum: 1000, fail });
}

function next(nextToken: string | undefined): { nextToken?: string } {
  return nextToken === undefined ? {} : { nextToken };
}
