import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads';
import type { WireRequest } from '../aws/wire/wire.ts';
import { LogLines } from './log-lines.ts';
import { answerCall, type FunctionRuntime, LambdaError, type RuntimeOptions, type StartRuntime } from './runtime.ts';
import { type IdleThreads, leaveThread, takeThread } from './threads.ts';

interface Answer {
  readonly id: number;
  readonly answer?: string;
  readonly error?: { readonly name: string; readonly message: string };
}

/** A function's call to an origin that the host answers. */
interface OriginCall {
  readonly call: number;
  readonly origin: string;
  readonly request: Omit<WireRequest, 'body'> & { readonly body: Uint8Array };
}

/** A message that the host returns at once, to show that it has had time to answer earlier calls. */
interface Tick {
  readonly tick: true;
}

type Message = Answer | OriginCall | Tick | { readonly written: string | Uint8Array };

/** The thread while this runtime uses it, and the port for messages to it. */
interface Connection {
  readonly thread: Worker;
  readonly port: MessagePort;
}

/**
 * Runs the deployed bundles in a worker thread.
 *
 * @param threads idle threads: the first call takes one, and `end` returns it.
 * @default - a new thread, which ends with the runtime
 */
export function inThread(threads?: IdleThreads): StartRuntime {
  return (options) => new ThreadRuntime(options, threads);
}

class ThreadRuntime implements FunctionRuntime {
  readonly #options: RuntimeOptions;
  readonly #threads: IdleThreads | undefined;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #connection: Connection | undefined;
  #calls = 0;

  constructor(options: RuntimeOptions, threads: IdleThreads | undefined) {
    this.#options = options;
    this.#threads = threads;
  }

  async call(functionName: string, event: string): Promise<string> {
    this.#calls += 1;
    const id = this.#calls;
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#connection ??= this.#connect();
      this.#connection.port.postMessage({ id, functionName, event, nowMs: this.#options.clock.nowMs() });
    });
    this.#waiting.delete(id);
    if (answer.error !== undefined) throw new LambdaError(answer.error.name, answer.error.message);
    return answer.answer ?? 'null';
  }

  /** Gives the thread up. It is terminated if there is no list to return it to, or if a call is still running in it. */
  async end(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return;
    const busy = this.#waiting.size > 0;
    this.#leave(connection);
    if (busy || this.#threads === undefined) await connection.thread.terminate();
    else await leaveThread(connection.thread, this.#threads);
  }

  /** Takes a thread and opens a port to it, with new containers. */
  #connect(): Connection {
    const { codeRoot, environment, clock, onLog, skipPauses, origins = new Map() } = this.#options;
    const thread = takeThread(this.#threads ?? []);
    const { port1: port, port2: theirs } = new MessageChannel();
    const connection = { thread, port };
    const lines = new LogLines(onLog);
    port.on('message', (message: Message) => {
      if ('written' in message) lines.push(Buffer.from(message.written as string));
      else if ('tick' in message) port.postMessage(message);
      else if ('call' in message) void this.#answerCall(message, port);
      else this.#waiting.get(message.id)?.(message);
    });
    const lost = (error: Error) => {
      this.#leave(connection);
      this.#dropAll(error);
    };
    thread.once('error', lost);
    thread.once('exit', () => lost(new Error('the runtime exited')));
    const surroundings = { environment: { ...environment }, origins: [...origins.keys()], skipPauses };
    const opening = { port: theirs, codeRoot, nowMs: clock.nowMs(), ...surroundings };
    thread.postMessage(opening, [theirs]);
    return connection;
  }

  async #answerCall({ call, origin, request }: OriginCall, port: MessagePort): Promise<void> {
    const handle = this.#options.origins?.get(origin);
    if (handle === undefined) throw new Error(`the host does not answer for ${origin}`);
    const answer = await answerCall(handle, { ...request, body: Buffer.from(request.body) });
    port.postMessage({ answered: call, answer });
  }

  #leave({ thread, port }: Connection): void {
    this.#connection = undefined;
    thread.removeAllListeners();
    port.close();
  }

  #dropAll(error: Error): void {
    for (const [id, answer] of this.#waiting)
      answer({ id, error: { name: 'Runtime.ExitError', message: error.message } });
  }
}
