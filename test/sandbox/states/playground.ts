import { VirtualClock } from '../../../sandbox/clock.ts';
import { loadStateMachine } from '../../../sandbox/states/definition/load.ts';
import { type ExecutionStatusChange, StatesEngine } from '../../../sandbox/states/engine.ts';
import type { ExecutionDescription } from '../../../sandbox/states/execution.ts';

/** The start time of every playground. */
export const START = '2026-01-05T09:00:00.000Z';
const START_MS = Date.parse(START);

export const STATE_MACHINE_ARN = 'arn:aws:states:eu-central-1:123456789012:stateMachine:access';
export const EXECUTION_ARN = 'arn:aws:states:eu-central-1:123456789012:execution:access:run';

/** A workflow of the given states, starting at the first. */
export function workflow(states: Record<string, object>, top: object = {}): object {
  return { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...top };
}

/** A Task that calls the function `work`, overridden field by field. */
export function task(fields: object = {}): object {
  const Arguments = { FunctionName: 'work', Payload: {} };
  const onward = 'Next' in fields ? {} : { End: true };
  return { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments, ...onward, ...fields };
}

/** A Task that calls `work` with its token and waits for the answer, overridden field by field. */
export function tokenTask(fields: object = {}): object {
  return task({
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: 'work', Payload: { token: '{% $states.context.Task.Token %}' } },
    ...fields,
  });
}

/** `${Name}`, which CloudFormation replaces on deployment. */
export function placeholder(name: string): string {
  return `\${${name}}`;
}

/** An error as a Lambda function reports it. */
export function failure(name: string, message = `${name} happened`): Error {
  return Object.assign(new Error(message), { name });
}

/** A function that fails with these errors in turn, then succeeds. */
export function failing(...errors: string[]): () => unknown {
  const left = [...errors];
  return () => {
    const name = left.shift();
    if (name !== undefined) throw failure(name);
    return { ok: true };
  };
}

export interface Call {
  /** Seconds after the start. */
  readonly at: number;
  readonly functionName: string;
  readonly stateName: string;
  readonly executionName: string;
  readonly payload: unknown;
}

export interface PlaygroundOptions {
  readonly work?: (payload: unknown) => unknown;
  readonly functions?: Readonly<Record<string, (payload: unknown) => unknown>>;
  readonly random?: () => number;
  readonly substitutions?: Readonly<Record<string, string>>;
}

/** An engine with its own clock, and one execution with the name `run`. */
export class Playground {
  readonly clock = new VirtualClock({ startMs: START_MS, speed: 1 });
  readonly calls: Call[] = [];
  readonly changes: ExecutionStatusChange[] = [];
  readonly engine: StatesEngine;

  constructor(definition: object, options: PlaygroundOptions = {}) {
    let tokens = 0;
    this.engine = new StatesEngine({
      definition: loadStateMachine(definition, options.substitutions ?? {}),
      stateMachineArn: STATE_MACHINE_ARN,
      clock: this.clock,
      newToken: () => `token-${++tokens}`,
      random: options.random ?? (() => 0.5),
      invoke: async (call) => {
        this.calls.push({ at: this.seconds(), ...call });
        const play = options.functions?.[call.functionName] ?? options.work ?? (() => null);
        return play(call.payload);
      },
      onStatusChange: (change) => this.changes.push(change),
    });
  }

  /** Seconds since the start. */
  seconds(): number {
    return (this.clock.nowMs() - START_MS) / 1000;
  }

  /** Starts `run` and lets it go on as far as it can without the time moving. */
  async start(input: unknown = {}): Promise<this> {
    this.engine.startExecution({ name: 'run', input: JSON.stringify(input) });
    await this.engine.idle();
    return this;
  }

  /** Lets `seconds` pass. */
  async pass(seconds: number): Promise<this> {
    await this.clock.advance(seconds * 1000, () => this.engine.idle());
    return this;
  }

  /** The description of `run`. */
  get run(): ExecutionDescription {
    return this.engine.describeExecution(EXECUTION_ARN);
  }

  /** The output of `run`, parsed. */
  get output(): unknown {
    return JSON.parse(this.run.output ?? 'null');
  }

  /** The event types in the history of `run`. */
  get events(): string[] {
    return this.engine.history('run').map(({ type }) => type);
  }

  /** The times of all function calls, in seconds after the start. */
  get calledAt(): number[] {
    return this.calls.map(({ at }) => at);
  }

  /** The names of the states of `run`, in the order in which they were entered. */
  get path(): (string | undefined)[] {
    const entered = this.engine.history('run').filter(({ type }) => type.endsWith('StateEntered'));
    return entered.map(({ stateName }) => stateName);
  }
}

/** Runs a workflow for `seconds`. */
export async function play(
  definition: object,
  options: PlaygroundOptions & { input?: unknown; seconds?: number } = {},
): Promise<Playground> {
  const playground = new Playground(definition, options);
  await playground.start(options.input);
  return playground.pass(options.seconds ?? 0);
}
