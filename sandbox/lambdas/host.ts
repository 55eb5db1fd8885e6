import { Worker } from 'node:worker_threads';
import { FUNCTION_HEADER } from '../aws/wire.ts';
import { closesConnection, type Fault, type FaultPlan } from '../faults.ts';
import { LogLines } from './log-lines.ts';

export interface LambdaHostOptions {
  /** Folder of the bundles, one folder a function. */
  readonly codeRoot: string;
  /** Environment variables of all functions; each bundle reads its own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: { nowMs(): number };
  readonly faults: FaultPlan;
  /** Each line a function writes. */
  onLog(line: string): void;
}

/** A function failed: `name` is the error type as Lambda reports it. */
class LambdaError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

interface Answer {
  readonly id: number;
  readonly answer?: string;
  readonly error?: { readonly name: string; readonly message: string };
}

/**
 * Lambda on this machine: runs the bundles that are deployed in a thread of their own, with their own environment and the
 * sandbox's time. `lambda:<function>` faults with error `Crash` end an invocation as a dying runtime does: before any work, or
 * after all of it with the answer lost.
 */
export class LambdaHost {
  readonly #options: LambdaHostOptions;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #settled: (() => void)[] = [];
  #calls = 0;
  #inFlight = 0;

  constructor(options: LambdaHostOptions) {
    this.#options = options;
    this.#worker = new Worker(new URL('./worker.mjs', import.meta.url), {
      env: { ...options.environment },
      workerData: { codeRoot: options.codeRoot, nowMs: options.clock.nowMs(), functionHeader: FUNCTION_HEADER },
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    const lines = new LogLines((line) => options.onLog(line));
    this.#worker.stdout.on('data', (chunk: Buffer) => lines.push(chunk));
    this.#worker.stderr.on('data', (chunk: Buffer) => lines.push(chunk));
    this.#worker.on('message', (answer: Answer) => this.#waiting.get(answer.id)?.(answer));
    this.#worker.on('error', (error) => this.#dropAll(error));
    this.#worker.on('exit', () => this.#dropAll(new Error('the runtime exited')));
  }

  /** Invocations not yet answered. */
  inFlight(): number {
    return this.#inFlight;
  }

  /** Resolves when no invocation is under way. */
  idle(): Promise<void> {
    return this.#inFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.#settled.push(resolve));
  }

  /** Invokes a function with a JSON value and answers its JSON. Rejects with an Error named as Lambda's errorType. */
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

  /** Ends the thread and with it everything the containers kept in memory. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #call(functionName: string, event: unknown): Promise<unknown> {
    this.#calls += 1;
    const id = this.#calls;
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#worker.postMessage({ id, functionName, event: JSON.stringify(event), nowMs: this.#options.clock.nowMs() });
    });
    this.#waiting.delete(id);
    if (answer.error !== undefined) throw new LambdaError(answer.error.name, answer.error.message);
    return JSON.parse(answer.answer ?? 'null');
  }

  #dropAll(error: Error): void {
    for (const [id, answer] of this.#waiting)
      answer({ id, error: { name: 'Runtime.ExitError', message: error.message } });
  }
}

/** `Crash` is what Step Functions sees when the runtime dies; any other name is thrown as it is. */
function crash(fault: Fault): LambdaError {
  const name = fault.error === 'Crash' || closesConnection(fault) ? 'Runtime.ExitError' : (fault.error ?? '');
  return new LambdaError(name, fault.message ?? 'Planned by the sandbox');
}
