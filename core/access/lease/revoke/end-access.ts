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

/** The result of ending an access. */
export type EndOutcome =
  | {
      readonly done: true;
      /** The request the access lives on. */
      readonly request: AccessRequest;
      /** The person's request for the same target that begins later; it stays. */
      readonly later?: AccessRequest;
      /** The person's request to extend the access, which waited and is cancelled with it. */
      readonly withdrawn?: AccessRequest;
    }
  | Extract<ActionOutcome, { done: false }>;

/**
 * Ends a whole access before its time, whichever of its requests the button belongs to. The requester may end it
 * because they are done, one of its approvers with a reason. The state moves first; the workflow, woken or restarted,
 * does the rest.
 *
 * @param how `note` says why, and is required of an approver; with `seen`, the access ends only if it is still as it
 *   was seen
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
 * Cancels the request that waits to extend an access which was just ended. It could no longer be granted, and while it
 * waits its requester can ask for nothing else of this target.
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
  // It was decided at the same instant; the grant then checks whether the access is still there.
  if (!result.changed) return undefined;
  const token = result.request.tokens.approval;
  if (token !== undefined) await services.workflow.wake(token, { decided: true });
  return result.request;
}

/** May this person end the access now? For showing a form about it; the end itself checks again. */
export async function mayEnd(requestId: string, caller: Caller, services: EndServices): Promise<ActionOutcome> {
  return checkEnd(requestId, caller, services);
}

/** An access, and a person whom it concerns. */
export type ConcernedBy =
  | { readonly done: true; readonly request: AccessRequest; readonly person: Requester }
  | Extract<ActionOutcome, { done: false }>;

/**
 * The access that a request belongs to, for its requester and its approvers alone: those who were asked, who voted, or
 * whom break-glass access passed over.
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
  // An earlier press moved the state, but its wake-up was lost.
  if (request.state === 'ending' && (await wakeAgain(request.tokens.hold, { ended: true }, services))) return concerned;
  const why = isOver(request.state) || request.state === 'ending' ? 'already-ended' : 'already-decided';
  return { done: false, refusal: refusal(why), request };
}

/** Cancels the caller's own request while it waits for approval or for its start. */
export async function cancelRequest(requestId: string, caller: Caller, services: EndServices): Promise<ActionOutcome> {
  const [who, request] = await Promise.all([identifyPerson(caller, services), services.requests.get(requestId)]);
  if (!who.identified) return { done: false, refusal: who.refusal };
  if (request === undefined) return { done: false, refusal: refusal('unknown-request') };
  if (request.requester.principalId !== who.person.principalId)
    return { done: false, refusal: refusal('not-yours'), request };
  if (request.state === 'cancelled' && (await wakeAgain(request.tokens.approval, { decided: true }, services)))
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
 * Has people told at once that a request was cancelled: by the workflow that waits for the decision or, if that
 * workflow sleeps until the start, by a clean-up execution.
 */
export async function wakeToTell(request: AccessRequest, services: Pick<EndServices, 'workflow'>): Promise<void> {
  const token = request.tokens.approval;
  if (token !== undefined && (await services.workflow.wake(token, { decided: true }))) return;
  await services.workflow.startCleanup(request.id, 'cancelled');
}

/**
 * An earlier press moved the state, but its wake-up was lost: pressing again repeats the wake-up. False when no
 * workflow waits any more, so that there was nothing to repeat.
 */
async function wakeAgain(
  token: string | undefined,
  output: Readonly<Record<string, unknown>>,
  services: Pick<EndServices, 'workflow'>,
): Promise<boolean> {
  return token !== undefined && services.workflow.wake(token, output);
}

/** Wakes the waiting workflow; if none waits, a clean-up execution does its work. */
export async function wakeToEnd(request: AccessRequest, services: Pick<EndServices, 'workflow'>): Promise<void> {
  const token = request.tokens.hold;
  if (token !== undefined && (await services.workflow.wake(token, { ended: true }))) return;
  await services.workflow.startCleanup(request.id, 'early-end');
}

/**
 * Stores the task token with which "I'm done", or an extension, wakes the workflow.
 *
 * @param endsAt the end that the workflow waits for, ISO 8601
 * @throws RequestChangedError when access is already ending: the workflow goes straight to the revoke;
 *   AccessExtendedError when the access ends at another time by now: the workflow looks again; RequestNotFoundError
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
