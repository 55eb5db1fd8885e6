import { after, enter } from '../../../model/events.ts';
import { type AccessRequest, assignmentOf } from '../../../model/request.ts';
import type { LeaseItem, VotedRequest } from '../../ports.ts';
import { type AccessStore, GRANTED_FIELDS, type Granted } from '../ports.ts';
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
 * Begins the access of a request that has the claim on its assignment: looks whether the assignment exists, records
 * what is about to be given, with its end, and only then asks Identity Center for it. In this order, the sweep knows
 * the end of everything that was asked for, and a grant that looks after the creation finds the recorded answer instead
 * of taking Glasshammer's own assignment for a standing one.
 *
 * @param heldSince ISO 8601; the start of the uninterrupted hold that this access continues, if it continues one
 * @returns `undefined`, with nothing asked for, when the request or the lease item has changed since it was read
 */
export async function beginAccess(
  request: AccessRequest,
  lease: LeaseItem,
  judged: GrantJudgement,
  services: GiveServices,
  heldSince?: string,
): Promise<GrantAnswer | undefined> {
  const standing = lease.standing ?? (await services.assignments.exists(lease.assignment));
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
    // A grant that passes over the approvers owes the review, whatever the stored request says.
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
    granted: grantedBy({ ...request, ...set }),
  });
  if (!begun) return undefined;
  const granting: AccessRequest = { ...request, ...set, state: 'granting', events: [...request.events, event] };
  return give(granting, { ...lease, standing }, services);
}

function grantedBy(request: AccessRequest): Granted {
  return Object.fromEntries(GRANTED_FIELDS.map((field) => [field, request[field]])) as unknown as Granted;
}

/** Gives the rest of a window. A window that has not begun gives no more than its length, counted from now. */
function endOf({ windowFrom }: AccessRequest, { durationSeconds }: GrantJudgement, now: string): string {
  return after(windowFrom === undefined || windowFrom > now ? now : windowFrom, durationSeconds);
}

/**
 * Continues a grant whose earlier run died or gave up after it had begun, possibly minutes ago. The request is judged
 * again before anything more is asked for, so that a freeze or a changed policy since then counts; the revoke takes
 * back what was asked for.
 */
export async function resumeAccess(voted: VotedRequest, services: GiveServices): Promise<GrantAnswer> {
  const request = (await keptToItsEnd(voted.request, services)) ?? { ...voted.request, endsAt: '' };
  if (request.state !== 'granting' || services.now().toISOString() >= request.endsAt)
    return answer(request, 'revoke', services);
  const judged = await judgeGrant({ ...voted, request }, services);
  if ('reason' in judged) {
    // The first reason stays, because it says what began to go wrong.
    if (request.failure === undefined) {
      const failure = `${judged.reason}: ${judged.detail ?? ''}`;
      await services.requests.change(request.id, { from: ['granting'], set: { failure, refusal: judged } });
    }
    return answer(request, 'revoke', services);
  }
  const item = await services.leases.add(assignmentOf(request), request.id);
  if (!item.leases.includes(request.id)) return answer(request, 'revoke', services);
  // The request records what the look showed, too. The lease item may be a new one by now, and a new look would find
  // what Glasshammer itself has made.
  return item.standing === undefined && request.grant !== undefined
    ? give(request, await services.leases.noteStanding(item.assignment, request.grant.standing), services)
    : give(request, item, services);
}

async function give(request: AccessRequest, item: LeaseItem, services: GiveServices): Promise<GrantAnswer> {
  if (services.now().toISOString() >= request.endsAt) return answer(request, 'revoke', services);
  const { assignment } = item;
  if (item.standing !== false) {
    // The assignment counts as standing, because a look showed it or CloudTrail reported it, but it may be gone since:
    // then there is nothing to use. A loss is noted from here on, because the request says that it is being granted. If
    // Glasshammer made it, it would never end, because standing assignments stay.
    if (!(await services.assignments.exists(assignment))) {
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
