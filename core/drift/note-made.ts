import type { AssignmentPort } from '../access/ports.ts';
import type { MadeAssignment } from '../access/recovery/made.ts';
import { after } from '../model/events.ts';
import { type Assignment, assignmentKey, isGroupTarget } from '../model/target.ts';
import { type CutWithoutRequestServices, cutSessionsWithoutRequest } from './cut-sessions-without-request.ts';
import type { DriftServices } from './ports.ts';
import type { AssignmentChange } from './types.ts';

/** What CloudTrail's events up to now say about the assignment of a change. */
export interface Noted {
  /** False if the assignment was gone after the change: an assignment that is there now is a later one. */
  readonly mayBeThere: boolean;
  readonly known?: MadeAssignment;
}

/**
 * Keeps a record of the assignments that Glasshammer's roles made, from CloudTrail's events alone. Many functions can
 * write requests and leases; by this record such assignments are found and ended whatever requests and leases say.
 *
 * @param isOwn whether a request asked for it, whatever the name of the role
 * @see https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateGroupMembership.html
 */
export async function noteMade(change: AssignmentChange, isOwn: boolean, services: DriftServices): Promise<Noted> {
  const { kind, caller, assignment, principalType, at, by } = change;
  const { made, leases } = services;
  if (assignment === undefined || principalType !== 'USER') return { mayBeThere: true };
  if (kind === 'removed') {
    // The cut comes before `noteGone` forgets `madeAt`, so that another attempt with the same event still finds it.
    const { madeAt } = isOwn ? {} : await made.get(assignment);
    if (madeAt !== undefined && madeAt <= at) await cutSessionsWithoutRequest(assignment, { at, by }, services);
    await made.noteGone(assignment, at);
    return { mayBeThere: true };
  }
  if (isOwn || caller === 'ours') {
    if (isGroupTarget(assignment.target)) {
      // Identity Center refuses to make a membership that is there. So one that others had made before was gone, and
      // perhaps no other event says so.
      await made.noteGone(assignment, at);
      // If the membership was gone again since, a lease from after that may hold one that others have made meanwhile.
      // For the same reason it was gone if others have made it since, however short the time between was.
      const { theirsAt } = await made.get(assignment);
      const absentAt = await leases.absentAt(assignment);
      const isGone = absentAt !== undefined && absentAt > after(at, CLOCK_TOLERANCE_SECONDS);
      if (!isGone && (theirsAt === undefined || theirsAt <= at)) await leases.noteOutside(assignment, false, at);
    }
    const known = await made.noteMadeByGlasshammer(assignment, at);
    if (!('goneAt' in known)) return { mayBeThere: true, known };
    if (!isOwn) await cutSessionsWithoutRequest(assignment, { at: known.goneAt }, services);
    return { mayBeThere: false };
  }
  if (caller !== 'other') return { mayBeThere: true };
  const known = await made.noteMadeByOthers(assignment, at, by);
  return known === undefined ? { mayBeThere: false } : { mayBeThere: true, known };
}

/**
 * The grant notes that a membership is absent just before it makes it, by another clock than CloudTrail's, which gives
 * whole seconds. Seconds.
 */
const CLOCK_TOLERANCE_SECONDS = 2;

/**
 * What was made less than this long ago may be under removal, or CloudTrail's event of the removal may still come.
 * Seconds.
 */
const SETTLED_SECONDS = 600;

/**
 * Forgets assignments of Glasshammer's roles that are gone, if CloudTrail did not say so: it names a removed membership
 * by an id of its own. Looks up only assignments that have no lease item.
 *
 * @returns how many could not be looked up, such as those that the configuration has left out, or had no cut started;
 *   the others are done
 * @throws the error of the table
 */
export async function forgetGone(
  services: Pick<DriftServices, 'made' | 'leases' | 'now' | keyof CutWithoutRequestServices> & {
    readonly assignments: Pick<AssignmentPort, 'exists'>;
    /** Called for each assignment that failed. */
    onFailure(error: unknown): void;
  },
): Promise<number> {
  const now = services.now().toISOString();
  const left: MadeAssignment[] = [];
  for await (const one of services.made.all())
    if (one.madeAt === undefined || after(one.madeAt, SETTLED_SECONDS) < now) left.push(one);
  if (left.length === 0) return 0;
  const leased = new Set<string>();
  for await (const item of services.leases.all()) leased.add(assignmentKey(item.assignment));
  const gone: Assignment[] = [];
  let failures = 0;
  for (const { assignment, madeAt } of left.filter((one) => !leased.has(assignmentKey(one.assignment)))) {
    try {
      if (await services.assignments.exists(assignment)) continue;
      await cutSessionsWithoutRequest(assignment, { at: now, ...(madeAt === undefined ? {} : { madeAt }) }, services);
      gone.push(assignment);
    } catch (error) {
      failures += 1;
      services.onFailure(error);
    }
  }
  // An assignment made in the last `SETTLED_SECONDS` may not be visible yet, and its event may still come.
  for (const assignment of gone) await services.made.noteGone(assignment, after(now, -SETTLED_SECONDS));
  return failures;
}
