import type { Expression } from '../expressions/expression.ts';
import type { NumberField, StringField, Template } from '../expressions/template.ts';
import type { Retrier } from '../retry.ts';

/** `Assign`: names of variables and the templates of their new values. */
export type Assignments = readonly (readonly [name: string, value: Template])[];

/** The `Output` and `Assign` evaluated on the way to the next state. */
export interface Passage {
  readonly output?: Template;
  readonly assign?: Assignments;
}

/** A passage and the next state; without `next` the execution succeeds. */
export interface Transition extends Passage {
  readonly next?: string;
}

/** One entry of a Task's `Catch`. */
export interface Catcher extends Passage {
  readonly errorEquals: readonly string[];
  readonly next: string;
}

/** One entry of a Choice's `Choices`. */
export interface ChoiceRule extends Passage {
  readonly condition: Expression;
  readonly next: string;
}

/** A Task: calls one Lambda function and waits for its result or for the task token. Times in seconds. */
export interface TaskState extends Transition {
  readonly type: 'Task';
  readonly resource: string;
  readonly waitsForToken: boolean;
  readonly arguments: Template;
  readonly timeoutSeconds?: NumberField;
  readonly heartbeatSeconds?: NumberField;
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

/** A Wait: for a number of seconds, or until an ISO 8601 instant. */
export interface WaitState extends Transition {
  readonly type: 'Wait';
  readonly wait: { readonly seconds: NumberField } | { readonly timestamp: StringField };
}

/** A Choice: takes the first rule whose condition is true. */
export interface ChoiceState {
  readonly type: 'Choice';
  readonly choices: readonly ChoiceRule[];
  readonly default?: string;
}

/** A Pass: has only a transition. */
export interface PassState extends Transition {
  readonly type: 'Pass';
}

/** A Succeed: the execution succeeds. */
export interface SucceedState {
  readonly type: 'Succeed';
  readonly output?: Template;
}

/** A Fail: the execution fails. */
export interface FailState {
  readonly type: 'Fail';
  readonly error?: StringField;
  readonly cause?: StringField;
}

export type State = TaskState | WaitState | ChoiceState | PassState | SucceedState | FailState;

/** A workflow, checked and compiled. */
export interface StateMachineDefinition {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
  /** The longest time an execution may take; seconds. */
  readonly timeoutSeconds?: number;
}
