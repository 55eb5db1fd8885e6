import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WireRequest, WireResponse } from './wire.ts';

type Handle = (request: WireRequest) => Promise<WireResponse>;

/** An emulator that listens on a port of this machine. */
export interface Listening {
  /** `http://127.0.0.1:<port>`, for `AWS_ENDPOINT_URL`. */
  url: string;
  close(): Promise<void>;
}

/** Makes an emulator listen on 127.0.0.1 only. Port 0 picks a free one. */
export async function listen(handle: Handle, port = 0): Promise<Listening> {
  const server = createServer((request, response) => void serveRequest(handle, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** Answers one HTTP request with an emulator, for servers with several emulators. Status 0 destroys the socket. */
export async function serveRequest(handle: Handle, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const answer = await handle(await readRequest(request));
    if (answer.status === 0) {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  } catch (error) {
    // An error in the emulator itself is logged and answered as plain text, so that it cannot be mistaken for an error
    // of AWS.
    console.error('sandbox: an AWS call could not be answered', error);
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
    response.end('The sandbox failed; its log says why.');
  }
}

async function readRequest(request: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
  };
}
