import { after } from '../../model/events.ts';
import { HOLDING_STATES } from '../../model/life-cycle.ts';
import { assignmentOf } from '../../model/request.ts';
import { type Assignment, assignmentIds, assignmentKey } from '../../model/target.ts';
import { HOLD_GRACE_SECONDS, mayStillRun } from '../lease/held-by-another.ts';
import { readableRequest } from '../lease/readable-request.ts';
import { type ExecutionWatch, type HoldStore, type Sha256, SWEEP_HOLDER } from '../ports.ts';
import { type Attempt, attemptsOf, type PassServices, whileTimeLasts } from './attempts.ts';
import { isMadeByUs, type MadeList } from './made.ts';
import { isRemovalRecent, removeOrphan } from './remove-orphan.ts';
import { type RevokeNowServices, revokeNow } from './revoke-now.ts';

export interface ReconcileMadeServices extends RevokeNowServices, PassServices {
  readonly made: MadeList;
  readonly holds: Pick<HoldStore, 'given'>;
  readonly removals: { absentAt(assignment: Assignment): Promise<string | undefined> };
  readonly executions: Pick<ExecutionWatch, 'runningFor'> & RevokeNowServices['executions'];
  readonly sha256: Sha256;
  /** The longest access that the configuration allows; seconds. */
  readonly maxDurationSeconds: number;
}

export interface ReconcileMadeResult {
  /** Assignments that Glasshammer's roles have made, that still existed, and that no live request held. */
  readonly unrequested: number;
  readonly failures: number;
  readonly complete: boolean;
  /** Ids of these assignments and of the requests that were ended with them. */
  readonly ids: readonly string[];
}

/** An assignment made within this time is left to the workflow that grants it, or is about to take it back. Seconds. */
const SETTLED_SECONDS = 600;
/** The clocks of functions differ, and CloudTrail reports whole seconds. Seconds. */
const CLOCK_TOLERANCE_SECONDS = 60;
/**
 * After a removal by Glasshammer's own records, CloudTrail has this long to report it, and what others gave since.
 * Seconds.
 */
const HEARD_SECONDS = 3600;

interface Pass {
  readonly now: string;
  readonly counts: { unrequested: number; complete: boolean; readonly ids: string[] };
  /** What was removed, by the key of its lease item, with the ids of the requests that were ended for it. */
  readonly ended: Map<string, Set<string>>;
}

/**
 * An assignment that Glasshammer's roles have made. `given` and `running` are ids of accesses for which the grant gave
 * it: all that are remembered, and those that end later than now.
 */
interface MadeByRole {
  readonly assignment: Assignment;
  readonly madeAt: string;
  readonly given: readonly string[];
  readonly running: readonly string[];
}

/**
 * Removes assignments that Glasshammer's roles have made and no live request holds. A request is live while it holds
 * access and the hold that the grant wrote is not over. CloudTrail says what was made, so that it is found whatever
 * became of requests, leases and workflows.
 *
 * Costs one list and two reads for each hundred, and more only for assignments without a live request. An attacker who
 * writes requests cannot make that longer: other holders are looked up by key, and requests are listed only after the
 * removal. An attacker can lengthen the one list with items that only turn out to be something else when they are read.
 * It is read for as long as `made` goes on, and everything found by then is looked at.
 */
export async function reconcileMade(services: ReconcileMadeServices): Promise<ReconcileMadeResult> {
  const result = { unrequested: 0, failures: 0, complete: true, ids: [] as string[] };
  const now = services.now().toISOString();
  const attempt = attemptsOf(services, result);
  const pass = { now, counts: result, ended: new Map<string, Set<string>>() };
  await attempt(async () => {
    const ours = await allMadeByRoles(pass, services);
    const live = await services.requests.holding(ours.flatMap(({ running }) => running));
    for (const made of ours) {
      if (made.running.some((id) => isHolding(live.get(id), made.assignment))) continue;
      await attempt(() => endUnrequested(made, pass, services), {});
    }
  }, {});
  if (pass.ended.size > 0) await attempt(() => endOthers(pass, attempt, services), {});
  return result;
}

/** As many as can be listed in time. Those that were found are looked at, whatever else is in the list. */
async function allMadeByRoles({ now, counts }: Pass, services: ReconcileMadeServices): Promise<MadeByRole[]> {
  const { made, holds, maxDurationSeconds } = services;
  const ours: { readonly assignment: Assignment; readonly madeAt: string }[] = [];
  for await (const one of whileTimeLasts(made.all(), services, counts))
    if (isMadeByUs(one) && after(one.madeAt, SETTLED_SECONDS) < now) ours.push(one);
  if (ours.length === 0) return [];
  const given = await holds.given(ours.map(({ assignment }) => assignment));
  return ours.map(({ assignment, madeAt }) => {
    const held = given.get(assignmentKey(assignment)) ?? [];
    const isOver = after(madeAt, maxDurationSeconds + HOLD_GRACE_SECONDS) < now;
    const running = isOver ? [] : held.filter((hold) => mayStillRun(hold, now));
    const idsOf = (some: typeof held) => some.map(({ accessId }) => accessId);
    return { assignment, madeAt, given: idsOf(held), running: idsOf(running) };
  });
}

function isHolding(held: Assignment | undefined, assignment: Assignment): boolean {
  return held !== undefined && assignmentKey(held) === assignmentKey(assignment);
}

/** The facts read for the whole list may be outdated when this assignment's turn comes, so they are read once more. */
async function endUnrequested(
  made: MadeByRole,
  { now, counts, ended }: Pass,
  services: ReconcileMadeServices,
): Promise<void> {
  const { assignment, madeAt } = made;
  const live = async (ids: readonly string[]) =>
    [...(await services.requests.holding(ids))].flatMap(([id, held]) => (isHolding(held, assignment) ? [id] : []));
  if ((await live(made.running)).length > 0) return;
  if (isRemovalRecent(await services.leases.get(assignment), now)) return;
  if (mayBeGivenAgain(await services.removals.absentAt(assignment), madeAt, now)) return;
  if (!(await services.assignments.exists(assignment))) return;
  const ids = await live(made.given);
  counts.unrequested += 1;
  counts.ids.push(assignmentIds(assignment), ...ids);
  ended.set(assignmentKey(assignment), new Set(ids));

  // The assignment is removed first, because ending a request may have to list all others. The requests are ended
  // afterwards, so that people are told. A history that says the assignment stays, or a request that cannot be written,
  // does not stop the removal.
  const failures: unknown[] = [];
  const trying = (work: Promise<void>) => work.catch((error: unknown) => failures.push(error));
  await trying(removeMade(assignment, now, services));
  for (const id of ids) await trying(endRequest(id, now, services));
  if (failures.length > 0) throw failures[0];
}

async function endRequest(id: string, now: string, services: ReconcileMadeServices): Promise<void> {
  const request = await readableRequest(id, services.requests);
  const isExecuting = async () => (await services.executions.runningFor()).has(id);
  if (request !== undefined) await revokeNow(request, now, services, isExecuting);
}

async function removeMade(assignment: Assignment, now: string, services: ReconcileMadeServices): Promise<void> {
  const { leases } = services;
  let left = await leases.get(assignment);
  if (isRemovalRecent(left, now)) return;
  // No live request has any of these claims, or its access has not begun: then its grant takes the claim anew.
  for (const id of left?.leases ?? []) left = await leases.drop(assignment, id);
  if (left?.standing === true && left.leases.length === 0) {
    // The item says that the assignment is standing, and code that goes by the item would give up the removal half-way.
    await leases.forget(left);
    left = undefined;
  }
  const claimed = left ?? (await leases.claim(assignment, SWEEP_HOLDER, now));
  if (claimed !== undefined) await removeOrphan(claimed, services);
}

/**
 * Ends requests that hold an assignment removed above without a hold that the grant wrote. Last, because there may be
 * any number of them.
 */
async function endOthers(
  { now, counts, ended }: Pass,
  attempt: Attempt,
  services: ReconcileMadeServices,
): Promise<void> {
  for await (const request of whileTimeLasts(services.requests.inStates(HOLDING_STATES), services, counts)) {
    const others = ended.get(assignmentKey(assignmentOf(request)));
    if (others === undefined || others.has(request.id)) continue;
    counts.ids.push(request.id);
    await attempt(() => endRequest(request.id, now, services), { requestId: request.id });
  }
}

/** By Glasshammer's own records it was removed since. If somebody else has given it, CloudTrail will report that. */
function mayBeGivenAgain(absentAt: string | undefined, madeAt: string, now: string): boolean {
  if (absentAt === undefined || after(absentAt, CLOCK_TOLERANCE_SECONDS) < madeAt) return false;
  return absentAt <= after(now, CLOCK_TOLERANCE_SECONDS) && after(absentAt, HEARD_SECONDS) > now;
}
