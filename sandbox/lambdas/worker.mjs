/**
 * Runs the deployed bundles as Lambda does: each is imported at its first call and kept. The bundles need not know that
 * they run in a sandbox, because their surroundings are changed:
 * - `Date` returns the sandbox's time;
 * - each call to AWS names the function that made it, because all functions share this thread and its access key;
 * - what they write, and their calls to origins that the host answers, are sent to the host;
 * - if the host asks for it, their waits before a retry are skipped.
 *
 * Hosts use the thread one after the other, each with containers of its own: the code stays loaded, its state in memory
 * does not.
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

/** What the current host has sent, and the port to it. */
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

/** The function and the host of the invocation that the running code belongs to. */
const running = new AsyncLocalStorage();

/** Refuses calls that an earlier host's function left running, so that they do not reach the current host. */
function refuseLeftovers() {
  const invocation = running.getStore();
  if (invocation !== undefined && invocation.host !== host) throw new Error('the container is gone');
}

/** Calls back once the host has answered. A host that has ended never does, and nothing waits for it then. */
function whenHostAnswers(callback) {
  const { port, ticks } = running.getStore()?.host ?? host;
  ticks.push(callback);
  port.postMessage({ tick: true });
}

const callBegins = skipPauses(() => host.skipPauses === true && running.getStore() !== undefined, whenHostAnswers);

/** A function that sends a request to the host, if the host answers for this origin; else `undefined`. */
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
  // A bundle rebuilt since an earlier host has the same path, so the import needs another URL.
  const bundle = await import(`${pathToFileURL(file).href}?built=${statSync(file).mtimeMs}`);
  host.handlers.set(functionName, bundle.handler);
  return bundle.handler;
}

/** Passes the host's answer to the call that waits for it. */
function receive({ answered, answer: value }) {
  host.calls.get(answered)?.(value);
  host.calls.delete(answered);
}

async function answer(call) {
  host.nowMs = Math.max(host.nowMs, call.nowMs);
  const { port } = host;
  try {
    // Events and answers are passed as JSON, as in Lambda.
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
  // A new object, because functions cache their services by the environment object they were built from.
  process.env = { ...environment };
  const { ticks } = host;
  port.on('message', (message) => {
    if (message.tick === true) ticks.shift()?.();
    else if (message.answered === undefined) void answer(message);
    else receive(message);
  });
});
