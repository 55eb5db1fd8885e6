import type { HeldFacts } from '../../model/decision.ts';
import type { Directory } from '../../model/directory.ts';
import { type AssignmentTarget, isGroupTarget, type Target } from '../../model/target.ts';

/** The ids of the users and groups that are assigned a permission set in an account. */
export interface Assignees {
  readonly users: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
}

/** Lists assignments, including those not made by Glasshammer. For display only: answers may be seconds old. */
export interface AssigneesPort {
  /** `undefined`: the assignees could not be read. Never throws, and answers within a short time. */
  assigneesOf(target: AssignmentTarget): Promise<Assignees | undefined>;
}

export interface HeldOutsideServices {
  readonly assignees: AssigneesPort;
  readonly directory: Pick<Directory, 'group'>;
}

/** Access that was not given by Glasshammer: it has no end, and Glasshammer never removes it. */
export interface HeldOutside {
  /** The name of the group the person has it through; absent: it is assigned to the person directly. */
  readonly throughGroup?: string;
}

/**
 * For this long after the end of a Glasshammer access, a listed assignment may still be that access: its removal is
 * running, or the list is older. Milliseconds.
 */
const SETTLED_MS = 2 * 60_000;

interface HeldOutsideAsk {
  readonly person: { readonly principalId: string; readonly groupIds: readonly string[] };
  readonly target: Target;
  /** What the person holds and has held through Glasshammer. */
  readonly held: HeldFacts;
  /** ISO 8601. */
  readonly now: string;
}

/**
 * What a person has of a target outside of Glasshammer, directly or through one of their groups. While a Glasshammer
 * access lasts, a direct assignment or a membership in the target group is taken for that access and not returned.
 *
 * @returns `unknown` where the assignees could not be read
 */
export async function heldOutside(
  { person, target, held, now }: HeldOutsideAsk,
  { assignees, directory }: HeldOutsideServices,
): Promise<HeldOutside | 'unknown' | undefined> {
  const since = new Date(Date.parse(now) - SETTLED_MS).toISOString();
  const isOurs = held.current !== undefined || held.past.some(({ endsAt }) => endsAt > since);
  if (isGroupTarget(target)) return !isOurs && person.groupIds.includes(target.groupId) ? {} : undefined;
  const found = await assignees.assigneesOf(target);
  if (found === undefined) return 'unknown';
  if (!isOurs && found.users.has(person.principalId)) return {};
  const groupId = person.groupIds.find((id) => found.groups.has(id));
  if (groupId === undefined) return undefined;
  const group = await directory.group(groupId).catch(() => undefined);
  return { throughGroup: group?.name ?? groupId };
}
