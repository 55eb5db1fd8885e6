import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { UsageError } from '../terminal/io.ts';
import { type RunProgram, runProgram } from './run-program.ts';
import { type TakenSignals, takeSignals } from './signals.ts';

/** An answer of the API, or of API Gateway in front of it. */
export interface ApiAnswer {
  readonly status: number;
  readonly json: unknown;
  /** The body as it was received. */
  readonly text?: string | undefined;
  /** For a table: the cursor of the next page, from the header `next-cursor`. */
  readonly nextCursor?: string | undefined;
  /** API Gateway's name for its own refusal, from the header `x-amzn-errortype`. */
  readonly errorType?: string | undefined;
}

/** Makes one signed call. @param path below the stage */
export type CallApi = (
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<ApiAnswer>;

/** What the commands that use the API need. */
export interface ApiServices {
  readonly call: CallApi;
  /**
   * @param ms milliseconds
   * @param stopped ends the pause early
   */
  readonly pause: (ms: number, stopped?: AbortSignal) => Promise<void>;
  readonly run: RunProgram;
  readonly takeSignals: () => TakenSignals;
}

/** Builds the services. The AWS SDK is loaded only then, so that other commands start without it. */
export type BuildApi = (url: string, env: Readonly<Record<string, string | undefined>>) => Promise<ApiServices>;

/** The API was not reached, or did not answer in time. It may have done what was asked all the same. */
export class ApiUnreachableError extends Error {
  override readonly name = 'ApiUnreachableError';
}

/** Longer than the API takes for any call. Milliseconds. */
const LONGEST_CALL_MS = 30_000;

/**
 * Signs calls with the credentials that the SDK finds, as the AWS CLI does: environment variables, `AWS_PROFILE`, an
 * Identity Center session.
 *
 * @param url of the API, with its stage
 */
export const signedApi: BuildApi = async (url, env) => {
  const base = readUrl(url);
  const [{ STSClient }, { SignatureV4 }] = await Promise.all([
    import('@aws-sdk/client-sts'),
    import('@smithy/signature-v4'),
  ]);
  // This client sends nothing; its configuration has the standard chains for credentials and Region.
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

/** @throws ApiUnreachableError with the cause, because the error of `fetch` only says that it failed */
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

/** Encodes the query as the signer does. A character that stays unencoded here would not match the signature. */
function queryOf(parameters: Readonly<Record<string, string>>): string {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const pairs = Object.entries(parameters).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

async function pauseFor(ms: number, stopped?: AbortSignal): Promise<void> {
  await pause(ms, undefined, stopped === undefined ? {} : { signal: stopped }).catch(() => {});
}

/** @throws UsageError for a text that is no address of an API */
function readUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  // Only a sandbox may be called without TLS. No credentials would be sent, but others could read the answers.
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

/** SHA-256 from Node, in the form that the signer expects. */
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
