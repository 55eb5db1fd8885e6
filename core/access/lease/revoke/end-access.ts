import { AccessExtendedError, RequestChangedError, RequestNotFoundError } from '../../../model/errors.ts';
import { actorOf, enter } from '../../../model/events.ts';
import { isOver } from '../../../model/life-cycle.ts';
import { type Refusal, refusal } from '../../../model/refusal.ts';
import { type AccessRequest, assignmentOf, type Requester } from '../../../model/request.ts';
import type { Now, RequestStore, WorkflowPort } from '../../ports.ts';
import { concernsAccess } from '../../request/identity/concerns.ts';
import { type Caller, type IdentifyServices, identifyPerson } from '../../request/identity/identify.ts';
import { laterRequest, waitingExtension } from '../../request/target/places.ts';
import type { AccessSeen } from '../access-seen.ts';

export interface EndServices extends IdentifyServices {
  readonly requests: RequestStore;
  readonly workflow: WorkflowPort;
  readonly now: Now;
}

export type ActionOutcome =
  | { readonly done: true; readonly request: AccessRequest }
  | { readonly done: false; readonly refusal: Refusal; readonly request?: AccessRequest };

/** What came of ending an access. */
export type EndOutcome =
  | {
      readonly done: true;
      /** The request the access lives on. */
      readonly request: AccessRequest;
      /** The person's request for the same target that begins later; it stays. */
      readonly later?: AccessRequest;
      /** The person's request for more of it, which waited and is taken back with it. */
      readonly withdrawn?: AccessRequest;
    }
  | Extract<ActionOutcome, { done: false }>;

/**
 * Ends an access before its time, all of it, whichever of its requests the button was made for: its person because they are done, or
 * one of its approvers with a reason. The state moves first; the workflow, woken or restarted, does the rest.
 *
 * @param how its note says why, and is required of an approver; with what was seen, it ends only what is as it was
 */
export async function endEarly(
  requestId: string,
  caller: Caller,
  services: EndServices,
  how: { readonly note?: string | undefined; readonly seen?: AccessSeen | undefined } = {},
): Promise<EndOutcome> {
  const { note = '', seen } = how;
  const judged = await checkEnd(requestId, caller, services);
  if (!judged.done) return judged;
  const { request, person } = judged;
  const isOwn = request.requester.principalId === person.principalId;
  if (!isOwn && note === '') return { done: false, refusal: refusal('reason-required', '1'), request };
  if (request.state === 'ending') return { done: true, request };
  const at = services.now().toISOString();
  const result = await services.requests.change(request.id, {
    from: ['active'],
    to: 'ending',
    event: enter('ending', at, {
      by: actorOf(person),
      byName: person.userName,
      note: isOwn ? 'done early' : `ended by an approver: ${note}`,
    }),
    set: { endingAt: at },
    accessSeen: seen,
  });
  if (!result.changed) {
    const now = result.request ?? request;
    return { done: false, refusal: refusal(now.state === 'active' ? 'access-changed' : 'already-ended'), request: now };
  }
  await wakeToEnd(result.request, services);
  const withdrawn = await withdrawExtension(request, { by: actorOf(person), byName: person.userName, at }, services);
  const later = await laterRequest(assignmentOf(request), services.requests);
  return {
    done: true,
    request: result.request,
    later,
    withdrawn,
  };
}

/**
 * Takes back the request that waits to extend an access which somebody has just ended: nobody could be given what it asks for, and its
 * person could ask for nothing else as long as it waits.
 */
export async function withdrawExtension(
  ended: AccessRequest,
  { at, ...by }: { readonly by: string; readonly byName?: string; readonly at: string },
  services: Pick<EndServices, 'requests' | 'workflow'>,
): Promise<AccessRequest | undefined> {
  const waiting = await waitingExtension(ended, services.requests);
  if (waiting === undefined) return undefined;
  const result = await services.requests.change(waiting.id, {
    from: ['pending'],
    to: 'cancelled',
    event: enter('cancelled', at, { ...by, note: 'the access it would extend was ended' }),
  });
  // Decided in the same instant: then it is judged by whether the access is there.
  if (!result.changed) return undefined;
  const token = result.request.tokens.approval;
  if (token !== undefined) await services.workflow.wake(token, { decided: true });
  return result.request;
}

/** May this person end it now? For showing a form about it; the end itself is judged again. */
export async function mayEnd(requestId: string, caller: Caller, services: EndServices): Promise<ActionOutcome> {
  return checkEnd(requestId, caller, services);
}

/** An access, and somebody it concerns. */
export type ConcernedBy =
  | { readonly done: true; readonly request: AccessRequest; readonly person: Requester }
  | Extract<ActionOutcome, { done: false }>;

/**
 * The access that a request belongs to, for its person and its approvers alone: who was asked, who voted for it, and whom a broken
 * glass passed over.
 */
export async function accessConcerning(
  requestId: string,
  caller: Caller,
  services: IdentifyServices & { readonly requests: Pick<RequestStore, 'get'> },
): Promise<ConcernedBy> {
  const [who, named] = await Promise.all([identifyPerson(caller, services), services.requests.get(requestId)]);
  if (!who.identified) return { done: false, refusal: who.refusal };
  const request = named?.accessId === undefined ? named : await services.requests.get(named.accessId);
  if (request === undefined) return { done: false, refusal: refusal('unknown-request') };
  if (!(await concernsAccess(who.person.principalId, request, services)))
    return { done: false, refusal: refusal('not-yours'), request };
  return { done: true, request, person: who.person };
}

async function checkEnd(requestId: string, caller: Caller, services: EndServices): Promise<ConcernedBy> {
  const concerned = await accessConcerning(requestId, caller, services);
  if (!concerned.done || concerned.request.state === 'active') return concerned;
  const { request } = concerned;
  // The press before this one moved the state, and its wake-up was lost.
  if (request.state === 'ending' && (await isWokenNow(request.tokens.hold, { ended: true }, services)))
    return concerned;
  const why = isOver(request.state) || request.state === 'ending' ? 'already-ended' : 'already-decided';
  return { done: false, refusal: refusal(why), request };
}

/** Takes back a request that waits for approval or for its start. */
export async function cancelRequest(requestId: string, caller: Caller, services: EndServices): Promise<ActionOutcome> {
  const [who, request] = await Promise.all([identifyPerson(caller, services), services.requests.get(requestId)]);
  if (!who.identified) return { done: false, refusal: who.refusal };
  if (request === undefined) return { done: false, refusal: refusal('unknown-request') };
  if (request.requester.principalId !== who.person.principalId)
    return { done: false, refusal: refusal('not-yours'), request };
  if (request.state === 'cancelled' && (await isWokenNow(request.tokens.approval, { decided: true }, services)))
    return { done: true, request };
  const at = services.now().toISOString();
  const result = await services.requests.change(requestId, {
    from: ['pending', 'scheduled', 'approved'],
    to: 'cancelled',
    event: enter('cancelled', at, { by: actorOf(who.person), byName: who.person.userName }),
  });
  if (!result.changed) return { done: false, refusal: refusal('already-decided'), request: result.request ?? request };
  await wakeToTell(result.request, services);
  return { done: true, request: result.request };
}

/**
 * Has it told at once that a request was cancelled: by the workflow that waits for the decision, or, where that sleeps until the start,
 * by another.
 */
export async function wakeToTell(request: AccessRequest, services: Pick<EndServices, 'workflow'>): Promise<void> {
  const token = request.tokens.approval;
  if (token !== undefined && (await services.workflow.wake(token, { decided: true }))) return;
  await services.workflow.startCleanup(request.id, 'cancelled');
}

/**
 * The press before this one moved the state, and its wake-up was lost: the same press again makes up for it. False when nobody
 * waits any more, so that there was nothing to make up for.
 */
async function isWokenNow(
  token: string | undefined,
  output: Readonly<Record<string, unknown>>,
  services: Pick<EndServices, 'workflow'>,
): Promise<boolean> {
  return token !== undefined && services.workflow.wake(token, output);
}

/** Wakes the waiting workflow; where none waits, a clean-up does its work. */
export async function wakeToEnd(request: AccessRequest, services: Pick<EndServices, 'workflow'>): Promise<void> {
  const token = request.tokens.hold;
  if (token !== undefined && (await services.workflow.wake(token, { ended: true }))) return;
  await services.workflow.startCleanup(request.id, 'early-end');
}

/**
 * Stores the token that lets "I'm done", and an extension, wake the workflow.
 *
 * @param endsAt the end that the workflow waits for, ISO 8601
 * @throws RequestChangedError when access is already ending: the workflow goes straight to the revoke; AccessExtendedError when it
 *   ends at another time by now: the workflow looks again
 */
export async function holdAccess(
  requestId: string,
  token: string,
  endsAt: string,
  services: Pick<EndServices, 'requests'>,
): Promise<void> {
  const result = await services.requests.change(requestId, { from: ['active'], tokens: { hold: token } });
  if (result.request === undefined) throw new RequestNotFoundError(`no request ${requestId}`);
  if (!result.changed) throw new RequestChangedError(`request ${requestId} is ${result.request.state}, not active`);
  if (result.request.endsAt !== endsAt)
    throw new AccessExtendedError(`access ${requestId} ends ${result.request.endsAt}`);
}
