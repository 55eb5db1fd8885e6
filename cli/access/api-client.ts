import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { UsageError } from '../terminal/io.ts';
import { type RunProgram, runProgram } from './run-program.ts';
import { type TakenSignals, takeSignals } from './signals.ts';

/** What the API answered: JSON, or what stands before it. */
export interface ApiAnswer {
  readonly status: number;
  readonly json: unknown;
  /** As it came, where it is no JSON. */
  readonly text?: string | undefined;
  /** Of a table: where the next page begins, header `next-cursor`. */
  readonly nextCursor?: string | undefined;
  /** What API Gateway itself calls its refusal: header `x-amzn-errortype`. */
  readonly errorType?: string | undefined;
}

/** One signed call. @param path below the stage */
export type CallApi = (
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<ApiAnswer>;

/** What the commands of people work with. */
export interface ApiServices {
  readonly call: CallApi;
  /**
   * @param ms milliseconds
   * @param stopped ends the pause before its time
   */
  readonly pause: (ms: number, stopped?: AbortSignal) => Promise<void>;
  readonly run: RunProgram;
  readonly takeSignals: () => TakenSignals;
}

/** Builds the services. AWS is loaded only then, so that the other commands start without it. */
export type BuildApi = (url: string, env: Readonly<Record<string, string | undefined>>) => Promise<ApiServices>;

/** The API was not reached, or did not answer in time: what was asked of it may have happened. */
export class ApiUnreachableError extends Error {
  override readonly name = 'ApiUnreachableError';
}

/** Longer than the API takes for anything. Milliseconds. */
const LONGEST_CALL_MS = 30_000;

/**
 * Calls signed with whatever credentials the SDK finds, as the AWS CLI does: variables, `AWS_PROFILE`, a session of Identity Center.
 *
 * @param url of the API, with its stage
 */
export const signedApi: BuildApi = async (url, env) => {
  const base = readUrl(url);
  const [{ STSClient }, { SignatureV4 }] = await Promise.all([
    import('@aws-sdk/client-sts'),
    import('@smithy/signature-v4'),
  ]);
  // The client is never sent anywhere: its configuration has the standard chain of credentials and Regions.
  const { config } = new STSClient({});
  const region = /\.execute-api\.([a-z0-9-]+)\./.exec(base.hostname)?.[1] ?? env.AWS_REGION ?? (await config.region());
  const signer = new SignatureV4({ service: 'execute-api', region, credentials: config.credentials, sha256: Sha256 });

  async function call(...[method, path, body, given = {}]: Parameters<CallApi>): Promise<ApiAnswer> {
    const [where = '', query = ''] = path.split('?');
    const parameters = Object.fromEntries(new URLSearchParams(query));
    const text = body === undefined ? undefined : JSON.stringify(body);
    const signed = await signer.sign({
      method,
      protocol: base.protocol,
      hostname: base.hostname,
      ...(base.port === '' ? {} : { port: Number(base.port) }),
      path: `${base.pathname.replace(/\/$/, '')}${where}`,
      query: parameters,
      headers: { host: base.host, ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...given },
      ...(text === undefined ? {} : { body: text }),
    });
    const { host: _host, ...headers } = signed.headers;
    const { response, text: answered } = await reached(`${base.origin}${signed.path}${queryOf(parameters)}`, {
      method,
      headers,
      signal: AbortSignal.timeout(LONGEST_CALL_MS),
      body: text,
    });
    return {
      status: response.status,
      json: parse(answered),
      text: answered,
      nextCursor: response.headers.get('next-cursor') ?? undefined,
      errorType: response.headers.get('x-amzn-errortype') ?? undefined,
    };
  }

  return { call, pause: pauseFor, run: runProgram, takeSignals };
};

/** @throws ApiUnreachableError with what kept it from the API, where the error of `fetch` only says that it failed */
async function reached(
  ...call: Parameters<typeof fetch>
): Promise<{ readonly response: Response; readonly text: string }> {
  try {
    const response = await fetch(...call);
    return { response, text: await response.text() };
  } catch (error) {
    const cause = error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
    throw new ApiUnreachableError(`the API cannot be reached: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

/** Written as it is signed: a character that is left as it is would make another signature of it. */
function queryOf(parameters: Readonly<Record<string, string>>): string {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const pairs = Object.entries(parameters).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

async function pauseFor(ms: number, stopped?: AbortSignal): Promise<void> {
  await pause(ms, undefined, stopped === undefined ? {} : { signal: stopped }).catch(() => {});
}

/** @throws UsageError for what is no address of an API */
function readUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  // Only a sandbox is called without TLS: credentials are not sent, but what is answered could be read.
  const isSafe = parsed?.protocol === 'https:' || parsed?.hostname === '127.0.0.1' || parsed?.hostname === 'localhost';
  if (parsed === undefined || !isSafe)
    throw new UsageError(
      `${url} is no address of the API: it is the output ApiUrl of the stack, https://….amazonaws.com/v1`,
    );
  return parsed;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** SHA-256 as the signer wants it: of Node, which has it. */
class Sha256 {
  readonly #secret: string | Uint8Array | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret = secret === undefined ? undefined : bytesOf(secret);
    this.#hash = this.#begin();
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#begin();
  }

  #begin(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
