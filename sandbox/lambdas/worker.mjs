/**
 * Runs the deployed bundles, as Lambda would: each is imported at its first call and kept. Three things are changed around them,
 * so that the bundles need no idea that they are in a sandbox: `Date` answers the sandbox's clock, each call to AWS carries the
 * name of the function that made it, because all functions share this thread and its key, and what they write goes to their host,
 * as do their calls to what the host itself answers.
 *
 * One host after the other may use the thread, each with containers of its own: the code stays, everything it kept in memory goes.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { statSync } from 'node:fs';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { fetchFromHost, requestHost } from './calls-without-sockets.mjs';
import { skipPauses } from './skip-pauses.mjs';

const RealDate = Date;

/** What the host that uses the thread now has told, and the way back to it. */
let host = { nowMs: RealDate.now() };

globalThis.Date = class SandboxDate extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(host.nowMs);
    else super(...parts);
  }

  static now() {
    return host.nowMs;
  }
};

/** The name of the function, and the host, whose invocation the code that runs belongs to. */
const running = new AsyncLocalStorage();

/** Something an earlier host's function left undone must not reach the world of the host after it. */
function refuseLeftovers() {
  const invocation = running.getStore();
  if (invocation !== undefined && invocation.host !== host) throw new Error('the container is gone');
}

/** Of a host that is gone nobody hears any more, and nobody has to. */
function whenHostAnswers(callback) {
  const { port, ticks } = running.getStore()?.host ?? host;
  ticks.push(callback);
  port.postMessage({ tick: true });
}

const callBegins = skipPauses(() => host.skipPauses === true && running.getStore() !== undefined, whenHostAnswers);

/** The way to what is at this origin if the host itself answers there; else undefined. */
function askFor(origin) {
  const { origins, port, calls } = host;
  if (origins?.includes(origin) !== true) return undefined;
  return (request) =>
    new Promise((resolve) => {
      host.callCount += 1;
      calls.set(host.callCount, resolve);
      port.postMessage({ call: host.callCount, origin, request });
    });
}

const plainRequest = http.request;
http.request = (options, ...rest) => {
  refuseLeftovers();
  const isForAws = String(options.port) === host.awsPort && options.headers !== undefined;
  const name = { [workerData.functionHeader]: running.getStore()?.functionName };
  const marked = isForAws ? { ...options, headers: { ...options.headers, ...name } } : options;
  const ask = askFor(`http://${options.host ?? options.hostname}:${options.port}`);
  const request = ask === undefined ? plainRequest(marked, ...rest) : requestHost(marked, rest[0], ask);
  request.once('close', callBegins());
  return request;
};
syncBuiltinESMExports();

const plainFetch = globalThis.fetch;
globalThis.fetch = async (resource, init) => {
  refuseLeftovers();
  const ends = callBegins();
  const ask = askFor(new URL(resource.url ?? resource).origin);
  const answer = ask === undefined ? plainFetch(resource, init) : fetchFromHost(resource, init, ask);
  return answer.finally(ends);
};

for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk, ...rest) => {
    (running.getStore()?.host ?? host).port?.postMessage({ written: chunk });
    rest.find((last) => typeof last === 'function')?.();
    return true;
  };
}

async function handlerOf(functionName) {
  const known = host.handlers.get(functionName);
  if (known !== undefined) return known;
  const file = join(host.codeRoot, functionName, 'index.mjs');
  // A bundle built anew since an earlier host is other code at the same address.
  const bundle = await import(`${pathToFileURL(file).href}?built=${statSync(file).mtimeMs}`);
  host.handlers.set(functionName, bundle.handler);
  return bundle.handler;
}

/** The host's answer to a call of `askFor`. */
function receive({ answered, answer: value }) {
  host.calls.get(answered)?.(value);
  host.calls.delete(answered);
}

async function answer(call) {
  host.nowMs = Math.max(host.nowMs, call.nowMs);
  const { port } = host;
  try {
    // Lambda hands over and takes back JSON, nothing else.
    const value = await running.run({ functionName: call.functionName, host }, async () => {
      const handler = await handlerOf(call.functionName);
      return handler(JSON.parse(call.event));
    });
    port.postMessage({ id: call.id, answer: JSON.stringify(value ?? null) });
  } catch (error) {
    port.postMessage({
      id: call.id,
      error: { name: error?.name ?? 'Error', message: error?.message ?? String(error) },
    });
  }
}

parentPort.on('message', ({ environment, ...told }) => {
  const { port } = told;
  const awsPort = new URL(environment.AWS_ENDPOINT_URL).port;
  host = { ...told, awsPort, handlers: new Map(), calls: new Map(), callCount: 0, ticks: [] };
  // A new object and not new values: functions keep their services by the environment they were built from.
  process.env = { ...environment };
  const { ticks } = host;
  port.on('message', (message) => {
    if (message.tick === true) ticks.shift()?.();
    else if (message.answered === undefined) void answer(message);
    else receive(message);
  });
});
