import type { ExecutionWatch } from '../ports.ts';

/** A watch that lists the running executions once, when it is first asked to; for one pass over the requests. */
export function oneLook(executions: ExecutionWatch): ExecutionWatch {
  let running: Promise<ReadonlySet<string>> | undefined;
  return {
    runningFor() {
      running ??= executions.runningFor();
      return running;
    },
    stateOf: (requestId) => executions.stateOf(requestId),
  };
}
