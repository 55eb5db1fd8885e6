import { Readable } from 'node:stream';
import type { WireRequest, WireResponse } from './wire.ts';

/** A request as an SDK client passes it to its request handler. */
interface ClientRequest {
  method: string;
  path: string;
  query?: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body?: unknown;
}

interface ClientResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Uint8Array | Readable;
}

/**
 * The connection was closed without an answer. Name and code are those of the SDK's own Node handler, so clients retry
 * as usual.
 */
export class ConnectionClosedError extends Error {
  override readonly name = 'TimeoutError';
  readonly code = 'ECONNRESET';
}

/** A `requestHandler` for an SDK client that calls an emulator in the same process, without a socket. */
export function inProcessRequestHandler(handle: (request: WireRequest) => Promise<WireResponse>) {
  return {
    async handle(request: ClientRequest): Promise<{ response: ClientResponse }> {
      const headers = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]);
      const path = `${request.path}${writeQuery(request.query ?? {})}`;
      const body = await readBody(request.body);
      const answer = await handle({ method: request.method, path, headers: Object.fromEntries(headers), body });
      if (answer.status === 0) throw new ConnectionClosedError('socket hang up');
      const bytes = Buffer.from(answer.body);
      // Only an S3 download is passed on as a stream. Clients read every other body as a whole anyway.
      const streamed = request.query?.['x-id'] === 'GetObject';
      const response = {
        statusCode: answer.status,
        headers: answer.headers,
        body: streamed ? Readable.from([bytes]) : bytes,
      };
      return { response };
    },
    // Clients call these methods; there is nothing to configure.
    updateHttpClientConfig(): void {},
    httpHandlerConfigs(): Record<string, never> {
      return {};
    },
    destroy(): void {},
  };
}

function writeQuery(query: Record<string, string | string[] | null>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) =>
      one === null ? encodeURIComponent(name) : `${encodeURIComponent(name)}=${encodeURIComponent(one)}`,
    ),
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

async function readBody(body: unknown): Promise<Buffer> {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array | string>) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
