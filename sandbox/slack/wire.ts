/** A call as it stands on the wire, free of sockets: what a server receives and what an in-process client hands over. */
export interface WireRequest {
  method: string;
  /** With the query string. */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
}

/** An answer on the wire. Status 0 is no answer at all: the connection closes. */
export interface WireResponse {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** An answer in JSON. */
export function jsonResponse(status: number, body: unknown, headers: Record<string, string> = {}): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

/** A header's value; `name` in lower case. */
export function headerOf(request: WireRequest, name: string): string | undefined {
  return request.headers[name];
}
