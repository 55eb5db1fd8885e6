import { STAGE } from '../../../lib/rights/door-policy.ts';
import type { WireRequest, WireResponse } from '../../aws/wire/wire.ts';
import { json } from '../gateway.ts';
import { type DoorFunction, functionAt } from './door-function.ts';
import { readToken, type SignIn } from './sign-in.ts';

/** Is the request for the HTTP API that browsers use? */
export function isForBrowserDoor(path: string): boolean {
  return path.startsWith(`/${STAGE}/`);
}

/**
 * Emulates API Gateway's HTTP API with a JWT authorizer in front of `api`: verifies the token's signature, issuer,
 * audience and times, and invokes the function with the token's claims, each as text.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export class BrowserDoor {
  readonly #signIn: SignIn;
  readonly #now: () => Date;
  readonly #invoke: (functionName: DoorFunction, event: unknown) => Promise<unknown>;
  #calls = 0;

  constructor(options: {
    readonly signIn: SignIn;
    readonly now: () => Date;
    readonly invoke: (functionName: DoorFunction, event: unknown) => Promise<unknown>;
  }) {
    this.#signIn = options.signIn;
    this.#now = options.now;
    this.#invoke = options.invoke;
  }

  async handle(request: WireRequest): Promise<WireResponse> {
    const [path = '', query = ''] = request.path.split('?');
    if (request.method !== 'GET' && request.method !== 'POST') return json(404, { message: 'Not Found' });
    const claims = this.#authorize(request.headers.authorization ?? '');
    if (claims === undefined) return json(401, { message: 'Unauthorized' });
    this.#calls += 1;
    const answered = (await this.#invoke(functionAt(path.split('/').slice(2)), {
      version: '2.0',
      routeKey: `${request.method} /${STAGE}/{proxy+}`,
      rawPath: path,
      rawQueryString: query,
      headers: request.headers,
      ...(query === '' ? {} : { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) }),
      requestContext: {
        requestId: `sandbox-console-${this.#calls}`,
        http: { method: request.method, path, sourceIp: '127.0.0.1' },
        authorizer: { jwt: { claims: asText(claims), scopes: null } },
        stage: '$default',
      },
      ...(request.body.byteLength === 0 ? {} : { body: request.body.toString('base64') }),
      isBase64Encoded: request.body.byteLength > 0,
    })) as { statusCode?: number; headers?: Record<string, string>; body?: string } | null;
    const { statusCode, headers = {}, body = '' } = answered ?? {};
    // The console takes the time from the Date header, so it has to be the sandbox's time.
    const date = { date: this.#now().toUTCString() };
    return statusCode === undefined
      ? json(500, { message: 'Internal Server Error' })
      : { status: statusCode, headers: { ...headers, ...date }, body };
  }

  /**
   * The claims of a valid token; else `undefined`. On a route without scopes, API Gateway also accepts access tokens,
   * which have `client_id` in place of `aud`.
   */
  #authorize(authorization: string): Readonly<Record<string, unknown>> | undefined {
    const token = /^(?:Bearer )?([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization)?.[1];
    const claims = token === undefined ? undefined : readToken(token);
    if (claims === undefined) return undefined;
    const seconds = this.#now().getTime() / 1000;
    const { iss, aud, client_id: client, exp, nbf, iat } = claims;
    const isGood =
      iss === this.#signIn.issuer &&
      (aud ?? client) === this.#signIn.clientId &&
      typeof exp === 'number' &&
      exp > seconds &&
      !(typeof nbf === 'number' && nbf > seconds) &&
      !(typeof iat === 'number' && iat > seconds);
    return isGood ? claims : undefined;
  }
}

/** Converts claims to text as an HTTP API does: numbers, and lists in brackets. */
function asText(claims: Readonly<Record<string, unknown>>): Record<string, string> {
  const text = (value: unknown): string => (Array.isArray(value) ? `[${value.map(text).join(' ')}]` : String(value));
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, text(value)]));
}
