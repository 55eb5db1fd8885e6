import { ItemFullError } from '../../model/errors.ts';
import { after, happen, isInstant } from '../../model/events.ts';
import { mayHoldAccess, OPEN_STATES } from '../../model/life-cycle.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { ExecutionWatch } from '../ports.ts';
import { attemptsOf, type PassServices, whileTimeLasts } from './attempts.ts';
import { type RevokeNowServices, revokeNow } from './revoke-now.ts';

export interface AbandonedServices extends RevokeNowServices, PassServices {
  readonly executions: ExecutionWatch & RevokeNowServices['executions'];
}

export interface AbandonedResult {
  /** Requests that were ended because their workflow had stopped. */
  readonly abandoned: number;
  /** Requests whose workflow had never begun and was started. */
  readonly started: number;
  readonly failures: number;
  readonly complete: boolean;
  /** Ids of these requests. */
  readonly ids: readonly string[];
}

/** Requests that may hold access come first. `ending` is left out, because the sweep ends those by its own times. */
const WORKED_ON = OPEN_STATES.filter((state) => state !== 'ending');

/**
 * A request that changed within this time is left alone: Step Functions may not list its execution yet, and the
 * function that reacts to a stopped workflow needs a moment. Seconds.
 */
const QUIET_SECONDS = 120;

/**
 * Looks for open requests that no execution works on, whatever became of the EventBridge event that should have
 * reported it. Ends those whose workflow has stopped, long before their time would be up, and starts a workflow that
 * never began. The running executions are listed once; only a request that is not among them costs one more call.
 */
export async function endAbandoned(services: AbandonedServices): Promise<AbandonedResult> {
  const result = { abandoned: 0, started: 0, failures: 0, complete: true, ids: [] as string[] };
  const now = services.now().toISOString();
  const attempt = attemptsOf(services, result);

  await attempt(async () => {
    let running: ReadonlySet<string> | undefined;
    for await (const request of whileTimeLasts(services.requests.inStates(WORKED_ON), services, result)) {
      if (!isQuiet(request, now)) continue;
      // Listed once, and not at all where no request is open.
      running ??= await services.executions.runningFor();
      if (running.has(request.id)) continue;
      await attempt(() => tend(request, now, services, result), { requestId: request.id });
    }
  }, {});
  return result;
}

async function tend(
  request: AccessRequest,
  now: string,
  services: AbandonedServices,
  result: { abandoned: number; started: number; readonly ids: string[] },
): Promise<void> {
  const execution = await services.executions.stateOf(request.id);
  if (execution.status === 'running') return;
  if (execution.status === 'stopped' && after(execution.at, QUIET_SECONDS) > now) return;
  // Only a workflow creates access, so a request that may hold access had a workflow and has lost it.
  if (execution.status === 'unknown' && !mayHoldAccess(request.state)) {
    await services.workflow.start(request.id);
    result.started += 1;
    result.ids.push(request.id);
    return;
  }
  const how = execution.status === 'stopped' ? execution.how : 'unknown to Step Functions';
  const noted = await services.requests
    .change(request.id, {
      from: [request.state],
      event: happen('workflow-stopped', now, { note: `${request.id} ${how}, seen by the sweep` }),
      eventsSeen: request.events.length,
    })
    .catch((error: unknown) => {
      if (error instanceof ItemFullError) return { changed: true as const, request };
      throw error;
    });
  // The request has changed since it was listed, so a worker is on it.
  if (!noted.changed) return;
  result.abandoned += 1;
  result.ids.push(request.id);
  await revokeNow(noted.request, now, services, async () => false);
}

function isQuiet({ events }: AccessRequest, now: string): boolean {
  const last = events.at(-1);
  return last !== undefined && (!isInstant(last.at) || after(last.at, QUIET_SECONDS) <= now);
}
