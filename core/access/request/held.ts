import { isJoinable } from '../../model/access.ts';
import type { HeldFacts } from '../../model/decision.ts';
import type { HeldAccess } from '../../model/held-access.ts';
import { isOver } from '../../model/life-cycle.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { Assignment } from '../../model/target.ts';
import { type HeldLook, heldByAll } from '../../policy/decision/facts-and-holds.ts';
import type { HoldStore, Now, RequestStore } from '../ports.ts';

export interface HeldServices {
  readonly requests: Pick<RequestStore, 'get'>;
  readonly holds: Pick<HoldStore, 'of'>;
  readonly now: Now;
}

/** Whose hold on what is asked about. `extends`: the ask counts from the end of the access that lasts. */
interface HeldAsk {
  /** The request that asks, whose own hold is not what the person has beside it. Absent: it is not written yet. */
  readonly id?: string;
  readonly requester: Pick<AccessRequest['requester'], 'principalId'>;
  readonly target: AccessRequest['target'];
  readonly extends?: string | undefined;
}

/**
 * What a person holds and has held of a target: one read, and a second one only where access may last, because the request it lives
 * on knows its true end.
 */
export async function heldNow(input: HeldAsk, services: HeldServices): Promise<HeldFacts> {
  const holds = (await services.holds.of(assignmentOf(input))).filter(({ accessId }) => accessId !== input.id);
  const now = services.now().toISOString();
  const isExtension = input.extends !== undefined;
  const last = holds.findLast(({ endsAt, accessId }) => endsAt > now || accessId === input.extends);
  if (last === undefined) return { past: holds, isExtension };
  const root = await services.requests.get(last.accessId);
  const past = holds.filter(({ accessId }) => accessId !== last.accessId);
  // What was given may be there although its record is lost.
  if (root === undefined)
    return last.endsAt > now ? { current: last, past, isExtension } : { past: holds, isExtension };
  // When it began is the grant's own word.
  if (isJoinable(root, now)) return { current: { ...heldBy(root), startedAt: last.startedAt }, past, isExtension };
  // It is being ended just now, or was; when, whoever removed it has written down, and what the request says of it proves nothing.
  const endsAt = isOver(root.state) || last.endsAt < now ? last.endsAt : now;
  return { past: [...past, { ...last, endsAt }], isExtension };
}

/**
 * What a decision goes by: what the user who asks holds, begun in this instant, so that it is read with the records; and what the same
 * person holds with other users, one read for all of them and one of each request that access may last on.
 *
 * @param joins the access that lasts, where it has just been read
 */
export function lookAtHeld(input: HeldAsk, services: HeldServices, joins?: HeldAccess): HeldLook {
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

/** The access that lives on a request, as others hold theirs against it. */
export function heldBy({ id, startsAt, endsAt }: AccessRequest): HeldAccess {
  return { accessId: id, startedAt: startsAt, endsAt };
}

function assignmentOf({ requester, target }: HeldAsk): Assignment {
  return { principalId: requester.principalId, target };
}
