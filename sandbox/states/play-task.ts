import type { TaskState } from './definition/definition.ts';
import {
  HEARTBEAT_TIMEOUT,
  names,
  StateFailedError,
  type StateFailure,
  TIMEOUT,
  WorkflowFailedError,
  withinLimits,
} from './failures.ts';
import { type Json, toJson } from './json.ts';
import { RetryBudget } from './retry.ts';
import { HISTORY_FULL, type Host, refuseTooLarge, type Visit } from './visit.ts';

/** AWS truncates a longer error name. */
const MAX_ERROR_LENGTH = 256;

type TaskAnswer = { readonly result: Json } | { readonly failure: StateFailure };

/** The output and the next state of a state; without `next` the execution succeeds. */
export interface Onward {
  readonly output: Json;
  readonly next?: string;
}

/**
 * Checks the fields and not the class: an error from another realm, such as a bundle's, is not an `instanceof Error`
 * here.
 */
function failureFrom(error: unknown): StateFailure {
  const given: { name?: unknown; message?: unknown } = typeof error === 'object' && error !== null ? error : {};
  const name = typeof given.name === 'string' && given.name !== '' ? given.name : 'Error';
  const cause = typeof given.message === 'string' ? given.message : String(error);
  return withinLimits({ error: name.slice(0, MAX_ERROR_LENGTH), cause });
}

/**
 * The function to call and its payload. Arguments that are one expression can only be checked here, after it was
 * evaluated.
 */
function readArguments(value: Json): { functionName: string; payload: Json } {
  const given = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  const { FunctionName: functionName, Payload: payload = {}, ...others } = given;
  if (typeof functionName !== 'string' || Object.keys(others).length > 0) {
    throw new WorkflowFailedError(
      'States.Runtime',
      'The arguments of lambda:invoke must be FunctionName and Payload, no others.',
    );
  }
  return { functionName, payload };
}

/** Starts the timers of one attempt. `heartbeat` restarts the heartbeat timer and never moves the timeout. */
function startTimers(
  host: Host,
  seconds: { timeout?: number; heartbeat?: number },
  expired: (why: StateFailure) => void,
) {
  const { clock } = host;
  const after = (wait: number | undefined, why: StateFailure) =>
    wait === undefined ? () => {} : clock.schedule(clock.nowMs() + wait * 1000, () => expired(why));
  const cancelTimeout = after(seconds.timeout, TIMEOUT);
  let cancelHeartbeat = after(seconds.heartbeat, HEARTBEAT_TIMEOUT);
  return {
    heartbeat: () => {
      cancelHeartbeat();
      cancelHeartbeat = after(seconds.heartbeat, HEARTBEAT_TIMEOUT);
    },
    cancel: () => {
      cancelTimeout();
      cancelHeartbeat();
    },
  };
}

/** Calls the function once and returns the task's result. Throws `StateFailedError` and `WorkflowFailedError`. */
async function attempt(visit: Visit, state: TaskState): Promise<Json> {
  const { host } = visit;
  const token = state.waitsForToken ? host.newToken() : undefined;
  const scope = visit.scope({}, token);
  const given = await state.arguments.evaluate(scope);
  refuseTooLarge(given, `What the state '${visit.stateName}' gives its task`);
  const { functionName, payload } = readArguments(given);
  const timeout = await state.timeoutSeconds?.evaluate(scope);
  const heartbeat = await state.heartbeatSeconds?.evaluate(scope);
  const limits = {
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
    ...(heartbeat === undefined ? {} : { heartbeatSeconds: heartbeat }),
  };
  const { resource } = state;
  visit.note('TaskScheduled', { resource, input: JSON.stringify(given), ...limits });
  visit.note('TaskStarted', { resource });

  const answer = await visit.park<TaskAnswer>((settle) => {
    let isOver = false;
    const timers = startTimers(host, { timeout, heartbeat }, (why) => settle({ failure: why }));
    if (token !== undefined) {
      host.tokens.open(token, {
        settle: (told) =>
          settle('output' in told ? { result: JSON.parse(told.output) as Json } : { failure: withinLimits(told) }),
        heartbeat: timers.heartbeat,
      });
    }
    host.invoke(
      { functionName, payload, executionName: visit.execution.name, stateName: visit.stateName },
      (answered) => {
        const answer = invokeAnswer(answered);
        if (token === undefined) settle('failure' in answer ? answer : { result: answer.result });
        else if (!isOver && !submitted(visit, resource, answer)) settle({ failure: HISTORY_FULL });
      },
      (error) => settle({ failure: failureFrom(error) }),
    );
    return () => {
      isOver = true;
      timers.cancel();
      if (token !== undefined) host.tokens.close(token);
    };
  });
  return concluded(visit, resource, answer);
}

/** The function's answer in the form of `lambda:invoke`. */
function invokeAnswer(answered: unknown): TaskAnswer {
  try {
    return { result: { ExecutedVersion: '$LATEST', Payload: toJson(answered) ?? null, StatusCode: 200 } };
  } catch (error) {
    // The function returned something that has no JSON. The Lambda runtime reports that under this name.
    return { failure: { error: 'Runtime.MarshalError', cause: failureFrom(error).cause ?? '' } };
  }
}

/** Records that the function of a task with a token has returned; false if the history is full. */
function submitted(visit: Visit, resource: string, answer: TaskAnswer): boolean {
  const output = 'result' in answer ? JSON.stringify(answer.result) : '';
  return visit.execution.history.record('TaskSubmitted', { stateName: visit.stateName, resource, output });
}

function concluded(visit: Visit, resource: string, answer: TaskAnswer): Json {
  if ('failure' in answer) {
    const { failure } = answer;
    const { alias: _alias, ...told } = failure;
    visit.note(failure === TIMEOUT || failure === HEARTBEAT_TIMEOUT ? 'TaskTimedOut' : 'TaskFailed', {
      resource,
      ...told,
    });
    throw new StateFailedError(failure);
  }
  refuseTooLarge(answer.result, `The result of the task of the state '${visit.stateName}'`);
  visit.note('TaskSucceeded', { resource, output: JSON.stringify(answer.result) });
  return answer.result;
}

/**
 * Runs a Task: attempts, retries, then Catch. A failure of Output or Assign counts as a failure of the task, as in AWS.
 *
 * @throws StateFailedError for a failure that no Catch matches
 */
export async function playTask(visit: Visit, state: TaskState): Promise<Onward> {
  const budget = new RetryBudget(state.retry);
  for (;;) {
    try {
      const result = await attempt(visit, state);
      const output = await visit.passage(state, result, { result });
      return { output, ...(state.next === undefined ? {} : { next: state.next }) };
    } catch (error) {
      const failure = visit.failureOf(error);
      const delayMs = budget.take(failure, () => visit.host.random());
      if (delayMs === undefined) return caught(visit, state, failure);
      visit.retryCount = budget.count;
      await visit.sleepUntil(visit.host.clock.nowMs() + delayMs);
    }
  }
}

async function caught(visit: Visit, state: TaskState, failure: StateFailure): Promise<Onward> {
  const catcher = state.catch.find(({ errorEquals }) => names(errorEquals, failure));
  if (catcher === undefined) throw new StateFailedError(failure);
  const errorOutput: Json = {
    ...(failure.error === undefined ? {} : { Error: failure.error }),
    ...(failure.cause === undefined ? {} : { Cause: failure.cause }),
  };
  return { output: await visit.passage(catcher, errorOutput, { errorOutput }), next: catcher.next };
}
