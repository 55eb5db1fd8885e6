/**
 * Runs the deployed bundles, as Lambda would: each is imported at its first call and kept. Two things are changed around them, so
 * that the bundles need no idea that they are in a sandbox: `Date` answers the sandbox's clock, and each call to AWS carries the
 * name of the function that made it, because all functions share this thread and its key.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const RealDate = Date;
let nowMs = workerData.nowMs;

globalThis.Date = class SandboxDate extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(nowMs);
    else super(...parts);
  }

  static now() {
    return nowMs;
  }
};

/** The name of the function whose invocation the code that runs belongs to. */
const running = new AsyncLocalStorage();
const aws = new URL(process.env.AWS_ENDPOINT_URL);
const plainRequest = http.request;

http.request = (options, ...rest) => {
  const isForAws = String(options.port) === aws.port && options.headers !== undefined;
  if (!isForAws) return plainRequest(options, ...rest);
  const headers = { ...options.headers, [workerData.functionHeader]: running.getStore() };
  return plainRequest({ ...options, headers }, ...rest);
};
syncBuiltinESMExports();

const handlers = new Map();

async function handlerOf(functionName) {
  const known = handlers.get(functionName);
  if (known !== undefined) return known;
  const bundle = await import(pathToFileURL(`${workerData.codeRoot}/${functionName}/index.mjs`).href);
  handlers.set(functionName, bundle.handler);
  return bundle.handler;
}

parentPort.on('message', async (call) => {
  nowMs = Math.max(nowMs, call.nowMs);
  try {
    // Lambda hands over and takes back JSON, nothing else.
    const answer = await running.run(call.functionName, async () => {
      const handler = await handlerOf(call.functionName);
      return handler(JSON.parse(call.event));
    });
    parentPort.postMessage({ id: call.id, answer: JSON.stringify(answer ?? null) });
  } catch (error) {
    parentPort.postMessage({
      id: call.id,
      error: { name: error?.name ?? 'Error', message: error?.message ?? String(error) },
    });
  }
});
