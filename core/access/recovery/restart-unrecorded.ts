import { after, isInstant } from '../../model/events.ts';
import type { LeaseStore, Now } from '../ports.ts';
import { attemptsOf, type PassServices, whileTimeLasts } from './attempts.ts';
import { lostGrant, type RestartLostServices } from './restart-lost.ts';

/** The requests' own workflows, as Step Functions lists them. */
export interface DeadExecutions {
  /**
   * Names of those that failed, timed out or were aborted, of all that began at or after `from` (ISO 8601; all if
   * absent).
   */
  deadSince(from: string | undefined): AsyncIterable<string>;
}

export interface UnrecordedServices extends PassServices, RestartLostServices {
  readonly executions: RestartLostServices['executions'] & DeadExecutions;
  readonly leases: Pick<LeaseStore, 'removedFor'>;
  /** When this was last done, as the request table says. Instants in ISO 8601. */
  readonly compared: { last(): Promise<string | undefined>; note(at: string): Promise<void> };
  readonly now: Now;
}

export interface UnrecordedResult {
  /** Dead workflows of whose grant the table knew nothing, and for which a clean-up was started. */
  readonly unrecorded: number;
  readonly failures: number;
  readonly complete: boolean;
  /** Ids of their requests. */
  readonly ids: readonly string[];
}

/** Step Functions lists an execution a little after it began, and one that began then may have died since. Seconds. */
const OVERLAP_SECONDS = 600;

/**
 * Compares Step Functions with the request table, because nothing else is left of a request that a restored table
 * lacks: a workflow that died before the restore, or the clean-up of one, is started again if the table knows nothing of
 * what it gave. Read are the executions that began since this was last done. A restored table has an old time for that,
 * so then these are all that began since the backup.
 */
export async function restartUnrecorded(services: UnrecordedServices): Promise<UnrecordedResult> {
  const result = { unrecorded: 0, failures: 0, complete: true, ids: [] as string[] };
  const attempt = attemptsOf(services, result);
  const now = services.now().toISOString();
  await attempt(async () => {
    const last = await services.compared.last();
    const from = isInstant(last) ? after(last < now ? last : now, -OVERLAP_SECONDS) : undefined;
    for await (const requestId of whileTimeLasts(services.executions.deadSince(from), services, result))
      await attempt(
        async () => {
          const made = await lostGrant(requestId, services);
          // What exists after its removal was given by others.
          if (made === undefined || (await services.leases.removedFor(made, requestId)) !== undefined) return;
          // A clean-up that runs already may only be cutting sessions, and then looks for no assignment. Two do no harm.
          await services.workflow.startCleanup(requestId, `lost-at-${now.slice(0, 16).replace(/\D/g, '')}`);
          result.unrecorded += 1;
          result.ids.push(requestId);
        },
        { requestId },
      );
    if (result.complete && result.failures === 0) await services.compared.note(now);
  }, {});
  return result;
}
