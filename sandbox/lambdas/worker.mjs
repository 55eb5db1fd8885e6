/**
 * Runs the deployed bundles, as Lambda would: each is imported at its first call and kept. The only thing changed around them is
 * the time: `Date` answers the sandbox's clock, so the bundles need no idea that they are in a sandbox.
 */
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
    const handler = await handlerOf(call.functionName);
    // Lambda hands over and takes back JSON, nothing else.
    const answer = await handler(JSON.parse(call.event));
    parentPort.postMessage({ id: call.id, answer: JSON.stringify(answer ?? null) });
  } catch (error) {
    parentPort.postMessage({
      id: call.id,
      error: { name: error?.name ?? 'Error', message: error?.message ?? String(error) },
    });
  }
});
