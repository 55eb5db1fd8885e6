import { after } from '../../model/events.ts';
import { HOLDING_STATES } from '../../model/life-cycle.ts';
import { assignmentOf } from '../../model/request.ts';
import { type Assignment, assignmentIds, assignmentKey } from '../../model/target.ts';
import { knownRequest } from '../lease/known-request.ts';
import { type ExecutionWatch, type HoldStore, type Sha256, SWEEP_HOLDER } from '../ports.ts';
import { type Attempt, attemptsOf, type PassServices, whileTimeLasts } from './attempts.ts';
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
  readonly counts: { unrequested: number; complete: boolean; readonly ids: string[] };
  /** Of what was ended, by the key of its leases; with the requests that were ended with it. */
  readonly ended: Map<string, Set<string>>;
}

/** What our roles have made, and the accesses the grant has given it for: all it remembers, and those that end later than now. */
interface Ours {
  readonly assignment: Assignment;
  readonly madeAt: string;
  readonly given: readonly string[];
  readonly running: readonly string[];
}

/**
 * Removes what our roles have made and no live request has: a request counts while it holds access and the grant's own word of its end
 * is not over. What was made is CloudTrail's word, so that it is found whatever became of requests, leases and workflows. One list
 * and two reads a hundred, and more only for what is under no live request. No request makes any of it longer: who else may have it is
 * asked by key, and requests are listed only when it has been removed. The one list can be made longer, by items that look like what
 * is in it until they are read: it is read for as long as `made` goes on, and what was found by then is looked at.
 */
export async function reconcileMade(services: ReconcileMadeServices): Promise<ReconcileMadeResult> {
  const result = { unrequested: 0, failures: 0, complete: true, ids: [] as string[] };
  const now = services.now().toISOString();
  const attempt = attemptsOf(services, result);
  const pass = { now, counts: result, ended: new Map<string, Set<string>>() };
  await attempt(async () => {
    const ours = await allOurs(pass, services);
    const live = await services.requests.holding(ours.flatMap(({ running }) => running));
    for (const made of ours) {
      if (made.running.some((id) => isHolding(live.get(id), made.assignment))) continue;
      await attempt(() => endUnrequested(made, pass, services), {});
    }
  }, {});
  if (pass.ended.size > 0) await attempt(() => endOthers(pass, attempt, services), {});
  return result;
}

/** As far as there is time to list them: those that were found are looked at whatever else is in the list. */
async function allOurs({ now, counts }: Pass, services: ReconcileMadeServices): Promise<Ours[]> {
  const { made, holds, maxDurationSeconds } = services;
  const ours: { readonly assignment: Assignment; readonly madeAt: string }[] = [];
  for await (const one of whileTimeLasts(made.all(), services, counts))
    if (isMadeByUs(one) && after(one.madeAt, SETTLED_SECONDS) < now) ours.push(one);
  if (ours.length === 0) return [];
  const given = await holds.given(ours.map(({ assignment }) => assignment));
  return ours.map(({ assignment, madeAt }) => {
    const held = given.get(assignmentKey(assignment)) ?? [];
    const isOver = after(madeAt, maxDurationSeconds + GRACE_SECONDS) < now;
    const running = isOver ? [] : held.filter(({ endsAt }) => after(endsAt, GRACE_SECONDS) > now);
    const idsOf = (some: typeof held) => some.map(({ accessId }) => accessId);
    return { assignment, madeAt, given: idsOf(held), running: idsOf(running) };
  });
}

function isHolding(held: Assignment | undefined, assignment: Assignment): boolean {
  return held !== undefined && assignmentKey(held) === assignmentKey(assignment);
}

/** What is read of all of them may be behind by the time that one is come to, so each is asked about once more. */
async function endUnrequested(
  made: Ours,
  { now, counts, ended }: Pass,
  services: ReconcileMadeServices,
): Promise<void> {
  const { assignment, madeAt } = made;
  const live = async (ids: readonly string[]) =>
    [...(await services.requests.holding(ids))].flatMap(([id, held]) => (isHolding(held, assignment) ? [id] : []));
  if ((await live(made.running)).length > 0) return;
  if (isRemovalRecent(await services.leases.get(assignment), now)) return;
  if (isAwaitingWord(await services.removals.absentAt(assignment), madeAt, now)) return;
  if (!(await services.assignments.exists(assignment))) return;
  const ids = await live(made.given);
  counts.unrequested += 1;
  counts.ids.push(assignmentIds(assignment), ...ids);
  ended.set(assignmentKey(assignment), new Set(ids));

  // Removed first, because to end a request may take a list of all the others. Then whoever was given it is told that it is over; that
  // its own history may call it kept changes nothing, nor that it cannot be written.
  const failures: unknown[] = [];
  const trying = (work: Promise<void>) => work.catch((error: unknown) => failures.push(error));
  await trying(removeMade(assignment, now, services));
  for (const id of ids) await trying(endRequest(id, now, services));
  if (failures.length > 0) throw failures[0];
}

async function endRequest(id: string, now: string, services: ReconcileMadeServices): Promise<void> {
  const request = await knownRequest(id, services.requests);
  const isWorkedOn = async () => (await services.executions.runningFor()).has(id);
  if (request !== undefined) await revokeNow(request, now, services, isWorkedOn);
}

async function removeMade(assignment: Assignment, now: string, services: ReconcileMadeServices): Promise<void> {
  const { leases } = services;
  let left = await leases.get(assignment);
  if (isRemovalRecent(left, now)) return;
  // None of those who claim it has a live request, or what they claim has not begun: then they take the claim anew.
  for (const id of left?.leases ?? []) left = await leases.drop(assignment, id);
  if (left?.standing === true && left.leases.length === 0) {
    // It says that it is somebody else's, and whoever goes by that would drop it half-way.
    await leases.forget(left);
    left = undefined;
  }
  const claimed = left ?? (await leases.claim(assignment, SWEEP_HOLDER, now));
  if (claimed !== undefined) await removeOrphan(claimed, services);
}

/** Requests that hold what is gone by now, and that the grant knows nothing of. Last: there may be any number of them. */
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

/** By our own records it has been removed since, so somebody else may have given it, of which CloudTrail will tell. */
function isAwaitingWord(absentAt: string | undefined, madeAt: string, now: string): boolean {
  if (absentAt === undefined || after(absentAt, BLUR_SECONDS) < madeAt) return false;
  return absentAt <= after(now, BLUR_SECONDS) && after(absentAt, HEARD_SECONDS) > now;
}
