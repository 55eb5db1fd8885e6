import { after } from '../model/events.ts';
import { type Assignment, isGroupTarget } from '../model/target.ts';
import { classify } from './classify.ts';
import { endRequestsOf } from './handle-change.ts';
import type { DriftServices, ProvisionedPort } from './ports.ts';
import { reportDrift } from './report-drift.ts';
import { placesIn } from './rules.ts';
import { isReadable, pairKey } from './types.ts';

/**
 * An assignment that is absent counts as missing only this long after its grant was confirmed: Identity Center's lists
 * lag behind. Seconds.
 */
const SETTLED_SECONDS = 300;

/** Runs the work on one item of a pass. It counts an error that must not stop the pass, and throws any other. */
type Attempt = (work: () => Promise<void>) => Promise<unknown>;

/**
 * Tells operators of assignments without a lease item, after a second look: a removal that has finished since the first
 * list was read has deleted its lease item. Each pair is read once more, and the leases after it. Only an assignment
 * that is in the second list and has no lease item then is told.
 *
 * @param attempt runs the work on one pair, or one finding, so that one that fails does not stop the others
 * @returns how much was told
 * @throws every error that `attempt` lets through, and that of the message or the table
 */
export async function reportUnowned(
  unowned: readonly Assignment[],
  services: DriftServices & { readonly provisioned: ProvisionedPort },
  attempt: Attempt,
): Promise<number> {
  const byPair = new Map<string, Assignment[]>();
  for (const assignment of unowned) {
    const key = isGroupTarget(assignment.target) ? '' : pairKey(assignment.target);
    byPair.set(key, [...(byPair.get(key) ?? []), assignment]);
  }
  const sure: Assignment[] = [];
  for (const found of byPair.values())
    await attempt(async () => {
      sure.push(...(await stillUnowned(found, services)));
    });
  const places = placesIn(services.directory);
  const sightings = sure.map((assignment) => ({ assignment, principalType: 'USER' as const }));
  return (await reportDrift(sightings, services, places, attempt)).length;
}

/** An assignment that was told before needs no second look: only a change of the rules makes it be told again. */
async function stillUnowned(
  found: readonly Assignment[],
  services: DriftServices & { readonly provisioned: ProvisionedPort },
): Promise<Assignment[]> {
  const [first] = found;
  if (first === undefined || isGroupTarget(first.target)) return [];
  const unowned: Assignment[] = [];
  const fresh: Assignment[] = [];
  for (const assignment of found) {
    if ((await services.leases.get(assignment)) !== undefined) continue;
    if (isReadable(await services.drift.get(assignment))) unowned.push(assignment);
    else fresh.push(assignment);
  }
  if (fresh.length === 0) return unowned;
  const present = new Set(await services.provisioned.usersOf(first.target));
  for (const assignment of fresh) {
    if (present.has(assignment.principalId) && (await services.leases.get(assignment)) === undefined)
      unowned.push(assignment);
  }
  return unowned;
}

/**
 * Ends the requests whose assignment is really missing: granted a while ago, not being removed, and absent at a second
 * look.
 *
 * @returns how many requests lost their access
 */
export async function endMissing(
  missing: readonly Assignment[],
  services: DriftServices,
  attempt: Attempt,
): Promise<number> {
  let ended = 0;
  for (const assignment of missing)
    await attempt(async () => {
      if (await isMissing(assignment, services))
        ended += await endRequestsOf(assignment, { at: services.now().toISOString() }, services);
    });
  return ended;
}

async function isMissing(assignment: Assignment, services: DriftServices): Promise<boolean> {
  const item = await services.leases.get(assignment);
  if (item === undefined || classify(item) === 'being-removed') return false;
  const now = services.now().toISOString();
  const requests = await Promise.all(item.leases.map((id) => services.requests.get(id)));
  const settled = requests.some((request) => {
    const granted = request?.events.find((event) => event.type === 'granted');
    return request?.state === 'active' && granted !== undefined && after(granted.at, SETTLED_SECONDS) < now;
  });
  return settled && !(await services.assignments.exists(assignment));
}
