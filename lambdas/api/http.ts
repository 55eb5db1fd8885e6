import type { SignedCall } from '../../core/access/request/identity/prove-caller.ts';
import type { TokenClaims } from '../../core/access/request/identity/prove-token.ts';
import type { Refusal } from '../../core/model/refusal.ts';

/**
 * A REST API's event, as far as it is used.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format
 */
export interface ApiEvent {
  readonly httpMethod: string;
  /** Below the stage. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>> | null;
  readonly queryStringParameters: Readonly<Record<string, string | undefined>> | null;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly requestId: string;
    readonly identity: {
      readonly accountId?: string | null;
      readonly caller?: string | null;
      readonly userArn?: string | null;
      readonly principalOrgId?: string | null;
    };
    /** Of a token that API Gateway has verified; where it is there, nothing was signed. */
    readonly claims?: TokenClaims;
  };
}

/**
 * An HTTP API's event, as far as it is used.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export interface TokenEvent {
  readonly version: '2.0';
  readonly rawPath: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly requestId: string;
    readonly http: { readonly method: string };
    readonly authorizer?: { readonly jwt?: { readonly claims?: TokenClaims } };
  };
}

/** The HTTP API has no stage in its path, so its routes begin with the version. */
const VERSION = /^\/v1(?=\/)/;

/** A call of either door in the form of the signed one. */
export function toApiEvent(event: ApiEvent | TokenEvent): ApiEvent {
  if (!('version' in event)) return event;
  const { requestContext, rawPath, headers, queryStringParameters = null, body = null, isBase64Encoded } = event;
  return {
    httpMethod: requestContext.http.method,
    path: rawPath.replace(VERSION, ''),
    headers,
    queryStringParameters,
    body,
    isBase64Encoded,
    // Without claims as well it is no signed call: they prove nobody then.
    requestContext: {
      requestId: requestContext.requestId,
      identity: {},
      claims: requestContext.authorizer?.jwt?.claims ?? {},
    },
  };
}

export interface ApiAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Why somebody is refused something, for the audit. Whoever writes it down takes it off: API Gateway knows no such field. */
  readonly refusal?: Refusal;
}

/** A request is some hundred bytes; what is larger than this is none. */
export const LARGEST_BODY_BYTES = 64 * 1024;

/** Answers are about one person: nobody on the way keeps them. */
const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** An answer in JSON, or in a type that is written in JSON such as `application/problem+json`. */
export function answerJson(statusCode: number, body: unknown, type = 'application/json'): ApiAnswer {
  return { statusCode, headers: { ...HEADERS, 'content-type': type }, body: JSON.stringify(body) };
}

/** An answer that is no JSON. */
export function answerText(
  statusCode: number,
  body: string,
  type: string,
  headers: Readonly<Record<string, string>> = {},
): ApiAnswer {
  return { statusCode, headers: { ...HEADERS, 'content-type': type, ...headers }, body };
}

/** The bytes of the body as they were sent; none where there is no body. */
export function bodyOf({ body, isBase64Encoded }: ApiEvent): Buffer {
  return Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

/** A header of the call. @param name in lower case */
export function headerOf({ headers }: ApiEvent, name: string): string | undefined {
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** What API Gateway says of who calls. */
export function signedCallOf({ requestContext: { identity } }: ApiEvent, pathUserId: string | undefined): SignedCall {
  return {
    pathUserId,
    accountId: identity.accountId,
    callerArn: identity.userArn,
    callerId: identity.caller,
    organizationId: identity.principalOrgId,
  };
}
