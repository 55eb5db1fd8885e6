import { PlaceGoneError } from '../../model/errors.ts';
import { ALL_STATES } from '../../model/life-cycle.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { RequestStore } from '../ports.ts';

/** Where approvers are shown a request. */
export interface NotifyApproversServices<Message> {
  readonly requests: RequestStore;
  /** `undefined` where there is no Slack: nobody is reached there. */
  readonly chat:
    | {
        post(channel: string, message: Message): Promise<{ readonly channel: string; readonly ts: string }>;
        directChannel(slackId: string): Promise<string>;
        memberIds(channel: string): Promise<readonly string[]>;
      }
    | undefined;
  readonly approvalChannel: string;
  /** Told when nothing can be written into the approval channel, whatever else is told to whom. */
  onChannelGone?(): void;
  render(request: AccessRequest, role: 'approval'): Message;
}

/** Who was not reached in Slack, by principal id: a mail may reach them. */
export interface Notified {
  readonly unreached: readonly string[];
  readonly failure?: unknown;
}

/**
 * So many approvers are told directly, at most. Each copy is edited whenever the request moves on, and Slack takes about fifty edits
 * a minute of an app; the channel's copy is there for everybody else.
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
export async function notifyApprovers<Message>(
  request: AccessRequest,
  approvers: readonly string[],
  services: NotifyApproversServices<Message>,
): Promise<Notified> {
  const { chat, approvalChannel } = services;
  if (chat === undefined) return { unreached: approvers };
  const failures: unknown[] = [];
  const told = new Set<string>();
  const trying = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      failures.push(error);
      return undefined;
    }
  };
  const tellIn = async (channel: string): Promise<void> => {
    const already = request.messages.some((sent) => sent.role === 'approval' && sent.channel === channel);
    if (already) {
      told.add(channel);
      return;
    }
    const sent = await chat.post(channel, services.render(request, 'approval'));
    await services.requests.change(request.id, {
      from: ALL_STATES,
      message: { role: 'approval', channel: sent.channel, ts: sent.ts },
    });
    told.add(channel);
  };

  await trying(() => tellIn(approvalChannel));
  if (failures[0] instanceof PlaceGoneError) services.onChannelGone?.();
  // A channel whose members cannot be read reaches nobody for certain: then each approver is told directly.
  const members = new Set(await trying(() => chat.memberIds(approvalChannel)));
  const slackIds = approvers.map((principalId) => request.asked?.slackIds[principalId]);
  const outside = [...new Set(slackIds)].flatMap((slackId) =>
    slackId === undefined || members.has(slackId) ? [] : [slackId],
  );
  // Always the same ones, however often it is run; with an escalation, as many more.
  const most = request.events.some(({ type }) => type === 'escalated') ? 2 * MOST_DIRECT : MOST_DIRECT;
  const missed = new Set<string>(told.has(approvalChannel) ? [] : members);
  for (const slackId of outside.slice(0, most)) {
    const done = await trying(async () => {
      await tellIn(await chat.directChannel(slackId));
      return true;
    });
    if (done !== true) missed.add(slackId);
  }
  const failure = failures.find((error) => told.size === 0 || !(error instanceof PlaceGoneError));
  const unreached = approvers.filter((_, index) => {
    const slackId = slackIds[index];
    return slackId === undefined || slackId === '' || missed.has(slackId);
  });
  return { unreached, ...(failure === undefined ? {} : { failure }) };
}
