/** An HTTP call that this machine received. */
export interface HttpCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** API Gateway refuses larger bodies (HTTP API quota, 10 MB). */
const LARGEST_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Emulates API Gateway's HTTP API in front of `access-requested`: payload format 2.0, with bodies base64-encoded unless
 * they are text or JSON, so forms are encoded. When the function fails, the caller gets a 500 without details.
 */
export async function callFunction(
  call: HttpCall,
  invoke: (event: unknown) => Promise<unknown>,
  nowMs: number,
): Promise<HttpAnswer> {
  if (call.body.byteLength > LARGEST_BODY_BYTES) return json(413, { message: 'Request Entity Too Large' });
  const isText = /^(application\/json|text\/)/.test(call.headers['content-type'] ?? '');
  const event = {
    version: '2.0',
    routeKey: `POST ${call.path}`,
    rawPath: call.path,
    rawQueryString: '',
    headers: call.headers,
    requestContext: {
      accountId: '000000000000',
      apiId: 'sandbox',
      http: { method: 'POST', path: call.path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'sandbox' },
      requestId: 'sandbox',
      routeKey: `POST ${call.path}`,
      stage: '$default',
      timeEpoch: nowMs,
    },
    body: call.body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  };
  try {
    const answer = (await invoke(event)) as {
      statusCode?: number;
      headers?: Record<string, string>;
      body?: string;
    } | null;
    return { status: answer?.statusCode ?? 200, headers: answer?.headers ?? {}, body: answer?.body ?? '' };
  } catch {
    return json(500, { message: 'Internal Server Error' });
  }
}

/** An answer with a JSON body. */
export function json(status: number, body: unknown): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}
