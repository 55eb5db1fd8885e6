import { after, isInstant } from '../../model/events.ts';
import { OPEN_STATES } from '../../model/life-cycle.ts';
import type { Listing } from '../listing.ts';
import type { ExecutionWatch, Now, RequestStore, WorkflowPort } from '../ports.ts';
import { attemptsOf, type PassServices } from './attempts.ts';
import { type LostGrantServices, lostGrant, MOST_STARTS, startLostCleanup } from './restart-lost.ts';

/** A request's own workflow, as Step Functions lists it. */
export interface BegunExecution {
  readonly requestId: string;
  readonly isRunning: boolean;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** How far the executions have been compared with the requests. */
export interface Comparison {
  /** ISO 8601; all that had begun by then have been looked at. */
  readonly at: string;
  /**
   * Ids of requests that the table lacks and whose workflow runs or has died, and how many clean-ups were started for
   * each. They are looked at until what they gave is taken back.
   */
  readonly following: Readonly<Record<string, number>>;
}

export interface ComparisonStore {
  last(): Promise<Comparison | undefined>;
  note(comparison: Comparison): Promise<void>;
}

export interface UnrecordedServices extends PassServices, LostGrantServices {
  readonly requests: LostGrantServices['requests'] & Pick<RequestStore, 'inStates'>;
  readonly executions: LostGrantServices['executions'] &
    Pick<ExecutionWatch, 'runningFor'> & {
      /**
       * All that began at or after `from` (ISO 8601; all if absent) and did not succeed, newest first.
       *
       * @throws OutOfTimeError when `goOn` says no
       */
      begunSince(from: string | undefined, how: Listing): AsyncIterable<BegunExecution>;
    };
  readonly workflow: Pick<WorkflowPort, 'startCleanup'>;
  readonly compared: ComparisonStore;
  readonly now: Now;
}

export interface UnrecordedResult {
  /** Clean-ups started for dead workflows of whose grant the table knew nothing. */
  readonly unrecorded: number;
  readonly failures: number;
  readonly complete: boolean;
  /** Ids of their requests. */
  readonly ids: readonly string[];
}

/** Step Functions lists an execution a little after it began. Seconds. */
const OVERLAP_SECONDS = 600;

/** What fits into one item, with room to spare. With more, the comparison waits, and the sweep counts as failed. */
const MOST_FOLLOWED = 2000;

/**
 * Compares Step Functions with the request table, because nothing else is left of a request that a restored table
 * lacks. Read are the executions that began since this was last done. A restored table has an old time for that, so then
 * these are all that began since the backup. What began before it is in the table as a request without a grant, and
 * `endAbandoned` finds it when its workflow is dead.
 */
export async function restartUnrecorded(services: UnrecordedServices): Promise<UnrecordedResult> {
  const result = { unrecorded: 0, failures: 0, complete: true, ids: [] as string[] };
  const attempt = attemptsOf(services, result);
  const now = services.now().toISOString();
  await attempt(async () => {
    const last = await services.compared.last();
    const from = isInstant(last?.at) ? after(last.at < now ? last.at : now, -OVERLAP_SECONDS) : undefined;
    const known = last?.following ?? {};
    const following = new Map(Object.entries(known));
    const tend = (requestId: string) => attempt(() => follow(requestId, following, result, services), { requestId });
    const lacking = await lackedByTable(from, services);

    const running = following.size === 0 ? new Set<string>() : await services.executions.runningFor();
    for (const requestId of Object.keys(known)) if (!running.has(requestId)) await tend(requestId);
    let at = now;
    for (const { requestId, isRunning, startedAt } of lacking) {
      if (!services.hasTimeLeft() || following.size >= MOST_FOLLOWED) {
        result.complete = false;
        at = startedAt;
        break;
      }
      if (known[requestId] !== undefined) continue;
      following.set(requestId, 0);
      // A clean-up that runs for it may be past its look at Identity Center, so at first one is started all the same.
      if (!isRunning) await tend(requestId);
    }
    await services.compared.note({ at, following: Object.fromEntries(following) });
  }, {});
  return result;
}

/**
 * The executions that began since and whose requests are in none of the lists that the sweep reads anyway; oldest first,
 * so that a pass that runs out of time leaves the newest to the next.
 */
async function lackedByTable(
  from: string | undefined,
  services: UnrecordedServices,
): Promise<readonly BegunExecution[]> {
  const present = new Set<string>();
  for await (const { id } of services.requests.inStates([...OPEN_STATES, 'ended'])) present.add(id);
  const lacking: BegunExecution[] = [];
  for await (const execution of services.executions.begunSince(from, { goOn: () => services.hasTimeLeft() }))
    if (!present.has(execution.requestId)) lacking.push(execution);
  return lacking.reverse();
}

/** Starts a clean-up for a lost grant that nobody works on, or leaves it out from now on. */
async function follow(
  requestId: string,
  following: Map<string, number>,
  result: { unrecorded: number; readonly ids: string[] },
  services: UnrecordedServices,
): Promise<void> {
  const starts = following.get(requestId) ?? 0;
  const lost = starts >= MOST_STARTS ? undefined : await lostGrant(requestId, services);
  if (lost === undefined || lost.removedAt !== undefined) {
    following.delete(requestId);
    return;
  }
  await startLostCleanup(requestId, starts, services);
  following.set(requestId, starts + 1);
  result.unrecorded += 1;
  result.ids.push(requestId);
}
