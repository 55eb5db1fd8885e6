import { cancelRequest, type EndServices, endEarly } from '../access/lease/revoke/end-access.ts';
import type { AssignmentPort } from '../access/ports.ts';
import { heldNow } from '../access/request/held.ts';
import type { ProvenCaller } from '../access/request/identity/identify.ts';
import { type RequestServices, requestAccess } from '../access/request/request-access.ts';
import { findTarget } from '../access/request/target/find-target.ts';
import type { HeldAccess } from '../model/held-access.ts';
import { isOver } from '../model/life-cycle.ts';
import { type Refusal, type RefusalReason, refusal } from '../model/refusal.ts';
import { type AccessRequest, assignmentOf, type RequestState } from '../model/request.ts';

/**
 * How long the canary asks for; seconds. Long enough to be observed while it lasts, and short enough to end soon where
 * the caller dies before ending it.
 */
export const CANARY_SECONDS = 600;

/** What the canary asks for: one permission set in one account, or one group; by name or id. */
export type CanaryTarget = { readonly accountId: string; readonly permissionSet: string } | { readonly group: string };

export interface CanaryServices extends RequestServices, EndServices {
  /** Id of the configured Identity Center user that the canary gives access to. */
  readonly canaryUserId: string;
  readonly assignments: Pick<AssignmentPort, 'exists'>;
}

/** The state of a trial: its request, and whether the assignment exists now. All instants ISO 8601. */
export interface CanaryLook {
  readonly requestId: string;
  readonly state: RequestState;
  readonly askedAt: string;
  /** When the access became active. */
  readonly givenAt?: string;
  /** When its end was requested, or its time was over. */
  readonly endingAt?: string;
  /** When Identity Center confirmed that the assignment is gone. */
  readonly endedAt?: string;
  /** Identity Center has the assignment now. */
  readonly there: boolean;
  /** The assignment existed before the trial, so nothing was created and nothing will be removed. */
  readonly standing: boolean;
  /** The refusal or failure that the request states. */
  readonly failure?: Refusal;
}

/** The result of asking. */
export type CanaryAsk =
  | { readonly asked: true; readonly requestId: string }
  | {
      readonly asked: false;
      /** The trial's request; with `held`, the request that gave the canary's user the target. */
      readonly requestId?: string;
      readonly refusal: Refusal;
      /** Why, in one word for the log: a refusal's detail may be text that a person typed, such as a freeze's reason. */
      readonly because: RefusalReason | 'held' | 'would-wait' | 'break-glass';
    };

/**
 * Asks for access as the canary's user, with the same code, decision and workflow as for a person. A request that would
 * wait for approvers or break the glass is cancelled at once and counts as refused, because a trial must not bother
 * approvers. A target that the user holds already is not asked for: the request would join that access and extend it.
 *
 * The access ends by itself after `CANARY_SECONDS`, even if the caller does not end it.
 *
 * @param requestId equal for the same trial: a second call starts nothing new and decides nothing again
 */
export async function askAsCanary(
  requestId: string,
  wanted: CanaryTarget,
  services: CanaryServices,
): Promise<CanaryAsk> {
  const caller = await callerOf(services);
  if (caller === undefined) return refusedBy(refusal('principal-not-found', services.canaryUserId));
  const before = await services.requests.get(requestId);
  if (before !== undefined) return askedBefore(before, caller, services);
  const holder = await holderOf(wanted, services);
  if (holder !== undefined)
    return {
      asked: false,
      requestId: holder.accessId,
      refusal: refusal('not-allowed', `request ${holder.accessId} gave it, until ${holder.endsAt}`),
      because: 'held',
    };
  const outcome = await requestAccess(
    {
      requestId,
      caller,
      wanted,
      durationSeconds: CANARY_SECONDS,
      reason: 'Canary: a trial of the whole way from the ask to the end',
      ticket: '',
      origin: { kind: 'canary' },
    },
    services,
  );
  switch (outcome.outcome) {
    case 'granting':
      return { asked: true, requestId };
    case 'pending':
    case 'scheduled':
    case 'duplicate':
      return askedBefore(outcome.request, caller, services);
    case 'confirm':
      return { asked: false, refusal: refusal('not-allowed', 'it would break the glass'), because: 'break-glass' };
    case 'incomplete':
      return refusedBy(refusal('not-allowed', outcome.decision.reason));
    case 'refused':
      return refusedBy(outcome.refusal, outcome.request.id);
  }
}

function refusedBy(why: Refusal, requestId?: string): CanaryAsk {
  return { asked: false, ...(requestId === undefined ? {} : { requestId }), refusal: why, because: why.reason };
}

/** The result for a trial whose request exists already; an earlier run may have stopped at any later step. */
async function askedBefore(request: AccessRequest, caller: ProvenCaller, services: CanaryServices): Promise<CanaryAsk> {
  const { id, state, refusal: why = refusal('not-allowed') } = request;
  switch (state) {
    case 'refused':
      return refusedBy(why, id);
    case 'requested':
    case 'pending':
    case 'scheduled':
      await cancelRequest(id, caller, services);
      return { asked: false, requestId: id, refusal: WOULD_WAIT, because: 'would-wait' };
    case 'cancelled':
      return { asked: false, requestId: id, refusal: WOULD_WAIT, because: 'would-wait' };
    default:
      // The run that wrote the request may have died before it started the workflow; a second start is harmless.
      if (!isOver(state)) await services.workflow.start(id);
      return { asked: true, requestId: id };
  }
}

const WOULD_WAIT = refusal('not-allowed', 'it would wait for approval');

/** The current access of the canary's user to the target. */
async function holderOf(wanted: CanaryTarget, services: CanaryServices): Promise<HeldAccess | undefined> {
  const found = await findTarget(wanted, services);
  // A target that does not exist is refused by the request itself, with its reason.
  if (found.refusal !== undefined) return undefined;
  const { current } = await heldNow(
    { requester: { principalId: services.canaryUserId }, target: found.target },
    services,
  );
  return current;
}

/** The state of a trial; `undefined` where no request has this id or the request is no trial. */
export async function lookAtCanary(requestId: string, services: CanaryServices): Promise<CanaryLook | undefined> {
  const request = await trialOf(requestId, services);
  if (request === undefined) return undefined;
  return lookOf(request, await services.assignments.exists(assignmentOf(request)));
}

function lookOf(request: AccessRequest, there: boolean): CanaryLook {
  const { id, state, requestedAt, endingAt, endedAt, grant, events } = request;
  const givenAt = events.find((event) => event.state === 'active')?.at;
  return {
    requestId: id,
    state,
    askedAt: requestedAt,
    givenAt,
    endingAt,
    endedAt,
    there,
    standing: grant?.standing === true,
    failure: request.refusal,
  };
}

/** A request that was made as a trial. A request that the same user made in another way is not returned. */
async function trialOf(requestId: string, services: CanaryServices): Promise<AccessRequest | undefined> {
  const request = await services.requests.get(requestId);
  const isTrial = request?.origin.kind === 'canary' && request.requester.principalId === services.canaryUserId;
  return isTrial ? request : undefined;
}

/**
 * Ends the access of a trial, as its requester could. False where nothing is left to end, or where the access is shared
 * with another request (the trial joined it, or a request joined the trial's access): then it ends at its time.
 */
export async function endAsCanary(requestId: string, services: CanaryServices): Promise<boolean> {
  const [caller, trial] = await Promise.all([callerOf(services), trialOf(requestId, services)]);
  if (caller === undefined || trial === undefined || trial.accessId !== undefined || trial.joins !== undefined)
    return false;
  return (await endEarly(requestId, caller, services, { seen: { endsAt: trial.endsAt, joins: [] } })).done;
}

/**
 * The canary's user as a proven caller: the configuration names the user, and only a deployment changes the
 * configuration.
 */
async function callerOf({ canaryUserId, directory }: CanaryServices): Promise<ProvenCaller | undefined> {
  const user = await directory.user(canaryUserId);
  return user === undefined ? undefined : { principalId: canaryUserId, userName: user.userName };
}

/** The verdict on a trial that should be over. */
export type CanaryVerdict =
  | { readonly right: true; readonly givenAfterSeconds: number; readonly goneAfterSeconds: number }
  | {
      readonly right: false;
      readonly because: 'never-asked' | 'refused' | 'joined' | 'standing' | 'not-given' | 'still-there';
    };

/** Was access given, and is it gone? Everything else counts as a failed trial. */
export function judgeCanary(look: CanaryLook | undefined): CanaryVerdict {
  if (look === undefined) return { right: false, because: 'never-asked' };
  if (look.state === 'refused' || look.state === 'cancelled') return { right: false, because: 'refused' };
  // The target came from another access and ends with that one, so the trial proved nothing.
  if (look.state === 'joined') return { right: false, because: 'joined' };
  if (look.standing) return { right: false, because: 'standing' };
  if (look.there || !isOver(look.state)) return { right: false, because: 'still-there' };
  const { askedAt, givenAt, endingAt, endedAt } = look;
  if (givenAt === undefined || endedAt === undefined) return { right: false, because: 'not-given' };
  return {
    right: true,
    givenAfterSeconds: secondsBetween(askedAt, givenAt),
    goneAfterSeconds: secondsBetween(endingAt ?? endedAt, endedAt),
  };
}

function secondsBetween(from: string, to: string): number {
  return Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
}
