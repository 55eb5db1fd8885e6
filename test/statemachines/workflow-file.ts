import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A state of the workflow file, with the fields that the tests read. */
export interface State {
  readonly Type: string;
  readonly Comment?: string;
  readonly Resource?: string;
  readonly Arguments?: { readonly FunctionName: string; readonly Payload: Record<string, unknown> };
  readonly Assign?: Record<string, string>;
  readonly TimeoutSeconds?: number | string;
  readonly Seconds?: number | string;
  readonly Timestamp?: string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Choices?: readonly {
    readonly Condition: string;
    readonly Next: string;
    readonly Assign?: Record<string, unknown>;
  }[];
  readonly Default?: string;
  readonly Next?: string;
  readonly End?: boolean;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly Assign?: Record<string, string>;
}

/** The text of the deployed file. */
export const WORKFLOW_TEXT = readFileSync(join(import.meta.dirname, '../../statemachines/access.asl.json'), 'utf8');

const parsed = JSON.parse(WORKFLOW_TEXT) as { readonly StartAt: string; readonly States: Record<string, State> };

export const START_AT = parsed.StartAt;
export const STATES: ReadonlyMap<string, State> = new Map(Object.entries(parsed.States));

/** The state of this name. @throws if there is none, so that no test passes by checking nothing */
export function stateNamed(name: string): State {
  const state = STATES.get(name);
  if (state === undefined) throw new Error(`the workflow file has no state "${name}"`);
  return state;
}

/** Every Task state with its name. */
export const TASKS: readonly (readonly [string, State])[] = [...STATES].filter(([, { Type }]) => Type === 'Task');

/** A transition from a state to another. */
export interface Way {
  readonly to: string;
  /** The condition of a choice, the errors of a catch, or `next`. */
  readonly by: string;
}

/** Every transition out of a state. */
export function waysOut({ Next, Default, Choices = [], Catch = [] }: State): Way[] {
  return [
    ...(Next === undefined ? [] : [{ to: Next, by: 'next' }]),
    ...(Default === undefined ? [] : [{ to: Default, by: 'default' }]),
    ...Choices.map((choice) => ({ to: choice.Next, by: choice.Condition })),
    ...Catch.map((catcher) => ({ to: catcher.Next, by: catcher.ErrorEquals.join(', ') })),
  ];
}

/** Every state that can be reached from `from` by allowed transitions, including `from` itself. */
export function reachable(from: string, allowed: (state: string, way: Way) => boolean = () => true): Set<string> {
  const found = new Set([from]);
  for (const name of found) {
    for (const way of waysOut(stateNamed(name))) if (allowed(name, way)) found.add(way.to);
  }
  return found;
}
