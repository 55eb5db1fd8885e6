import { RequestChangedError, RequestNotFoundError } from '../../model/errors.ts';
import { actorOf, enter } from '../../model/events.ts';
import { isOver } from '../../model/life-cycle.ts';
import { type Refusal, refusal } from '../../model/refusal.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { Now, RequestStore, WorkflowPort } from '../ports.ts';
import { type Caller, type IdentifyServices, identifyPerson } from '../request/identify.ts';

export interface EndServices extends IdentifyServices {
  readonly requests: RequestStore;
  readonly workflow: WorkflowPort;
  readonly now: Now;
}

export type ClickOutcome =
  | { readonly done: true; readonly request: AccessRequest }
  | { readonly done: false; readonly refusal: Refusal; readonly request?: AccessRequest };

/** "I'm done": the person ends their own access early. The state moves first; the workflow, woken or restarted, does the rest. */
export async function endEarly(requestId: string, caller: Caller, services: EndServices): Promise<ClickOutcome> {
  const [who, request] = await Promise.all([identifyPerson(caller, services), services.requests.get(requestId)]);
  if (!who.identified) return { done: false, refusal: who.refusal };
  if (request === undefined) return { done: false, refusal: refusal('unknown-request') };
  if (request.requester.principalId !== who.person.principalId)
    return { done: false, refusal: refusal('not-yours'), request };
  if (request.state === 'ending' && (await isWokenNow(request.tokens.hold, { ended: true }, services)))
    return { done: true, request };
  if (request.state !== 'active') {
    return {
      done: false,
      refusal: refusal(isOver(request.state) || request.state === 'ending' ? 'already-ended' : 'already-decided'),
      request,
    };
  }
  const at = services.now().toISOString();
  const result = await services.requests.change(requestId, {
    from: ['active'],
    to: 'ending',
    event: enter('ending', at, { by: actorOf(who.person), note: 'done early' }),
    set: { endingAt: at },
  });
  if (!result.changed) return { done: false, refusal: refusal('already-ended'), request: result.request ?? request };
  await wakeToEnd(result.request, services);
  return { done: true, request: result.request };
}

/** Takes back a request that waits for approval or for its start. */
export async function cancelRequest(requestId: string, caller: Caller, services: EndServices): Promise<ClickOutcome> {
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
    event: enter('cancelled', at, { by: actorOf(who.person) }),
  });
  if (!result.changed) return { done: false, refusal: refusal('already-decided'), request: result.request ?? request };
  const token = result.request.tokens.approval;
  if (token !== undefined) await services.workflow.wake(token, { decided: true });
  return { done: true, request: result.request };
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
 * Stores the token that lets "I'm done" wake the workflow.
 *
 * @throws RequestChangedError when access is already ending: the workflow goes straight to the revoke
 */
export async function holdAccess(
  requestId: string,
  token: string,
  services: Pick<EndServices, 'requests'>,
): Promise<void> {
  const result = await services.requests.change(requestId, { from: ['active'], tokens: { hold: token } });
  if (result.request === undefined) throw new RequestNotFoundError(`no request ${requestId}`);
  if (!result.changed) throw new RequestChangedError(`request ${requestId} is ${result.request.state}, not active`);
}
