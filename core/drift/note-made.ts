import { after } from '../model/events.ts';
import { type Assignment, assignmentKey } from '../model/target.ts';
import type { DriftServices } from './ports.ts';
import type { AssignmentChange } from './types.ts';

/**
 * Keeps what there is of our making by CloudTrail's word alone. Requests and leases are written by many; by this, what one of our
 * roles has made is found and ended whatever those say of it.
 *
 * @param isOwn whether a request of ours asked for it, whatever the name of the role
 * @returns false where it was gone since: of what is there by now, the change tells nothing
 */
export async function noteMade(change: AssignmentChange, isOwn: boolean, services: DriftServices): Promise<boolean> {
  const { kind, caller, assignment, principalType, at } = change;
  const { made, drift, leases } = services;
  if (assignment === undefined || principalType !== 'USER') return true;
  if (kind === 'removed') {
    await made.noteGone(assignment, at);
    return true;
  }
  if (isOwn || caller === 'ours') {
    if (!(await made.noteOurs(assignment, at))) return false;
    // Told of late: what others have given since was heard of before this.
    const told = await drift.get(assignment);
    if (told?.made !== undefined) await made.noteTheirs(assignment, told.made.at, true);
    return true;
  }
  if (caller === 'other') return made.noteTheirs(assignment, at, (await leases.get(assignment)) !== undefined);
  return true;
}

/** Before this, a removal may be under way, or CloudTrail may tell of it yet. Seconds. */
const SETTLED_SECONDS = 600;

/**
 * Forgets what is gone and of whose removal CloudTrail has not told: it names a removed membership by an id of its own. Looks at what
 * no lease speaks of.
 */
export async function forgetGone(
  services: Pick<DriftServices, 'made' | 'leases' | 'assignments' | 'now'>,
): Promise<void> {
  const now = services.now().toISOString();
  const left: Assignment[] = [];
  for await (const { assignment, madeAt = '' } of services.made.all())
    if (madeAt === '' || after(madeAt, SETTLED_SECONDS) < now) left.push(assignment);
  if (left.length === 0) return;
  const leased = new Set<string>();
  for await (const item of services.leases.all()) leased.add(assignmentKey(item.assignment));
  // What was made since may not be listed yet, and CloudTrail may tell of it only after this.
  for (const assignment of left.filter((one) => !leased.has(assignmentKey(one))))
    if (!(await services.assignments.exists(assignment)))
      await services.made.noteGone(assignment, after(now, -SETTLED_SECONDS));
}
