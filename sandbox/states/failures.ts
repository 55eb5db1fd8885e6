/** AWS cuts a longer `Cause` (SendTaskFailure, HistoryEvent: 32,768 characters). */
const MAX_CAUSE_LENGTH = 32_768;

/** Why a state failed, as Step Functions would report it. */
export interface StateFailure {
  /** The error name; absent only where SendTaskFailure gave none. */
  readonly error?: string;
  readonly cause?: string;
  /** A second name that `ErrorEquals` may use for the same failure. */
  readonly alias?: string;
}

/** The names that AWS itself gives to failures. */
export const STATES_ERRORS = [
  'States.ALL',
  'States.DataLimitExceeded',
  'States.HeartbeatTimeout',
  'States.NoChoiceMatched',
  'States.Permissions',
  'States.QueryEvaluationError',
  'States.Runtime',
  'States.TaskFailed',
  'States.Timeout',
] as const;

/** A state failed; carries the failure up to whatever may retry or catch it. */
export class StateFailedError extends Error {
  override readonly name = 'StateFailedError';
  readonly failure: StateFailure;

  constructor(failure: StateFailure) {
    super(failure.cause ?? failure.error ?? 'the task failed without saying why');
    this.failure = failure;
  }
}

/** A failure of the workflow itself: what an expression did, data too large, no choice matched. */
export class WorkflowFailedError extends Error {
  override readonly name = 'WorkflowFailedError';
  readonly error: (typeof STATES_ERRORS)[number];

  constructor(error: (typeof STATES_ERRORS)[number], message: string) {
    super(message);
    this.error = error;
  }
}

/** `States.QueryEvaluationError`: an expression failed, gave nothing, or gave the wrong kind of value. */
export function queryError(message: string): WorkflowFailedError {
  return new WorkflowFailedError('States.QueryEvaluationError', message);
}

/** What a Task reports when its time is up. AWS gives no cause. */
export const TIMEOUT: StateFailure = { error: 'States.Timeout' };

/** What a Task reports when no heartbeat came: AWS lets `States.Timeout` name this, too. */
export const HEARTBEAT_TIMEOUT: StateFailure = { error: 'States.HeartbeatTimeout', alias: 'States.Timeout' };

/** The failure with its cause cut to what AWS keeps. */
export function withinLimits(failure: StateFailure): StateFailure {
  const { cause } = failure;
  if (cause === undefined || cause.length <= MAX_CAUSE_LENGTH) return failure;
  return { ...failure, cause: cause.slice(0, MAX_CAUSE_LENGTH) };
}

/**
 * Whether an `ErrorEquals` list names this failure. `States.ALL` names all but the two terminal ones; `States.Runtime` can
 * never be named; `States.DataLimitExceeded` only by its own name; `States.TaskFailed` names whatever `States.ALL` does but
 * timeouts (Step Functions: error names).
 */
export function names(errorEquals: readonly string[], failure: StateFailure): boolean {
  const { error, alias } = failure;
  if (error === 'States.Runtime') return false;
  if (error !== undefined && errorEquals.includes(error)) return true;
  if (alias !== undefined && errorEquals.includes(alias)) return true;
  if (error === 'States.DataLimitExceeded') return false;
  if (errorEquals.includes('States.ALL')) return true;
  const isTimeout = error === 'States.Timeout' || alias === 'States.Timeout';
  return errorEquals.includes('States.TaskFailed') && !isTimeout;
}
