import { cancelRequest, type EndServices, endEarly } from '../access/lease/revoke/end-access.ts';
import type { AssignmentPort } from '../access/ports.ts';
import { heldNow } from '../access/request/held.ts';
import type { ProvenCaller } from '../access/request/identity/identify.ts';
import { type RequestServices, requestAccess } from '../access/request/request-access.ts';
import { findTarget } from '../access/request/target/find-target.ts';
import type { HeldAccess } from '../model/held-access.ts';
import { isOver } from '../model/life-cycle.ts';
import { type Refusal, refusal } from '../model/refusal.ts';
import { type AccessRequest, assignmentOf, type RequestState } from '../model/request.ts';

/**
 * How long the canary asks for. Seconds: long enough to be seen by somebody who looks, and over soon when whoever wanted to end it is
 * gone.
 */
export const CANARY_SECONDS = 600;

/** What the canary is to have: one permission set in one account, or one group; by name or id. */
export type CanaryTarget = { readonly accountId: string; readonly permissionSet: string } | { readonly group: string };

export interface CanaryServices extends RequestServices, EndServices {
  /** Id of the Identity Center user that access is given to, as configured. */
  readonly canaryUserId: string;
  readonly assignments: Pick<AssignmentPort, 'exists'>;
}

/** How a trial stands: its request, and whether Identity Center has the assignment now. All instants ISO 8601. */
export interface CanaryLook {
  readonly requestId: string;
  readonly state: RequestState;
  readonly askedAt: string;
  /** When access was there. */
  readonly givenAt?: string;
  /** When its end was asked for, or its time was over. */
  readonly endingAt?: string;
  /** When Identity Center said that it is gone. */
  readonly endedAt?: string;
  /** Identity Center shows it now. */
  readonly there: boolean;
  /** It had been there before, so that nothing was given, and nothing is taken back. */
  readonly standing: boolean;
  /** Why it was refused or failed, as the request says. */
  readonly failure?: Refusal;
}

/** What came of asking. */
export type CanaryAsk =
  | { readonly asked: true; readonly requestId: string }
  | { readonly asked: false; readonly requestId?: string; readonly refusal: Refusal };

/**
 * Asks for access as the canary: by the same verb, decision and workflow as a person. Nothing is passed over. What would wait for
 * people, or break the glass, is taken back at once and counts as refused, because nobody is to be called for a trial. What the user
 * holds already is not asked for: the trial would join that access, and prolong it.
 *
 * The request ends by itself after `CANARY_SECONDS`, whoever is there to end it.
 *
 * @param requestId equal for the same trial: asked again, nothing new begins, and nothing is decided anew
 */
export async function askAsCanary(
  requestId: string,
  wanted: CanaryTarget,
  services: CanaryServices,
): Promise<CanaryAsk> {
  const caller = await callerOf(services);
  if (caller === undefined) return { asked: false, refusal: refusal('principal-not-found', services.canaryUserId) };
  const before = await services.requests.get(requestId);
  if (before !== undefined) return askedBefore(before, caller, services);
  const holder = await holderOf(wanted, services);
  if (holder !== undefined)
    return {
      asked: false,
      refusal: refusal('not-allowed', `request ${holder.accessId} gave it, until ${holder.endsAt}`),
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
      return { asked: false, refusal: refusal('not-allowed', 'it would break the glass') };
    case 'incomplete':
      return { asked: false, refusal: refusal('not-allowed', outcome.decision.reason) };
    case 'refused':
      return { asked: false, requestId: outcome.request.id, refusal: outcome.refusal };
  }
}

/** What came of the request of a trial, wherever the run that wrote it stopped. */
async function askedBefore(request: AccessRequest, caller: ProvenCaller, services: CanaryServices): Promise<CanaryAsk> {
  const { id, state, refusal: why = refusal('not-allowed') } = request;
  switch (state) {
    case 'refused':
      return { asked: false, requestId: id, refusal: why };
    case 'requested':
    case 'pending':
    case 'scheduled':
      await cancelRequest(id, caller, services);
      return { asked: false, requestId: id, refusal: WOULD_WAIT };
    case 'cancelled':
      return { asked: false, requestId: id, refusal: WOULD_WAIT };
    default:
      // Whoever wrote it may have died before it started the workflow; a second start is harmless.
      if (!isOver(state)) await services.workflow.start(id);
      return { asked: true, requestId: id };
  }
}

const WOULD_WAIT = refusal('not-allowed', 'it would wait for approval');

/** The access by which the canary's user has the target now. */
async function holderOf(wanted: CanaryTarget, services: CanaryServices): Promise<HeldAccess | undefined> {
  const found = await findTarget(wanted, services);
  // What cannot be found is refused by the ask itself, with its reason.
  if (found.refusal !== undefined) return undefined;
  const { current } = await heldNow(
    { requester: { principalId: services.canaryUserId }, target: found.target },
    services,
  );
  return current;
}

/** How the trial stands; `undefined` where there is no such request, or it is no trial. */
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

/** The request of a trial: asked for as the canary, by nobody else. What the same user asks for by another door is theirs. */
async function trialOf(requestId: string, services: CanaryServices): Promise<AccessRequest | undefined> {
  const request = await services.requests.get(requestId);
  const isTrial = request?.origin.kind === 'canary' && request.requester.principalId === services.canaryUserId;
  return isTrial ? request : undefined;
}

/**
 * Ends it, as its person would: false where there is nothing left to end, or nothing that is the trial's alone. An access that it was
 * joined to, or that somebody has joined since, ends at its time.
 */
export async function endAsCanary(requestId: string, services: CanaryServices): Promise<boolean> {
  const [caller, trial] = await Promise.all([callerOf(services), trialOf(requestId, services)]);
  if (caller === undefined || trial === undefined || trial.accessId !== undefined || trial.joins !== undefined)
    return false;
  return (await endEarly(requestId, caller, services, { seen: { endsAt: trial.endsAt, joins: [] } })).done;
}

/** The canary's user, as a caller: named by the configuration, which only who deploys can change. */
async function callerOf({ canaryUserId, directory }: CanaryServices): Promise<ProvenCaller | undefined> {
  const user = await directory.user(canaryUserId);
  return user === undefined ? undefined : { principalId: canaryUserId, userName: user.userName };
}

/** What a trial that should be over has shown. */
export type CanaryVerdict =
  | { readonly right: true; readonly givenAfterSeconds: number; readonly goneAfterSeconds: number }
  | {
      readonly right: false;
      readonly because: 'never-asked' | 'refused' | 'joined' | 'standing' | 'not-given' | 'still-there';
    };

/** Was access given, and is it gone? Nothing less counts as right. */
export function judgeCanary(look: CanaryLook | undefined): CanaryVerdict {
  if (look === undefined) return { right: false, because: 'never-asked' };
  if (look.state === 'refused' || look.state === 'cancelled') return { right: false, because: 'refused' };
  // Another access gave it, and ends when that does.
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
