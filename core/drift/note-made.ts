import type { AssignmentPort } from '../access/ports.ts';
import type { MadeAssignment } from '../access/recovery/made.ts';
import { after } from '../model/events.ts';
import { type Assignment, assignmentKey, isGroupTarget } from '../model/target.ts';
import { type CutUnheldServices, cutUnheld } from './cut-unheld.ts';
import type { DriftServices } from './ports.ts';
import type { AssignmentChange } from './types.ts';

/** What CloudTrail has told by now of what a change is about. */
export interface Noted {
  /** False where it was gone since: of what is there by now, the change tells nothing. */
  readonly mayBeThere: boolean;
  readonly known?: MadeAssignment;
}

/**
 * Keeps what there is of our making by CloudTrail's word alone. Requests and leases are written by many; by this, what one of our
 * roles has made is found and ended whatever those say of it.
 *
 * @param isOwn whether a request of ours asked for it, whatever the name of the role
 * @see https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateGroupMembership.html
 */
export async function noteMade(change: AssignmentChange, isOwn: boolean, services: DriftServices): Promise<Noted> {
  const { kind, caller, assignment, principalType, at, by } = change;
  const { made, leases } = services;
  if (assignment === undefined || principalType !== 'USER') return { mayBeThere: true };
  if (kind === 'removed') {
    // Before it is forgotten, so that an event that is delivered again finds it.
    const { madeAt } = isOwn ? {} : await made.get(assignment);
    const goneAt = new Date(at).toISOString();
    if (madeAt !== undefined && madeAt <= goneAt) await cutUnheld(assignment, { at: goneAt, by }, services);
    await made.noteGone(assignment, at);
    return { mayBeThere: true };
  }
  if (isOwn || caller === 'ours') {
    if (isGroupTarget(assignment.target)) {
      // Identity Center refuses a membership that is there: what others had given before was gone, of which nothing else may tell.
      await made.noteGone(assignment, at);
      // Where it was gone again since, a lease from after that may hold what others have given meanwhile.
      const absentAt = await leases.absentAt(assignment);
      if (absentAt === undefined || absentAt <= after(at, BLUR_SECONDS))
        await leases.noteOutside(assignment, false, at);
    }
    const known = await made.noteOurs(assignment, at);
    if (!('goneAt' in known)) return { mayBeThere: true, known };
    if (!isOwn) await cutUnheld(assignment, { at: known.goneAt }, services);
    return { mayBeThere: false };
  }
  if (caller !== 'other') return { mayBeThere: true };
  const known = await made.noteTheirs(assignment, at, by);
  return known === undefined ? { mayBeThere: false } : { mayBeThere: true, known };
}

/** The grant notes that a membership is not there just before it makes it, and CloudTrail tells whole seconds of another clock. Seconds. */
const BLUR_SECONDS = 2;

/** Before this, a removal may be under way, or CloudTrail may tell of it yet. Seconds. */
const SETTLED_SECONDS = 600;

/**
 * Forgets what is gone and of whose removal CloudTrail has not told: it names a removed membership by an id of its own. Looks at what
 * no lease speaks of.
 *
 * @returns how many could not be looked at, such as what the configuration has left out, or had their sessions left; the rest goes on
 * @throws what the table throws
 */
export async function forgetGone(
  services: Pick<DriftServices, 'made' | 'leases' | 'now' | keyof CutUnheldServices> & {
    readonly assignments: Pick<AssignmentPort, 'exists'>;
    /** Told of each that could not be looked at. */
    onFailure(error: unknown): void;
  },
): Promise<number> {
  const now = services.now().toISOString();
  const left: Assignment[] = [];
  for await (const { assignment, madeAt = '' } of services.made.all())
    if (madeAt === '' || after(madeAt, SETTLED_SECONDS) < now) left.push(assignment);
  if (left.length === 0) return 0;
  const leased = new Set<string>();
  for await (const item of services.leases.all()) leased.add(assignmentKey(item.assignment));
  // What was made since may not be listed yet, and CloudTrail may tell of it only after this.
  const gone: Assignment[] = [];
  let failures = 0;
  for (const assignment of left.filter((one) => !leased.has(assignmentKey(one)))) {
    try {
      if (await services.assignments.exists(assignment)) continue;
      await cutUnheld(assignment, { at: now }, services);
      gone.push(assignment);
    } catch (error) {
      failures += 1;
      services.onFailure(error);
    }
  }
  for (const assignment of gone) await services.made.noteGone(assignment, after(now, -SETTLED_SECONDS));
  return failures;
}
