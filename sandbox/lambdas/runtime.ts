import type { WireRequest, WireResponse } from '../aws/wire/wire.ts';

/** The surroundings of the functions' code. */
export interface RuntimeOptions {
  /** The folder of the bundles, with one folder per function. */
  readonly codeRoot: string;
  /** The environment variables of all functions; each function reads its own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: { nowMs(): number };
  /** Functions do not really wait before they retry a call. */
  readonly skipPauses?: boolean;
  /**
   * Handlers for the functions' calls to these origins (`http://127.0.0.1:8080`), without a socket. Calls to other
   * origins go over the network.
   */
  readonly origins?: ReadonlyMap<string, (request: WireRequest) => Promise<WireResponse>>;
  /** Called for each line that a function writes. */
  onLog(line: string): void;
}

/** Runs the functions' code in containers that last as long as the runtime. */
export interface FunctionRuntime {
  /**
   * Calls a function with JSON and returns its JSON answer. A call that is running when the runtime ends never gets an
   * answer.
   *
   * @throws LambdaError
   */
  call(functionName: string, event: string): Promise<string>;
  /** Ends the containers and discards their memory. */
  end(): Promise<void>;
}

export type StartRuntime = (options: RuntimeOptions) => FunctionRuntime;

/** A function failed. `name` is the error type as Lambda reports it. */
export class LambdaError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/**
 * Answers a function's call. An error in the emulator itself is logged and answered as plain text, so that it cannot be
 * mistaken for an error of AWS or Slack.
 *
 * @param handle the handler for the origin
 */
export function answerCall(
  handle: (request: WireRequest) => Promise<WireResponse>,
  request: WireRequest,
): Promise<WireResponse> {
  return handle(request).catch((error: unknown) => {
    console.error('sandbox: a call could not be answered', error);
    return { status: 500, headers: { 'content-type': 'text/plain' }, body: 'The sandbox failed; its log says why.' };
  });
}
