import { cancelRequest, type EndServices, endEarly } from '../access/lease/end-access.ts';
import type { AssignmentPort } from '../access/ports.ts';
import type { ProvenCaller } from '../access/request/identity/identify.ts';
import { type RequestServices, requestAccess } from '../access/request/request-access.ts';
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
 * people, or break the glass, is taken back at once and counts as refused, because nobody is to be called for a trial.
 *
 * The request ends by itself after `CANARY_SECONDS`, whoever is there to end it.
 *
 * @param requestId equal for the same trial: asked again, nothing new begins
 */
export async function askAsCanary(
  requestId: string,
  wanted: CanaryTarget,
  services: CanaryServices,
): Promise<CanaryAsk> {
  const caller = await callerOf(services);
  if (caller === undefined) return { asked: false, refusal: refusal('principal-not-found', services.canaryUserId) };
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
      await cancelRequest(requestId, caller, services);
      return { asked: false, requestId, refusal: refusal('not-allowed', 'it would wait for approval') };
    case 'confirm':
      return { asked: false, refusal: refusal('not-allowed', 'it would break the glass') };
    case 'incomplete':
      return { asked: false, refusal: refusal('not-allowed', outcome.decision.reason) };
    case 'refused':
      return { asked: false, requestId: outcome.request.id, refusal: outcome.refusal };
    case 'duplicate': {
      const { id, state, refusal: why } = outcome.request;
      return state === 'refused'
        ? { asked: false, requestId: id, refusal: why ?? refusal('not-allowed') }
        : { asked: true, requestId: id };
    }
  }
}

/** How the trial stands; `undefined` where there is no such request, or it is not the canary's. */
export async function lookAtCanary(requestId: string, services: CanaryServices): Promise<CanaryLook | undefined> {
  const request = await services.requests.get(requestId);
  if (request === undefined || request.requester.principalId !== services.canaryUserId) return undefined;
  return lookOf(request, await services.assignments.exists(assignmentOf(request)));
}

function lookOf(request: AccessRequest, there: boolean): CanaryLook {
  const { id, state, requestedAt, endingAt, endedAt, grant, events } = request;
  const givenAt = events.find((event) => event.state === 'active')?.at;
  return {
    requestId: id,
    state,
    askedAt: requestedAt,
    ...(givenAt === undefined ? {} : { givenAt }),
    ...(endingAt === undefined ? {} : { endingAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    there,
    standing: grant?.standing === true,
    ...(request.refusal === undefined ? {} : { failure: request.refusal }),
  };
}

/** Ends it, as its person would: false where there is nothing left to end. */
export async function endAsCanary(requestId: string, services: CanaryServices): Promise<boolean> {
  const caller = await callerOf(services);
  return caller !== undefined && (await endEarly(requestId, caller, services)).done;
}

/** The canary's user, as a caller: named by the configuration, which only who deploys can change. */
async function callerOf({ canaryUserId, directory }: CanaryServices): Promise<ProvenCaller | undefined> {
  const user = await directory.user(canaryUserId);
  return user === undefined ? undefined : { principalId: canaryUserId, userName: user.userName };
}

/** What a trial that should be over has shown. */
export type CanaryVerdict =
  | { readonly right: true; readonly givenAfterSeconds: number; readonly goneAfterSeconds: number }
  | { readonly right: false; readonly because: 'never-asked' | 'refused' | 'standing' | 'not-given' | 'still-there' };

/** Was access given, and is it gone? Nothing less counts as right. */
export function judgeCanary(look: CanaryLook | undefined): CanaryVerdict {
  if (look === undefined) return { right: false, because: 'never-asked' };
  if (look.state === 'refused' || look.state === 'cancelled') return { right: false, because: 'refused' };
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
