/** The fields of an API Gateway HTTP API event (payload format 2.0) that this function reads. */
export interface HttpEvent {
  readonly rawPath: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  /** The id that the API's access log has for the call. */
  readonly requestContext?: { readonly requestId: string };
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The bytes that Slack signed: API Gateway base64-encodes a form's body before it calls the function. */
export function rawBody(event: HttpEvent): Buffer {
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}

/** The empty 200 that acknowledges a call of Slack. */
export const ACKNOWLEDGED: HttpAnswer = { statusCode: 200, headers: {}, body: '' };

/** An answer in JSON. */
export function jsonAnswer(statusCode: number, body: unknown): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}

/** An answer in plain text. */
export function textAnswer(statusCode: number, body: string): HttpAnswer {
  return { statusCode, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
