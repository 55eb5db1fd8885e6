import { closesConnection, type Fault, type FaultPlan } from '../faults.ts';
import { type FunctionRuntime, LambdaError, type RuntimeOptions, type StartRuntime } from './runtime.ts';
import { inThread } from './thread-runtime.ts';

export interface LambdaHostOptions extends RuntimeOptions {
  readonly faults: FaultPlan;
  /** Starts the runtime of the functions. @default the bundles, in a thread that ends with the host */
  readonly startRuntime?: StartRuntime;
}

/**
 * Emulates Lambda: runs the functions with their own environment and the sandbox's time. A `lambda:<function>` fault
 * with the error `Crash` ends an invocation as a crashing runtime does: before any work, or after all of it with the
 * answer lost.
 */
export class LambdaHost {
  readonly #options: LambdaHostOptions;
  readonly #settled: (() => void)[] = [];
  #runtime: FunctionRuntime | undefined;
  #environment: Readonly<Record<string, string>>;
  #closed: boolean = false;
  #inFlight = 0;

  constructor(options: LambdaHostOptions) {
    this.#options = options;
    this.#environment = options.environment;
  }

  /** The number of invocations without an answer. */
  inFlight(): number {
    return this.#inFlight;
  }

  /** Resolves when no invocation is running. */
  idle(): Promise<void> {
    return this.#inFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.#settled.push(resolve));
  }

  /**
   * Invokes a function with a JSON value and returns its JSON answer. Rejects with an Error named as Lambda's
   * errorType.
   */
  async invoke(functionName: string, event: unknown): Promise<unknown> {
    this.#inFlight += 1;
    try {
      const fault = this.#options.faults.take(`lambda:${functionName}`);
      if (fault?.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
      if (fault?.error !== undefined && fault.when === 'before') throw crash(fault);
      const answer = await this.#call(functionName, event);
      if (fault?.error !== undefined) throw crash(fault);
      return answer;
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) for (const resolve of this.#settled.splice(0)) resolve();
    }
  }

  /** Restarts every function in new containers with another environment. No invocation may be running. */
  async restart(environment: Readonly<Record<string, string>>): Promise<void> {
    this.#environment = environment;
    await this.#end();
  }

  /** Ends the containers and discards their memory. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#end();
  }

  async #end(): Promise<void> {
    const runtime = this.#runtime;
    this.#runtime = undefined;
    await runtime?.end();
  }

  async #call(functionName: string, event: unknown): Promise<unknown> {
    // After `close` an invocation never gets an answer, as if the account no longer existed.
    if (this.#closed) return new Promise(() => undefined);
    const { startRuntime = inThread() } = this.#options;
    this.#runtime ??= startRuntime({ ...this.#options, environment: this.#environment });
    return JSON.parse(await this.#runtime.call(functionName, JSON.stringify(event)));
  }
}

/**
 * For `Crash`, and for faults that close the connection, the error is what Step Functions sees when a runtime dies. Any
 * other name is used as it is.
 */
function crash(fault: Fault): LambdaError {
  const name = fault.error === 'Crash' || closesConnection(fault) ? 'Runtime.ExitError' : (fault.error ?? '');
  return new LambdaError(name, fault.message ?? 'Planned by the sandbox');
}
