import type { Expression } from '../expressions/expression.ts';
import type { NumberField, StringField, Template } from '../expressions/template.ts';
import type { Retrier } from '../retry.ts';

/** `Assign`: variable name to what gives its new value. */
export type Assignments = readonly (readonly [name: string, value: Template])[];

/** What may happen on the way to the next state. */
export interface Passage {
  readonly output?: Template;
  readonly assign?: Assignments;
}

/** A passage with its way on; no `next` means that the execution ends well. */
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

/** A Task: one Lambda function called, and its answer or its token waited for. Times in seconds. */
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

/** A Wait: a number of seconds, or until an ISO 8601 instant. */
export interface WaitState extends Transition {
  readonly type: 'Wait';
  readonly wait: { readonly seconds: NumberField } | { readonly timestamp: StringField };
}

/** A Choice: the first rule whose condition is true. */
export interface ChoiceState {
  readonly type: 'Choice';
  readonly choices: readonly ChoiceRule[];
  readonly default?: string;
}

/** A Pass: nothing but a passage. */
export interface PassState extends Transition {
  readonly type: 'Pass';
}

/** The good end. */
export interface SucceedState {
  readonly type: 'Succeed';
  readonly output?: Template;
}

/** The bad end. */
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
  /** Seconds that a whole execution may take. */
  readonly timeoutSeconds?: number;
}
