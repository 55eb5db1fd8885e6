import { after } from '../../../model/events.ts';
import type { HeldAccess } from '../../../model/held-access.ts';
import type { Assignment } from '../../../model/target.ts';
import type { AssignmentPort, LeaseStore, Now, RequestStore } from '../../ports.ts';
import { knowsOfTheirs } from '../ours-or-theirs.ts';

export interface UnbrokenServices {
  readonly requests: Pick<RequestStore, 'get'>;
  readonly leases: Pick<LeaseStore, 'absentAt'>;
  readonly assignments: Pick<AssignmentPort, 'exists'>;
  readonly now: Now;
}

/** What was to end longer ago has been removed by the sweep, and that it was is not remembered for ever. Seconds. */
const LOOK_BACK_SECONDS = 24 * 3600;

/** The grant writes down when access begins before it asks for it, and a membership that it makes was not there just before. Seconds. */
const BLUR_SECONDS = 60;

/**
 * The hold that an access about to begin would only go on with: what was given before, and was never seen to be gone. That is so where
 * the record or the lease of the earlier access is lost, or altered, or where its removal has not come to be. A limit on the
 * uninterrupted hold counts from its first grant then, whatever became of the records of that.
 *
 * @param all what was given of it, oldest start first
 * @returns `undefined` where nothing is there, or what is there is somebody else's; reads only where something was given lately
 * @throws whatever the table or Identity Center throws
 */
export async function unbrokenHold(
  assignment: Assignment,
  all: readonly HeldAccess[],
  services: UnbrokenServices,
): Promise<HeldAccess | undefined> {
  const now = services.now().toISOString();
  const given = all.filter(({ startedAt, endsAt }) => startedAt < endsAt);
  const last = given.at(-1);
  if (last === undefined || after(last.endsAt, LOOK_BACK_SECONDS) < now) return undefined;
  const absentAt = (await services.leases.absentAt(assignment)) ?? '';
  if (hasBeenGone(last, absentAt)) return undefined;
  const root = await services.requests.get(last.accessId);
  if (root !== undefined && knowsOfTheirs(root)) return undefined;
  if (!(await services.assignments.exists(assignment))) return undefined;
  return { ...last, startedAt: firstOf(given, absentAt), endsAt: last.endsAt > now ? last.endsAt : now };
}

/** When what lasts began: with the first of the holds of which each was given before the one before it was to end. */
function firstOf(given: readonly HeldAccess[], absentAt: string): string {
  return given.reduceRight(
    (from, hold) =>
      hold.endsAt >= from && hold.startedAt < from && !hasBeenGone(hold, absentAt) ? hold.startedAt : from,
    given.at(-1)?.startedAt ?? '',
  );
}

function hasBeenGone({ startedAt }: HeldAccess, absentAt: string): boolean {
  return after(startedAt, BLUR_SECONDS) < absentAt;
}
