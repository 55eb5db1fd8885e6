import { after } from '../../model/events.ts';
import { HOLDING_STATES, mayHoldAccess } from '../../model/life-cycle.ts';
import { type AccessRequest, assignmentOf } from '../../model/request.ts';
import { type Assignment, assignmentIds, assignmentKey } from '../../model/target.ts';
import { knownRequest } from '../lease/known-request.ts';
import type { ExecutionWatch, HoldStore, LeaseItem, Sha256 } from '../ports.ts';
import { SWEEP_HOLDER } from '../ports.ts';
import { attemptsOf, type PassServices } from './attempts.ts';
import { isMadeByUs, type MadeList } from './made.ts';
import { isRemovalRecent, removeOrphan } from './remove-orphan.ts';
import { type RevokeNowServices, revokeNow } from './revoke-now.ts';

export interface ReconcileMadeServices extends RevokeNowServices, PassServices {
  readonly made: MadeList;
  readonly holds: Pick<HoldStore, 'given'>;
  readonly removals: { absentAt(assignment: Assignment): Promise<string | undefined> };
  readonly executions: Pick<ExecutionWatch, 'runningFor'>;
  readonly sha256: Sha256;
  /** The longest access there is, by the configuration; seconds. */
  readonly maxDurationSeconds: number;
}

export interface ReconcileMadeResult {
  /** What our roles have made, was there, and was under no live request. */
  readonly unrequested: number;
  readonly failures: number;
  readonly complete: boolean;
  /** Of what that was. */
  readonly ids: readonly string[];
}

/** A workflow that is on time, and a sweep by the request's own word, have this long. Seconds. */
const GRACE_SECONDS = 90;
/** What was made within this time is left to whoever grants it, or is about to take it back. Seconds. */
const SETTLED_SECONDS = 600;
/** Clocks of functions differ, and CloudTrail tells whole seconds. Seconds. */
const BLUR_SECONDS = 60;
/** After a removal by our own records, CloudTrail has so long to tell of it, and of what others gave since. Seconds. */
const HEARD_SECONDS = 3600;

interface Pass {
  readonly now: string;
  readonly live: ReadonlyMap<string, readonly AccessRequest[]>;
  readonly counts: { unrequested: number; readonly ids: string[] };
}

/**
 * Removes what our roles have made and no live request has: a request counts while it holds access and the grant's own word of its end
 * is not over. What was made is CloudTrail's word, so that it is found whatever became of requests, leases and workflows. One list
 * and one read a hundred, and more only for what is under no live request.
 */
export async function reconcileMade(services: ReconcileMadeServices): Promise<ReconcileMadeResult> {
  const result = { unrequested: 0, failures: 0, complete: true, ids: [] as string[] };
  const now = services.now().toISOString();
  const attempt = attemptsOf(services, result);
  await attempt(async () => {
    const ours: { readonly assignment: Assignment; readonly madeAt: string }[] = [];
    for await (const made of services.made.all())
      if (isMadeByUs(made) && after(made.madeAt, SETTLED_SECONDS) < now) ours.push(made);
    if (ours.length === 0) return;
    const given = await services.holds.given(ours.map(({ assignment }) => assignment));
    const pass = { now, live: await liveRequests(services), counts: result };
    for (const made of ours) {
      const key = assignmentKey(made.assignment);
      const isOver = after(made.madeAt, services.maxDurationSeconds + GRACE_SECONDS) < now;
      const running = isOver ? [] : (given.get(key) ?? []).filter(({ endsAt }) => after(endsAt, GRACE_SECONDS) > now);
      const ids = running.map(({ accessId }) => accessId);
      if ((pass.live.get(key) ?? []).some(({ id }) => ids.includes(id))) continue;
      await attempt(() => endUnrequested(made, ids, pass, services), {});
    }
  }, {});
  return result;
}

async function liveRequests({ requests }: ReconcileMadeServices): Promise<Map<string, AccessRequest[]>> {
  const live = new Map<string, AccessRequest[]>();
  for await (const request of requests.inStates(HOLDING_STATES)) {
    const key = assignmentKey(assignmentOf(request));
    live.set(key, [...(live.get(key) ?? []), request]);
  }
  return live;
}

/** @param ids the accesses that the grant has given until later than now; lists are behind, so each is asked about once more */
async function endUnrequested(
  { assignment, madeAt }: { readonly assignment: Assignment; readonly madeAt: string },
  ids: readonly string[],
  { now, live, counts }: Pass,
  services: ReconcileMadeServices,
): Promise<void> {
  const key = assignmentKey(assignment);
  for (const id of ids) {
    const request = await knownRequest(id, services.requests);
    if (request !== undefined && mayHoldAccess(request.state) && assignmentKey(assignmentOf(request)) === key) return;
  }
  if (isRemovalRecent(await services.leases.get(assignment), now)) return;
  if (isAwaitingWord(await services.removals.absentAt(assignment), madeAt, now)) return;
  if (!(await services.assignments.exists(assignment))) return;
  counts.unrequested += 1;
  counts.ids.push(assignmentIds(assignment), ...(live.get(key) ?? []).map(({ id }) => id));

  // Whoever is told to hold it is told that it is over; that its own history may call it kept changes nothing.
  const running = () => services.executions.runningFor();
  for (const request of live.get(key) ?? [])
    await revokeNow(request, now, services, async () => (await running()).has(request.id));
  const left = await services.leases.get(assignment);
  if (isRemovalRecent(left, now)) return;
  const claimed =
    left === undefined
      ? await services.leases.claim(assignment, SWEEP_HOLDER, now)
      : await withoutClaims(left, services);
  if (claimed !== undefined) await removeOrphan(claimed, services);
}

/** None of those who claim it has a live request, or what they claim has not begun: then they take the claim anew. */
async function withoutClaims(item: LeaseItem, { leases }: ReconcileMadeServices): Promise<LeaseItem | undefined> {
  let left: LeaseItem | undefined = item;
  for (const id of item.leases) left = await leases.drop(item.assignment, id);
  return left;
}

/** By our own records it has been removed since, so somebody else may have given it, of which CloudTrail will tell. */
function isAwaitingWord(absentAt: string | undefined, madeAt: string, now: string): boolean {
  if (absentAt === undefined || after(absentAt, BLUR_SECONDS) < madeAt) return false;
  return absentAt <= after(now, BLUR_SECONDS) && after(absentAt, HEARD_SECONDS) > now;
}
