import type { ChoiceState, FailState, State, StateMachineDefinition, WaitState } from './definition/definition.ts';
import type { Execution, ExecutionEnd } from './execution.ts';
import { isTimestamp } from './expressions/timestamp.ts';
import { queryError, StateFailedError, type StateFailure, WorkflowFailedError } from './failures.ts';
import type { HistoryEventType } from './history.ts';
import type { Json } from './json.ts';
import { type Onward, playTask } from './play-task.ts';
import { type Host, requireBoolean, Visit } from './visit.ts';

async function playWait(visit: Visit, state: WaitState): Promise<void> {
  const scope = visit.scope();
  if ('seconds' in state.wait) {
    const seconds = await state.wait.seconds.evaluate(scope);
    return visit.sleepUntil(scope.nowMs + seconds * 1000);
  }
  const timestamp = await state.wait.timestamp.evaluate(scope);
  if (!isTimestamp(timestamp))
    throw queryError(`The field 'Timestamp' must be an ISO 8601 instant, but was '${timestamp}'.`);
  // AWS drops the milliseconds: a Wait ends up to 999 ms early.
  return visit.sleepUntil(Math.floor(Date.parse(timestamp) / 1000) * 1000);
}

async function playChoice(visit: Visit, state: ChoiceState): Promise<Onward> {
  for (const rule of state.choices) {
    const value = await rule.condition.evaluate(visit.scope());
    if (requireBoolean(value, rule.condition.place.field)) {
      return { output: await visit.passage(rule, visit.input), next: rule.next };
    }
  }
  if (state.default !== undefined) return { output: visit.input, next: state.default };
  throw new WorkflowFailedError('States.NoChoiceMatched', 'No choice rule matched, and there is no Default.');
}

async function playFail(visit: Visit, state: FailState): Promise<never> {
  const scope = visit.scope();
  const error = await state.error?.evaluate(scope);
  const cause = await state.cause?.evaluate(scope);
  throw new StateFailedError({ ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) });
}

async function playState(visit: Visit, state: State): Promise<Onward> {
  switch (state.type) {
    case 'Task':
      return playTask(visit, state);
    case 'Choice':
      return playChoice(visit, state);
    case 'Fail':
      return playFail(visit, state);
    case 'Succeed':
      return { output: await visit.passage(state, visit.input) };
    case 'Wait':
      await playWait(visit, state);
      return onward(visit, state);
    case 'Pass':
      return onward(visit, state);
  }
}

async function onward(visit: Visit, state: Extract<State, { type: 'Wait' | 'Pass' }>): Promise<Onward> {
  const output = await visit.passage(state, visit.input);
  return { output, ...(state.next === undefined ? {} : { next: state.next }) };
}

function failed({ error, cause }: StateFailure): ExecutionEnd {
  return { status: 'FAILED', ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
}

/**
 * Runs an execution from its first state to its end and returns how it ended. The caller has to close it.
 *
 * @throws ExecutionClosedError if the execution was closed by a stop or a timeout meanwhile
 */
export async function play(
  execution: Execution,
  definition: StateMachineDefinition,
  host: Host,
): Promise<ExecutionEnd> {
  const executionInput = JSON.parse(execution.input) as Json;
  let [stateName, input] = [definition.startAt, executionInput];
  // The caller of StartExecution gets its answer before anything else happens.
  await Promise.resolve();
  for (;;) {
    const state = definition.states.get(stateName);
    if (state === undefined) throw new Error(`the definition has no state '${stateName}'`);
    let visit: Visit | undefined;
    try {
      visit = new Visit({ execution, host, stateName, type: state.type, input, executionInput });
      const { output, next } = await playState(visit, state);
      visit.note(`${state.type}StateExited` as HistoryEventType, { output: JSON.stringify(output) });
      if (next === undefined) return { status: 'SUCCEEDED', output: JSON.stringify(output) };
      [stateName, input] = [next, output];
    } catch (error) {
      return failed(endingFailure(error, visit));
    }
  }
}

/** The failure that ends the execution. An error that is no failure of the workflow is thrown again. */
function endingFailure(error: unknown, visit: Visit | undefined): StateFailure {
  if (error instanceof StateFailedError) return error.failure;
  if (visit === undefined) throw error;
  try {
    return visit.failureOf(error);
  } catch (worse) {
    // Recording the failure can itself fail because the history is full.
    if (worse instanceof StateFailedError) return worse.failure;
    throw worse;
  }
}
