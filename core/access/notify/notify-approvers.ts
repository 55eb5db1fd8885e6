import type { ChatMessage } from '../../model/chat-message.ts';
import { PlaceGoneError } from '../../model/errors.ts';
import { ALL_STATES } from '../../model/life-cycle.ts';
import type { AccessRequest, SentMessage } from '../../model/request.ts';
import type { RequestStore } from '../ports.ts';
import type { PlaceChat } from './post-in-place.ts';

/** Slack, as far as approvers are reached in it. */
export interface ApproverChat extends PlaceChat {
  memberIds(channel: string): Promise<readonly string[]>;
}

/** Where approvers are reached. */
export interface ReachServices {
  /** `undefined` where there is no Slack: nobody is reached there. */
  readonly chat: ApproverChat | undefined;
  readonly approvalChannel: string;
  /** Told when nothing can be written into the approval channel, whatever else is told to whom. */
  onChannelGone?(): void;
}

/** Where approvers are shown a request. */
export interface NotifyApproversServices extends ReachServices {
  readonly requests: RequestStore;
  render(request: AccessRequest, role: 'approval'): ChatMessage;
}

/** Who was not reached in Slack, by principal id: a mail may reach them. */
export interface Notified {
  readonly unreached: readonly string[];
  readonly failure?: unknown;
}

/**
 * So many approvers are told directly, at most. Each copy is edited whenever the request moves on, and Slack takes about fifty edits
 * a minute of an app; whoever is beyond them counts as not reached, so that a mail is tried, and they are named where none is sent.
 */
const MOST_DIRECT = 20;

/**
 * Shows a request in the approval channel, and directly to those of these approvers who are not in it, twenty at most. Where it is shown
 * already, nothing is posted again. Approvers whom Slack does not know are not reached; what they may do does not depend on it.
 *
 * @param approvers principal ids; their Slack ids are in `request.asked`
 * @returns which of them were not reached, and what went wrong, after every place was tried; a place that is gone matters only when
 *   nobody was told
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
 * Makes the approvers' phones ring once more, below each card by which they were told: in the channel, and directly to those who are
 * not in it.
 *
 * @param approvers principal ids
 * @returns as `notifyApprovers`; whoever has no card that they can see is not reached
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
  // Who reads a card of an earlier approval channel, or of somebody who was asked once, is not known.
  const others = request.messages.filter(({ role, channel }) => role === 'approval' && !rung.has(channel));
  const results = await Promise.allSettled(others.map(({ channel, ts }) => services.chat?.post(channel, message, ts)));
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  const failed = failure ?? failures.find((error) => !(error instanceof PlaceGoneError));
  return { unreached, failure: failed };
}

/**
 * Keeps by name whom neither Slack nor a mail has reached, for whoever reads the messages and waits for them.
 *
 * @returns whether the messages have to say something else now
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

/** @param tellIn false where there is nothing to tell in that channel */
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
  // A channel that is gone, or whose members cannot be read, reaches nobody for certain: then each approver is told directly.
  const members = new Set(isGone ? [] : await trying(() => chat.memberIds(approvalChannel)));
  const slackIds = approvers.map((principalId) => request.asked?.slackIds[principalId] ?? '');
  const outside = [...new Set(slackIds)].filter((slackId) => slackId !== '' && !members.has(slackId));
  // Always the same ones, however often it is run; with an escalation, as many more.
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
