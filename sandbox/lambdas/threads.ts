import { Worker } from 'node:worker_threads';
import { FUNCTION_HEADER } from '../aws/wire/wire.ts';

/** No more idle threads are kept, because each holds the code of every function. */
const MOST_IDLE = 2;

/**
 * Idle threads that wait for a host. Code that has run before runs many times faster, so one host after the other uses
 * a thread, each with containers of its own. The list holds workers only and no objects of this module, because its
 * owner may load this module again meanwhile.
 */
export type IdleThreads = Worker[];

/** Starts a thread that can run functions. It does not keep the process alive. */
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

/** Returns a thread that its host no longer needs. No call may be running in it. */
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

/** Takes a thread for a host, an idle one if there is any. From then on only that host listens to it. */
export function takeThread(idle: IdleThreads): Worker {
  const thread = idle.pop() ?? startThread();
  thread.removeAllListeners();
  return thread;
}
