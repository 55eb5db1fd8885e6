import type { HeldFacts } from '../../model/decision.ts';
import type { Directory } from '../../model/directory.ts';
import { type AssignmentTarget, isGroupTarget, type Target } from '../../model/target.ts';

/** Who is assigned a permission set in an account, by id. */
export interface Assignees {
  readonly users: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
}

/** Who has what outside of Glasshammer. For display: answers may be seconds old. */
export interface AssigneesPort {
  /** `undefined`: it cannot be said just now. Never fails, and keeps nobody waiting for long. */
  assigneesOf(target: AssignmentTarget): Promise<Assignees | undefined>;
}

export interface HeldOutsideServices {
  readonly assignees: AssigneesPort;
  readonly directory: Pick<Directory, 'group'>;
}

/** What somebody else has given, which has no end and is never ours to take back. */
export interface HeldOutside {
  /** The name of the group it comes by; absent: it is the person's own. */
  readonly throughGroup?: string;
}

/**
 * How long after the end of access of ours what Identity Center lists may still be ours: its removal runs, or the list is older.
 * Milliseconds.
 */
const SETTLED_MS = 2 * 60_000;

interface HeldOutsideAsk {
  readonly person: { readonly principalId: string; readonly groupIds: readonly string[] };
  readonly target: Target;
  /** What they have and had by Glasshammer. */
  readonly held: HeldFacts;
  /** ISO 8601. */
  readonly now: string;
}

/**
 * What a person has of a target outside of Glasshammer: assigned to them, or to a group of theirs. Nothing while access of ours
 * lasts, because then the assignment is ours to tell of.
 *
 * @returns `unknown` where it cannot be said
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
