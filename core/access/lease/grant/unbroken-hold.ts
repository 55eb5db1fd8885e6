import { after } from '../../../model/events.ts';
import type { HeldAccess } from '../../../model/held-access.ts';
import type { Assignment } from '../../../model/target.ts';
import type { AssignmentPort, LeaseStore, Now, RequestStore } from '../../ports.ts';
import { recordsStanding } from '../made-by-glasshammer.ts';

export interface UnbrokenServices {
  readonly requests: Pick<RequestStore, 'get'>;
  readonly leases: Pick<LeaseStore, 'absentAt'>;
  readonly assignments: Pick<AssignmentPort, 'exists'>;
  readonly now: Now;
}

/**
 * A hold that was to end longer ago is not looked at: the sweep has removed its assignment, and the record of that
 * removal is not kept for ever. Seconds.
 */
const LOOK_BACK_SECONDS = 24 * 3600;

/**
 * An absence recorded this soon after the start of a hold does not interrupt it: the grant records the start, then asks
 * for the membership, and notes that the membership was absent just before. Seconds.
 */
const AT_START_SECONDS = 60;

/**
 * The earlier hold that an access about to begin would only continue: its assignment was given before, and no record
 * shows it gone. That happens where the record or the lease of the earlier access is lost or altered, or where its
 * removal has not taken place. A limit on the uninterrupted hold then counts from the first grant, whatever became of
 * those records.
 *
 * @param all what was given of it, earliest start first
 * @returns `undefined` where the assignment does not exist, or is standing; reads only where something was given lately
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
  if (root !== undefined && recordsStanding(root)) return undefined;
  if (!(await services.assignments.exists(assignment))) return undefined;
  return { ...last, startedAt: firstOf(given, absentAt), endsAt: last.endsAt > now ? last.endsAt : now };
}

/**
 * When the uninterrupted hold began. Goes back from the last hold as long as an earlier hold was to end no earlier than
 * the next one began.
 */
function firstOf(given: readonly HeldAccess[], absentAt: string): string {
  return given.reduceRight(
    (from, hold) =>
      hold.endsAt >= from && hold.startedAt < from && !hasBeenGone(hold, absentAt) ? hold.startedAt : from,
    given.at(-1)?.startedAt ?? '',
  );
}

function hasBeenGone({ startedAt }: HeldAccess, absentAt: string): boolean {
  return after(startedAt, AT_START_SECONDS) < absentAt;
}
