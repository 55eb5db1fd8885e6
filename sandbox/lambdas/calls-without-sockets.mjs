/**
 * Sends the functions' calls to the sandbox's own AWS and Slack as messages to the host, which answers in its own
 * thread. The functions use `http.request` and `fetch` as usual. Only the socket is left out, because it costs more
 * than the rest of a call. An answer with status 0 stands for a connection that was closed without an answer.
 */
import { Readable, Writable } from 'node:stream';

/** A socket without effect, for clients that set limits on a request's socket. */
const NO_SOCKET = Object.freeze({
  connecting: false,
  setKeepAlive: () => {},
  setTimeout: () => {},
  removeListener: () => {},
  destroy: () => {},
});

/** The error that Node throws for a closed connection. */
function connectionClosed() {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}

function lowerCaseNames(headers) {
  return Object.fromEntries([...headers].map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** The part of `http.ClientRequest` that the AWS clients use. */
class RequestToHost extends Writable {
  socket = NO_SOCKET;
  #options;
  #ask;
  #chunks = [];

  constructor(options, ask) {
    super({ autoDestroy: false });
    this.#options = options;
    this.#ask = ask;
  }

  _write(chunk, _encoding, written) {
    this.#chunks.push(chunk);
    written();
  }

  _final(written) {
    written();
    const { method = 'GET', path = '/', headers = {} } = this.#options;
    const body = Buffer.concat(this.#chunks);
    this.#ask({ method, path, headers: lowerCaseNames(Object.entries(headers)), body }).then((answer) =>
      this.#receive(answer),
    );
  }

  #receive({ status, headers, body }) {
    if (this.destroyed) return;
    if (status === 0) {
      this.destroy(connectionClosed());
      return;
    }
    const response = Object.assign(Readable.from([Buffer.from(body)], { objectMode: false }), {
      statusCode: status,
      headers: lowerCaseNames(Object.entries(headers)),
    });
    response.once('close', () => this.destroy());
    this.emit('response', response);
  }
}

/**
 * Replaces `http.request` for one request.
 *
 * @param options as for `http.request`
 * @param onResponse called once with the response
 * @param ask sends a request to the host; resolves with its answer
 */
export function requestHost(options, onResponse, ask) {
  const request = new RequestToHost(options, ask);
  if (onResponse !== undefined) request.once('response', onResponse);
  return request;
}

/** Replaces `fetch` for one call. @param ask sends a request to the host; resolves with its answer */
export async function fetchFromHost(resource, init, ask) {
  const request = new Request(resource, init);
  const { pathname, search } = new URL(request.url);
  const call = ask({
    method: request.method,
    path: pathname + search,
    headers: lowerCaseNames(request.headers),
    body: Buffer.from(await request.arrayBuffer()),
  });
  const { status, headers, body } = await unlessAborted(call, request.signal);
  if (status === 0) throw new TypeError('fetch failed', { cause: connectionClosed() });
  return new Response(body, { status, headers });
}

function unlessAborted(call, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    call.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
