import type { ChatMessage } from '../../model/chat-message.ts';
import { actorOf, after, happen } from '../../model/events.ts';
import { refusal } from '../../model/refusal.ts';
import { type AccessRequest, askedApprovers, type EventType } from '../../model/request.ts';
import type { ActionOutcome, EndServices } from '../lease/revoke/end-access.ts';
import { type ApproverChat, type NotifyApproversServices, notifyApprovers } from '../notify/notify-approvers.ts';
import type { Caller } from '../request/identity/identify.ts';
import { identifyPerson } from '../request/identity/identify.ts';
import { evaluateVote, type VoteServices } from './cast-vote.ts';

/** The least time between nudges: the policy's reminder interval (default 900), within 300 and 3600. Seconds. */
const LEAST_NUDGE_SECONDS = 300;
const DEFAULT_NUDGE_SECONDS = 900;
const MOST_NUDGE_SECONDS = 3600;

/** Events that have just notified the approvers. */
const NOTIFYING_EVENTS: readonly EventType[] = ['nudged', 'reminded', 'escalated'];

/**
 * Records that an approver is looking at the request, so that the others need not. A claim decides nothing and keeps
 * nobody from voting; only the latest claim is shown.
 */
export async function claimRequest(requestId: string, caller: Caller, services: VoteServices): Promise<ActionOutcome> {
  const judged = await evaluateVote(requestId, caller, { vote: 'approve' }, services);
  if (!judged.done) return judged;
  const { request, person } = judged;
  const { principalId, slackId } = person;
  if (request.claim?.principalId === principalId) return { done: true, request };
  const at = services.now().toISOString();
  const result = await services.requests.change(requestId, {
    from: ['pending'],
    event: happen('claimed', at, { by: principalId }),
    set: { claim: { principalId, slackId, at } },
  });
  if (!result.changed) return { done: false, refusal: refusal('already-decided'), request: result.request ?? request };
  return { done: true, request: result.request };
}

export interface HandOnServices extends VoteServices, Omit<NotifyApproversServices, 'chat'> {
  readonly chat: VoteServices['chat'] & ApproverChat;
}

/** The approvers a request can be handed on to: asked as well, and without a vote yet. Principal ids. */
export function othersToDecide(request: AccessRequest, principalId: string): string[] {
  const voted = (id: string) => request.votes.some((vote) => vote.principalId === id);
  return askedApprovers(request).filter((id) => id !== principalId && !voted(id));
}

/**
 * An approver hands the request on to another approver, who is mentioned by name. This does not change who may vote.
 *
 * @param to principal id
 * @param say renders the message for the thread, after the event is stored
 */
export async function handOn(
  requestId: string,
  caller: Caller,
  input: { readonly to: string; readonly note: string },
  say: (request: AccessRequest) => ChatMessage,
  services: HandOnServices,
): Promise<ActionOutcome> {
  const judged = await evaluateVote(requestId, caller, { vote: 'approve' }, services);
  if (!judged.done) return judged;
  const { request, person } = judged;
  if (!othersToDecide(request, person.principalId).includes(input.to))
    return { done: false, refusal: refusal('not-approver'), request };
  const note = input.note === '' ? input.to : `${input.to}: ${input.note}`;
  const result = await services.requests.change(requestId, {
    from: ['pending'],
    event: happen('handed-on', services.now().toISOString(), { by: actorOf(person), note: `to ${note}` }),
    eventsSeen: request.events.length,
  });
  if (!result.changed) return { done: false, refusal: refusal('already-decided'), request: result.request ?? request };
  const { failure } = await notifyApprovers(result.request, [input.to], services);
  if (failure !== undefined) throw failure;
  await replyToCopies(result.request, say(result.request), services);
  return { done: true, request: result.request };
}

export interface NudgeServices extends EndServices {
  readonly chat: EndServices['chat'] & {
    post(channel: string, message: ChatMessage, threadTs?: string): Promise<unknown>;
  };
  renderReminder(request: AccessRequest, approvers: readonly string[], escalated: boolean): ChatMessage;
}

/** The requester has the approvers mentioned once more. How often is limited. */
export async function nudgeApprovers(
  requestId: string,
  caller: Caller,
  services: NudgeServices,
): Promise<ActionOutcome> {
  const [who, request] = await Promise.all([identifyPerson(caller, services), services.requests.get(requestId)]);
  if (!who.identified) return { done: false, refusal: who.refusal };
  if (request === undefined) return { done: false, refusal: refusal('unknown-request') };
  if (request.requester.principalId !== who.person.principalId)
    return { done: false, refusal: refusal('not-yours'), request };
  if (request.state !== 'pending') return { done: false, refusal: refusal('already-decided'), request };
  const at = services.now().toISOString();
  const until = nudgeableAt(request);
  if (until !== undefined && until > at) return { done: false, refusal: refusal('nudged-lately', until), request };
  const result = await services.requests.change(requestId, {
    from: ['pending'],
    event: happen('nudged', at, { by: actorOf(who.person) }),
    eventsSeen: request.events.length,
  });
  if (!result.changed) return { done: false, refusal: refusal('already-decided'), request: result.request ?? request };
  const approvers = othersToDecide(result.request, request.requester.principalId);
  await replyToCopies(result.request, services.renderReminder(result.request, approvers, false), services);
  return { done: true, request: result.request };
}

/**
 * When the requester may nudge again (ISO 8601); `undefined`: at once, as approvers were neither nudged nor reminded.
 */
function nudgeableAt({ events, approvalTiming }: AccessRequest): string | undefined {
  const last = events.findLast(({ type }) => NOTIFYING_EVENTS.includes(type));
  if (last === undefined) return undefined;
  const wanted = approvalTiming?.remindSeconds || DEFAULT_NUDGE_SECONDS;
  return after(last.at, Math.min(MOST_NUDGE_SECONDS, Math.max(LEAST_NUDGE_SECONDS, wanted)));
}

async function replyToCopies(
  { messages }: AccessRequest,
  message: ChatMessage,
  { chat }: { readonly chat: { post(channel: string, message: ChatMessage, threadTs?: string): Promise<unknown> } },
): Promise<void> {
  const copies = messages.filter(({ role }) => role === 'approval');
  const results = await Promise.allSettled(copies.map(({ channel, ts }) => chat.post(channel, message, ts)));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
