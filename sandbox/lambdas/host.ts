import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads';
import type { WireRequest, WireResponse } from '../aws/wire/wire.ts';
import { closesConnection, type Fault, type FaultPlan } from '../faults.ts';
import { LogLines } from './log-lines.ts';
import { type IdleThreads, leaveThread, takeThread } from './threads.ts';

export interface LambdaHostOptions {
  /** Folder of the bundles, one folder a function. */
  readonly codeRoot: string;
  /** Environment variables of all functions; each bundle reads its own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: { nowMs(): number };
  readonly faults: FaultPlan;
  /** Where a thread is taken from, if there is one, and left at the end. By default the host's own ends with it. */
  readonly threads?: IdleThreads;
  /** Functions do not really wait before they try a call again. */
  readonly skipPauses?: boolean;
  /**
   * Who answers the functions' calls to these origins (`http://127.0.0.1:8080`), in place of a socket. Calls to any other go over
   * the network.
   */
  readonly origins?: ReadonlyMap<string, (request: WireRequest) => Promise<WireResponse>>;
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

/** A function's call to one of the host's origins. */
interface OriginCall {
  readonly call: number;
  readonly origin: string;
  readonly request: Omit<WireRequest, 'body'> & { readonly body: Uint8Array };
}

/** Asks for nothing but an answer, so that a function knows that the host has had time for its calls. */
interface Tick {
  readonly tick: true;
}

type Message = Answer | OriginCall | Tick | { readonly written: string | Uint8Array };

/** The thread as long as it is this host's, and the way to it. */
interface Runtime {
  readonly thread: Worker;
  readonly port: MessagePort;
}

/**
 * Lambda on this machine: runs the bundles that are deployed in a thread of their own, with their own environment and the
 * sandbox's time. `lambda:<function>` faults with error `Crash` end an invocation as a dying runtime does: before any work, or
 * after all of it with the answer lost.
 */
export class LambdaHost {
  readonly #options: LambdaHostOptions;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #settled: (() => void)[] = [];
  #runtime: Runtime | undefined;
  #environment: Readonly<Record<string, string>>;
  #closed: boolean = false;
  #calls = 0;
  #inFlight = 0;

  constructor(options: LambdaHostOptions) {
    this.#options = options;
    this.#environment = options.environment;
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

  /** Every function begins anew, in other containers and with another environment. Nothing may be under way. */
  async restart(environment: Readonly<Record<string, string>>): Promise<void> {
    this.#environment = environment;
    await this.#end();
  }

  /** Ends everything the containers kept in memory, and the thread too if something is still under way in it. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#end();
  }

  async #end(): Promise<void> {
    const runtime = this.#runtime;
    if (runtime === undefined) return;
    const { threads } = this.#options;
    const busy = this.#waiting.size > 0;
    this.#leave(runtime);
    if (busy || threads === undefined) await runtime.thread.terminate();
    else await leaveThread(runtime.thread, threads);
  }

  async #call(functionName: string, event: unknown): Promise<unknown> {
    this.#calls += 1;
    const id = this.#calls;
    const answer = await new Promise<Answer>((resolve) => {
      // Of an account that is gone, nobody ever hears again.
      if (this.#closed) return;
      this.#waiting.set(id, resolve);
      this.#runtime ??= this.#enter();
      const call = { id, functionName, event: JSON.stringify(event), nowMs: this.#options.clock.nowMs() };
      this.#runtime.port.postMessage(call);
    });
    this.#waiting.delete(id);
    if (answer.error !== undefined) throw new LambdaError(answer.error.name, answer.error.message);
    return JSON.parse(answer.answer ?? 'null');
  }

  /** Takes a thread, for new containers. */
  #enter(): Runtime {
    const { threads, codeRoot, clock, onLog, skipPauses, origins = new Map() } = this.#options;
    const thread = takeThread(threads ?? []);
    const { port1: port, port2: theirs } = new MessageChannel();
    const runtime = { thread, port };
    const lines = new LogLines(onLog);
    port.on('message', (message: Message) => {
      if ('written' in message) lines.push(Buffer.from(message.written as string));
      else if ('tick' in message) port.postMessage(message);
      else if ('call' in message) void this.#answerCall(message, port);
      else this.#waiting.get(message.id)?.(message);
    });
    const lost = (error: Error) => {
      this.#leave(runtime);
      this.#dropAll(error);
    };
    thread.once('error', lost);
    thread.once('exit', () => lost(new Error('the runtime exited')));
    const surroundings = { environment: { ...this.#environment }, origins: [...origins.keys()], skipPauses };
    const opening = { port: theirs, codeRoot, nowMs: clock.nowMs(), ...surroundings };
    thread.postMessage(opening, [theirs]);
    return runtime;
  }

  async #answerCall({ call, origin, request }: OriginCall, port: MessagePort): Promise<void> {
    const handle = this.#options.origins?.get(origin);
    if (handle === undefined) throw new Error(`the host does not answer for ${origin}`);
    const answer = await handle({ ...request, body: Buffer.from(request.body) }).catch((error: unknown) => {
      // A mistake of the emulator's own must be seen, and must not look like an error AWS or Slack would give.
      console.error('sandbox: a call could not be answered', error);
      return { status: 500, headers: { 'content-type': 'text/plain' }, body: 'The sandbox failed; its log says why.' };
    });
    port.postMessage({ answered: call, answer });
  }

  #leave({ thread, port }: Runtime): void {
    this.#runtime = undefined;
    thread.removeAllListeners();
    port.close();
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
