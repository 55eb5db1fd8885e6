import type { ChatMessage } from '../../model/chat-message.ts';
import { PlaceGoneError } from '../../model/errors.ts';
import { ALL_STATES } from '../../model/life-cycle.ts';
import type { AccessRequest, SentMessage } from '../../model/request.ts';
import type { RequestStore } from '../ports.ts';
import type { PlaceChat } from './post-in-place.ts';

/** The part of Slack that is needed to reach approvers. */
export interface ApproverChat extends PlaceChat {
  memberIds(channel: string): Promise<readonly string[]>;
}

/** What is needed to reach approvers. */
export interface ReachServices {
  /** `undefined` where there is no Slack: nobody is reached there. */
  readonly chat: ApproverChat | undefined;
  readonly approvalChannel: string;
  /** Called when nothing can be posted into the approval channel, even if approvers are told directly. */
  onChannelGone?(): void;
}

/** What is needed to show approvers a request. */
export interface NotifyApproversServices extends ReachServices {
  readonly requests: RequestStore;
  render(request: AccessRequest, role: 'approval'): ChatMessage;
}

/** The approvers who were not reached in Slack, by principal id; they can be written to by mail. */
export interface Notified {
  readonly unreached: readonly string[];
  readonly failure?: unknown;
}

/**
 * The most approvers told directly. Each copy is edited whenever the request changes, and Slack allows an app about
 * fifty edits a minute. Further approvers count as not reached: they get a mail, or are named in the message as not
 * told.
 */
const MOST_DIRECT = 20;

/**
 * Shows a request in the approval channel, and directly to up to twenty of these approvers who are not in it. Where it
 * was shown before, nothing is posted again. Approvers without a known Slack user are not reached, but may still vote.
 *
 * @param approvers principal ids; their Slack ids are in `request.asked`
 * @returns the approvers not reached, and an error, after every place was tried; a place that is gone is an error only
 * if nobody was told
 */
export async function notifyApprovers(
  request: AccessRequest,
  approvers: readonly string[],
  services: NotifyApproversServices,
): Promise<Notified> {
  return reach(request, approvers, services, async (chat, channel) => {
    if (cardIn(request, channel) !== undefined) return true;
    const sent = await chat.post(channel, services.render(request, 'approval'));
    await services.requests.change(request.id, {
      from: ALL_STATES,
      message: { role: 'approval', channel: sent.channel, ts: sent.ts },
    });
    return true;
  });
}

/**
 * Notifies the approvers once more, with a reply to each message that shows them the request: in the channel, and
 * directly to those who are not in it.
 *
 * @param approvers principal ids
 * @returns as `notifyApprovers`; an approver without such a message is not reached
 */
export async function ringApprovers(
  request: AccessRequest,
  approvers: readonly string[],
  message: ChatMessage,
  services: ReachServices,
): Promise<Notified> {
  const rung = new Set<string>();
  const { unreached, failure } = await reach(request, approvers, services, async (chat, channel) => {
    const card = cardIn(request, channel);
    if (card === undefined) return false;
    rung.add(channel);
    await chat.post(channel, message, card.ts);
    return true;
  });
  // The other messages, in an earlier approval channel or to former approvers, get the reply too. Nobody counts as
  // reached by it, because it is not known who reads them.
  const others = request.messages.filter(({ role, channel }) => role === 'approval' && !rung.has(channel));
  const results = await Promise.allSettled(others.map(({ channel, ts }) => services.chat?.post(channel, message, ts)));
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  const failed = failure ?? failures.find((error) => !(error instanceof PlaceGoneError));
  return { unreached, failure: failed };
}

/**
 * Stores the approvers who were reached neither in Slack nor by mail, so that the messages name them.
 *
 * @returns whether the messages must be edited
 */
export async function keepUntold(
  { id, asked }: AccessRequest,
  untold: readonly string[],
  requests: Pick<RequestStore, 'change'>,
): Promise<boolean> {
  if (asked === undefined || untold.join() === (asked.untold ?? []).join()) return false;
  return (await requests.change(id, { from: ALL_STATES, set: { asked: { ...asked, untold } } })).changed;
}

function cardIn({ messages }: AccessRequest, channel: string): SentMessage | undefined {
  return messages.find((sent) => sent.role === 'approval' && sent.channel === channel);
}

/** @param tellIn returns false where there is nothing to reply to in that channel */
async function reach(
  request: AccessRequest,
  approvers: readonly string[],
  services: ReachServices,
  tellIn: (chat: ApproverChat, channel: string) => Promise<boolean>,
): Promise<Notified> {
  const { chat, approvalChannel } = services;
  if (chat === undefined) return { unreached: approvers };
  const failures: unknown[] = [];
  const trying = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      failures.push(error);
      return undefined;
    }
  };

  const inChannel = (await trying(() => tellIn(chat, approvalChannel))) === true;
  const isGone = failures[0] instanceof PlaceGoneError;
  if (isGone) services.onChannelGone?.();
  // If the channel is gone, or its members cannot be read, it is not certain whom it reaches: then each approver is
  // told directly.
  const members = new Set(isGone ? [] : await trying(() => chat.memberIds(approvalChannel)));
  const slackIds = approvers.map((principalId) => request.asked?.slackIds[principalId] ?? '');
  const outside = [...new Set(slackIds)].filter((slackId) => slackId !== '' && !members.has(slackId));
  // Each run tells the same approvers, the first of the list; an escalation doubles their number.
  const most = request.events.some(({ type }) => type === 'escalated') ? 2 * MOST_DIRECT : MOST_DIRECT;
  const reached = new Set<string>(inChannel ? members : []);
  for (const slackId of outside.slice(0, most)) {
    const done = await trying(async () => tellIn(chat, await chat.directChannel(slackId)));
    if (done === true) reached.add(slackId);
  }
  const isTold = inChannel || reached.size > 0;
  const failure = failures.find((error) => !isTold || !(error instanceof PlaceGoneError));
  const unreached = approvers.filter((_, index) => !reached.has(slackIds[index] ?? ''));
  return { unreached, failure };
}
