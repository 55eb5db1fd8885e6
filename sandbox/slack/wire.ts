/** An HTTP request without its socket: received by a server, or passed by an in-process client. */
export interface WireRequest {
  method: string;
  /** The path with the query string. */
  path: string;
  /** The headers, with names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
}

/** An HTTP answer. Status 0 means no answer: the connection is closed. */
export interface WireResponse {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** An answer with a JSON body. */
export function jsonResponse(status: number, body: unknown, headers: Record<string, string> = {}): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

/** The value of a header. `name` must be in lower case. */
export function headerOf(request: WireRequest, name: string): string | undefined {
  return request.headers[name];
}
