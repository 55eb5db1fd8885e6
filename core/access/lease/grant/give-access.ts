import { after, enter } from '../../../model/events.ts';
import { type AccessRequest, assignmentOf } from '../../../model/request.ts';
import type { LeaseItem, VotedRequest } from '../../ports.ts';
import type { AccessStore } from '../ports.ts';
import { keptToItsEnd } from '../true-end.ts';
import { activate, type CreationServices, noteFailure } from './check-creation.ts';
import { answer, type GrantAnswer } from './grant-answer.ts';
import type { JoinServices } from './join-access.ts';
import { type GrantJudgement, judgeGrant } from './judge-grant.ts';

export interface GiveServices extends JoinServices, CreationServices {
  readonly leases: JoinServices['leases'] & CreationServices['leases'];
  readonly accesses: AccessStore;
  readonly warnBeforeEndSeconds: number;
}

const TAKEN_AWAY =
  'the access that was there before has been taken away by somebody else; it can be asked for again when the earlier request is over';

/**
 * Begins the access of a request that has the claim on its assignment: looks whether the assignment is there already, writes down what
 * is about to be given, with its end, and only then asks for it. In this order, so that the sweep knows when it must be over, and
 * whoever looks after we created finds our answer recorded and never takes our assignment for a standing one.
 *
 * @param heldSince ISO 8601; when the hold began that it goes on with, where that was not interrupted
 * @returns `undefined` when the request or the lease has changed since it was read; nothing was asked for then
 */
export async function beginAccess(
  request: AccessRequest,
  lease: LeaseItem,
  judged: GrantJudgement,
  services: GiveServices,
  heldSince?: string,
): Promise<GrantAnswer | undefined> {
  const found = lease.standing === undefined ? await services.assignments.exists(lease.assignment) : undefined;
  const standing = lease.standing ?? found === true;
  const now = services.now().toISOString();
  const end = endOf(request, judged, now);
  const { decision, durationSeconds, policy, votesUntil } = judged;
  const set = {
    startsAt: now,
    endsAt: end,
    durationSeconds,
    grant: { askedAt: now, standing },
    path: decision.path,
    endsWith: decision.endsWith,
    // Whoever passed over the approvers owes the review, whatever the request says of it.
    ...(decision.breakGlass
      ? { breakGlass: true, review: { status: 'owed' as const, approvers: decision.skippedApprovers } }
      : {}),
  };
  const event = enter('granting', now, { startsAt: now, endsAt: end, durationSeconds, ...(policy && { policy }) });
  const begun = await services.accesses.begin({
    requestId: request.id,
    from: ['approved', 'scheduled'],
    set,
    event,
    assignment: lease.assignment,
    standing,
    hold: {
      ...{ accessId: request.id, startedAt: heldSince ?? now, endsAt: end },
      ...(votesUntil === undefined ? {} : { votesUntil }),
    },
  });
  if (!begun) return undefined;
  const granting: AccessRequest = { ...request, ...set, state: 'granting', events: [...request.events, event] };
  return give(granting, { ...lease, standing }, services, found);
}

/** Of a window, the rest is given. A window that has not begun gives no more than its length, from now on. */
function endOf({ windowFrom }: AccessRequest, { durationSeconds }: GrantJudgement, now: string): string {
  return after(windowFrom === undefined || windowFrom > now ? now : windowFrom, durationSeconds);
}

/**
 * An earlier run died or gave up after it had begun, and may be minutes ago: a freeze or another policy since then holds for what
 * it has not asked for yet, and the revoke takes back what it has.
 */
export async function resumeAccess(voted: VotedRequest, services: GiveServices): Promise<GrantAnswer> {
  const request = (await keptToItsEnd(voted.request, services)) ?? { ...voted.request, endsAt: '' };
  if (request.state !== 'granting' || services.now().toISOString() >= request.endsAt)
    return answer(request, 'revoke', services);
  const judged = await judgeGrant({ ...voted, request }, services);
  if ('reason' in judged) {
    // The first reason stays, so that the end of the story says why it began to go wrong.
    if (request.failure === undefined) {
      const failure = `${judged.reason}: ${judged.detail ?? ''}`;
      await services.requests.change(request.id, { from: ['granting'], set: { failure, refusal: judged } });
    }
    return answer(request, 'revoke', services);
  }
  const item = await services.leases.add(assignmentOf(request), request.id);
  if (!item.leases.includes(request.id)) return answer(request, 'revoke', services);
  // What the look showed is in the request as well: the lease item may be another one by now, and what is there is ours then.
  return item.standing === undefined && request.grant !== undefined
    ? give(request, await services.leases.noteStanding(item.assignment, request.grant.standing), services)
    : give(request, item, services);
}

/** @param found what the look at Identity Center has just shown, where there was one */
async function give(
  request: AccessRequest,
  item: LeaseItem,
  services: GiveServices,
  found?: boolean,
): Promise<GrantAnswer> {
  if (services.now().toISOString() >= request.endsAt) return answer(request, 'revoke', services);
  const { assignment } = item;
  if (item.standing !== false) {
    // An earlier request saw it, or CloudTrail told of it, and it may be gone since: then nothing is there to use. Made by us it
    // would never end, because it counts as theirs.
    if (!(found ?? (await services.assignments.exists(assignment)))) {
      await noteFailure(request, { status: 'failed', reason: TAKEN_AWAY }, services);
      return answer(request, 'revoke', services);
    }
    return answer(request, (await activate(request, { standing: true }, services)) ? 'announce' : 'revoke', services);
  }
  const askedAt = services.now().toISOString();
  const creation = await services.assignments.create(assignment);
  if (creation.fresh) await services.leases.noteAbsent(assignment, askedAt);
  const { operationId } = creation;
  if (creation.status === 'failed') {
    await noteFailure(request, creation, services);
    return answer(request, 'revoke', services);
  }
  if (creation.status === 'succeeded' && operationId === undefined) {
    return answer(request, (await activate(request, {}, services)) ? 'announce' : 'revoke', services);
  }
  return answer(request, 'check', services, { operationId: operationId ?? '' });
}
