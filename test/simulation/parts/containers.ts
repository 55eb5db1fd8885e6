import type { FunctionName } from '../../../lambdas/shared/environment-names.ts';
import type { FaultBook } from '../faults.ts';
import type { Random } from '../random.ts';
import type { Timeline } from '../watch/timeline.ts';

export type Handler = (event: never, context?: { getRemainingTimeInMillis(): number }) => Promise<unknown>;

/** A function's timeout as deployed, in seconds. */
const TIMEOUT_SECONDS: Readonly<Record<string, number>> = {
  'access-requested': 10,
  'ask-for-approval': 50,
  'grant-access': 50,
  'check-assignment': 30,
  'announce-access': 14,
  'hold-access': 20,
  'revoke-access': 50,
  'sweep-access': 270,
  'report-on-access': 55,
  'access-records-changed': 30,
  'audit-to-archive': 50,
  'watch-assignments': 270,
};

/** One Lambda container; its clock is off by `skewMs`. */
interface Container {
  readonly skewMs: number;
  /**
   * `process.env` in this container. Functions cache their services by it, so each container has an object of its own.
   */
  readonly environment: NodeJS.ProcessEnv;
}

/** One invocation of a function. A dead one never answers, even if its calls still come back. */
export interface Invocation {
  readonly functionName: FunctionName;
  readonly container: Container;
  readonly startedMs: number;
  readonly deadlineMs: number;
  dead: boolean;
  /** Ends the invocation as a dying runtime does. */
  die(error: string): void;
}

export interface ContainersOptions {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly faults: FaultBook;
  readonly handlers: Readonly<Partial<Record<FunctionName, Handler>>>;
  /** How far a container's clock may be off, both ways; milliseconds. */
  readonly skewMs: number;
}

/** A failed invocation: `name` is the error as Lambda reports it. */
class FunctionFailedError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/**
 * Emulates Lambda: runs the real handlers, one invocation at a time per container, in cold or warm containers whose
 * clocks may be off. The timeline does one thing at a time, so it is always known whose code runs.
 */
export class Containers {
  /** The invocation whose code runs now; undefined between invocations. */
  running: Invocation | undefined;
  readonly #idle = new Map<string, Container[]>();
  readonly #options: ContainersOptions;

  constructor(options: ContainersOptions) {
    this.#options = options;
  }

  /**
   * Calls a function with JSON and resolves to its JSON, a little later. Rejects with an Error named as Lambda names
   * it.
   */
  invoke(functionName: FunctionName, event: unknown): Promise<unknown> {
    const { timeline, random, faults } = this.#options;
    const refusal = faults.ofInvocation(functionName, timeline.nowMs());
    const cold = random.chance(0.05);
    if (cold) this.#idle.delete(functionName);
    const delayMs = cold || (this.#idle.get(functionName)?.length ?? 0) === 0 ? random.int(50, 700) : random.int(1, 30);
    return new Promise((resolve, reject) => {
      timeline.schedule(timeline.nowMs() + delayMs, () => {
        if (refusal !== undefined) reject(new FunctionFailedError(refusal, 'Lambda did not run the function'));
        else this.#run(functionName, JSON.stringify(event), resolve, reject);
      });
    });
  }

  /** Resumes an invocation: the rest of this step of the timeline is its code. */
  enter(invocation: Invocation): void {
    this.running = invocation;
    process.env = invocation.container.environment;
  }

  /** Sets a timer for the invocation that runs now. */
  after(ms: number, fn: () => void): () => void {
    const invocation = this.running;
    const { timeline } = this.#options;
    return timeline.schedule(timeline.nowMs() + ms, () => {
      if (invocation?.dead === true) return;
      if (invocation !== undefined) this.enter(invocation);
      fn();
    });
  }

  #run(
    functionName: FunctionName,
    event: string,
    resolve: (answer: unknown) => void,
    reject: (error: unknown) => void,
  ): void {
    const { timeline, handlers } = this.#options;
    const startedMs = timeline.nowMs();
    const deadlineMs = startedMs + (TIMEOUT_SECONDS[functionName] ?? 60) * 1000;
    const timeUp = timeline.schedule(deadlineMs, () => invocation.die('Sandbox.Timedout'));
    const invocation: Invocation = {
      functionName,
      container: this.#idle.get(functionName)?.pop() ?? this.#newContainer(),
      startedMs,
      deadlineMs,
      dead: false,
      die: (error) => {
        if (invocation.dead) return;
        invocation.dead = true;
        timeUp();
        reject(new FunctionFailedError(error, 'the runtime ended'));
      },
    };
    const conclude = (outcome: () => void) => {
      if (invocation.dead) return;
      invocation.dead = true;
      this.running = undefined;
      timeUp();
      this.#idle.set(functionName, [...(this.#idle.get(functionName) ?? []), invocation.container]);
      outcome();
    };
    this.enter(invocation);
    const context = { getRemainingTimeInMillis: () => deadlineMs - timeline.nowMs() };
    const handler = handlers[functionName];
    if (handler === undefined) throw new Error(`there is no function ${functionName}`);
    handler(JSON.parse(event) as never, context).then(
      (answer) => conclude(() => resolve(answer === undefined ? null : JSON.parse(JSON.stringify(answer)))),
      (error: Error) => conclude(() => reject(new FunctionFailedError(error.name, error.message))),
    );
  }

  #newContainer(): Container {
    const { random, skewMs } = this.#options;
    return { skewMs: skewMs === 0 ? 0 : random.int(-skewMs, skewMs), environment: { ...process.env } };
  }
}
