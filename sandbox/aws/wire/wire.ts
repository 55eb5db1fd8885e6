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

/** No answer: the connection is closed. */
export const CONNECTION_CLOSED: WireResponse = { status: 0, headers: {}, body: '' };

/** The header in which the functions' host names the function that makes a call. */
export const FUNCTION_HEADER = 'x-sandbox-function';
