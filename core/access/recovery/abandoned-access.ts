import { ItemFullError } from '../../model/errors.ts';
import { after, happen, isInstant } from '../../model/events.ts';
import { mayHoldAccess, OPEN_STATES } from '../../model/life-cycle.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { ExecutionWatch } from '../ports.ts';
import { attemptsOf, type PassServices, whileTimeLasts } from './attempts.ts';
import { type RevokeNowServices, revokeNow } from './revoke-now.ts';

export interface AbandonedServices extends RevokeNowServices, PassServices {
  readonly executions: ExecutionWatch;
}

export interface AbandonedResult {
  /** Requests whose workflow had stopped, and which were ended therefore. */
  readonly abandoned: number;
  /** Requests whose workflow had never begun, and was started. */
  readonly started: number;
  readonly failures: number;
  readonly complete: boolean;
  /** Of these requests. */
  readonly ids: readonly string[];
}

/** Access that is there comes first; `ending` is not here, because the sweep goes by its own clock with it. */
const WORKED_ON = OPEN_STATES.filter((state) => state !== 'ending');

/**
 * What has moved within this time is left alone: Step Functions may not list yet what began just now, and whoever is told of a
 * stopped workflow needs a moment. Seconds.
 */
const QUIET_SECONDS = 120;

/**
 * Looks for open requests that no execution works on, whatever became of the message that should have told of it: ends those whose
 * workflow has stopped, long before their time would be up, and starts the workflow that never began. One list for all of them,
 * and one more call only for a request that is not on it.
 */
export async function endAbandoned(services: AbandonedServices): Promise<AbandonedResult> {
  const result = { abandoned: 0, started: 0, failures: 0, complete: true, ids: [] as string[] };
  const now = services.now().toISOString();
  const attempt = attemptsOf(services, result);

  await attempt(async () => {
    let running: ReadonlySet<string> | undefined;
    for await (const request of whileTimeLasts(services.requests.inStates(WORKED_ON), services, result)) {
      if (!isQuiet(request, now)) continue;
      // Asked for once, and not at all where nothing is open.
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
  // Only a workflow makes access; a request that may hold some has had one, and has lost it.
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
  // It has moved since it was listed: then somebody works on it.
  if (!noted.changed) return;
  result.abandoned += 1;
  result.ids.push(request.id);
  await revokeNow(noted.request, now, services, async () => false);
}

function isQuiet({ events }: AccessRequest, now: string): boolean {
  const last = events.at(-1);
  return last !== undefined && (!isInstant(last.at) || after(last.at, QUIET_SECONDS) <= now);
}
