import type { SignedCall } from '../../core/access/request/identity/prove-caller.ts';
import type { TokenClaims } from '../../core/access/request/identity/prove-token.ts';
import type { Refusal } from '../../core/model/refusal.ts';

/**
 * The fields of an API Gateway REST API event that this function reads.
 *
 * @see
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format
 */
export interface ApiEvent {
  readonly httpMethod: string;
  /** Without the stage. */
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
    /** Claims of a token that API Gateway has verified. If they are present, the call was not signed. */
    readonly claims?: TokenClaims;
  };
}

/**
 * The fields of an API Gateway HTTP API event (payload format 2.0) that this function reads.
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

/** The paths of the HTTP API have no stage but begin with the API's version. */
const VERSION = /^\/v1(?=\/)/;

/** Converts a call with a token into the event format of a signed call; a signed call is returned unchanged. */
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
    // A missing token becomes empty claims, which prove no user. Otherwise the call would count as a signed one.
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
  /** A refusal for the audit. `answerKnown` writes it down and removes this field, which API Gateway does not know. */
  readonly refusal?: Refusal;
}

/**
 * The largest body that is taken. Most bodies have some hundred bytes. A policy file has up to 60,000 characters, which
 * a client may all write as JSON escapes of six bytes (`\u00fc`): 360,000 bytes, and the note beside it.
 */
export const LARGEST_BODY_BYTES = 384 * 1024;

/** Every answer is about one person, so no browser or proxy may cache it. */
const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** An answer in JSON, or in a type based on JSON such as `application/problem+json`. */
export function answerJson(statusCode: number, body: unknown, type = 'application/json'): ApiAnswer {
  return { statusCode, headers: { ...HEADERS, 'content-type': type }, body: JSON.stringify(body) };
}

/** An answer in a type other than JSON. */
export function answerText(
  statusCode: number,
  body: string,
  type: string,
  headers: Readonly<Record<string, string>> = {},
): ApiAnswer {
  return { statusCode, headers: { ...HEADERS, 'content-type': type, ...headers }, body };
}

/** The bytes of the body as they were sent; empty if there is no body. */
export function bodyOf({ body, isBase64Encoded }: ApiEvent): Buffer {
  return Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

/** A header of the call. @param name in lower case */
export function headerOf({ headers }: ApiEvent, name: string): string | undefined {
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** What API Gateway says about the signer of a call. */
export function signedCallOf({ requestContext: { identity } }: ApiEvent, pathUserId: string | undefined): SignedCall {
  return {
    pathUserId,
    accountId: identity.accountId,
    callerArn: identity.userArn,
    callerId: identity.caller,
    organizationId: identity.principalOrgId,
  };
}
