import { Worker } from 'node:worker_threads';
import { FUNCTION_HEADER } from '../aws/wire/wire.ts';

/** More than these are not kept: each holds every function's code. */
const MOST_IDLE = 2;

/**
 * Threads that wait for a host. Code that has run before runs many times faster, so a thread goes from one host to the next; what
 * the functions keep in memory does not, each host has containers of its own. Plain values only: whoever keeps the list may have
 * loaded this file anew in between.
 */
export type IdleThreads = Worker[];

/** A thread that can run functions. It does not keep the process alive. */
export function startThread(): Worker {
  const thread = new Worker(new URL('./worker.mjs', import.meta.url), {
    env: { NODE_NO_WARNINGS: '1' },
    workerData: { functionHeader: FUNCTION_HEADER },
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  thread.unref();
  return thread;
}

/** Hands a thread on whose host needs it no more; nothing may be under way in it. */
export async function leaveThread(thread: Worker, idle: IdleThreads): Promise<void> {
  if (idle.length >= MOST_IDLE) {
    await thread.terminate();
    return;
  }
  const forget = () => {
    if (idle.includes(thread)) idle.splice(idle.indexOf(thread), 1);
  };
  thread.once('error', forget);
  thread.once('exit', forget);
  idle.push(thread);
}

/** A thread for a host, which alone listens to it from here on: one that has run before, if there is one. */
export function takeThread(idle: IdleThreads): Worker {
  const thread = idle.pop() ?? startThread();
  thread.removeAllListeners();
  return thread;
}
