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

/** The answer that never comes. */
export const CONNECTION_CLOSED: WireResponse = { status: 0, headers: {}, body: '' };

/** By this header the host of the functions says which of them makes a call. */
export const FUNCTION_HEADER = 'x-sandbox-function';
