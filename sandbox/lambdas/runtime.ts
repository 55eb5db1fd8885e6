import type { WireRequest, WireResponse } from '../aws/wire/wire.ts';

/** What the functions' code finds around itself. */
export interface RuntimeOptions {
  /** Folder of the bundles, one folder a function. */
  readonly codeRoot: string;
  /** Environment variables of all functions; each reads its own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: { nowMs(): number };
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

/** What runs the functions' code, with containers of its own for as long as it lives. */
export interface FunctionRuntime {
  /**
   * Calls a function with JSON and answers its JSON. Nobody hears of a call that is under way when the runtime ends.
   *
   * @throws LambdaError
   */
  call(functionName: string, event: string): Promise<string>;
  /** Ends the containers, and what they kept in memory. */
  end(): Promise<void>;
}

export type StartRuntime = (options: RuntimeOptions) => FunctionRuntime;

/** A function failed: `name` is the error type as Lambda reports it. */
export class LambdaError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/**
 * Answers a function's call. A mistake of the emulator's own must be seen, and must not look like an error AWS or Slack would give.
 *
 * @param handle who answers for the origin
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
