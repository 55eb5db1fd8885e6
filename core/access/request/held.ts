import { isJoinable } from '../../model/access.ts';
import type { HeldFacts } from '../../model/decision.ts';
import type { HeldAccess } from '../../model/held-access.ts';
import { isOver } from '../../model/life-cycle.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { Assignment } from '../../model/target.ts';
import { type HoldLookup, heldByAll } from '../../policy/decision/facts-and-holds.ts';
import type { HoldStore, Now, RequestStore } from '../ports.ts';

export interface HeldServices {
  readonly requests: Pick<RequestStore, 'get'>;
  readonly holds: Pick<HoldStore, 'of'>;
  readonly now: Now;
}

/**
 * Which person's hold on which target is looked up. `extends`: the request's time counts from the end of this access.
 */
interface HeldAsk {
  /** The id of the request itself, whose own hold is left out. Absent: the request is not stored yet. */
  readonly id?: string;
  readonly requester: Pick<AccessRequest['requester'], 'principalId'>;
  readonly target: AccessRequest['target'];
  readonly extends?: string | undefined;
}

/**
 * What a person holds and has held of a target. One read; a second one only where an access may still last, because
 * only its root request has its current end.
 */
export async function heldNow(input: HeldAsk, services: HeldServices): Promise<HeldFacts> {
  const holds = (await services.holds.of(assignmentOf(input))).filter(({ accessId }) => accessId !== input.id);
  const now = services.now().toISOString();
  const isExtension = input.extends !== undefined;
  const last = holds.findLast(({ endsAt, accessId }) => endsAt > now || accessId === input.extends);
  if (last === undefined) return { past: holds, isExtension };
  const root = await services.requests.get(last.accessId);
  const past = holds.filter(({ accessId }) => accessId !== last.accessId);
  // The root request is lost, but the assignment may still exist: until the end of its hold it counts as held.
  if (root === undefined)
    return last.endsAt > now ? { current: last, past, isExtension } : { past: holds, isExtension };
  // The start comes from the hold, which only the grant writes, not from the request item.
  if (isJoinable(root, now)) return { current: { ...heldBy(root), startedAt: last.startedAt }, past, isExtension };
  // The access is ending or has ended. Its end comes from the hold, which the removal writes; the request item proves
  // nothing here.
  const endsAt = isOver(root.state) || last.endsAt < now ? last.endsAt : now;
  return { past: [...past, { ...last, endsAt }], isExtension };
}

/**
 * Looks up what a decision needs to know about holds: those of the requester's user, whose read begins at once to run
 * in parallel with the read of the records; and those of the same person's other users, one read per user and one per
 * request on which access may last.
 *
 * @param joins the access that lasts, where the caller has just read it
 */
export function lookUpHolds(input: HeldAsk, services: HeldServices, joins?: HeldAccess): HoldLookup {
  return {
    own: joins === undefined ? heldNow(input, services) : heldWith(input, joins, services),
    async of(principalIds) {
      const { target } = input;
      return heldByAll(
        await Promise.all(principalIds.map((principalId) => heldNow({ requester: { principalId }, target }, services))),
      );
    },
  };
}

async function heldWith(input: HeldAsk, current: HeldAccess, services: HeldServices): Promise<HeldFacts> {
  const holds = await services.holds.of(assignmentOf(input));
  const past = holds.filter(({ accessId }) => accessId !== current.accessId);
  return { current, past, isExtension: input.extends !== undefined };
}

/** The hold of the access whose root this request is. */
export function heldBy({ id, startsAt, endsAt }: AccessRequest): HeldAccess {
  return { accessId: id, startedAt: startsAt, endsAt };
}

function assignmentOf({ requester, target }: HeldAsk): Assignment {
  return { principalId: requester.principalId, target };
}
