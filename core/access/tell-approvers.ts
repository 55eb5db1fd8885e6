import { ALL_STATES } from './life-cycle.ts';
import type { RequestStore } from './ports.ts';
import type { AccessRequest } from './request.ts';

/** Where approvers are shown a request. */
export interface TellApproversServices<Message> {
  readonly requests: RequestStore;
  readonly chat: {
    post(channel: string, message: Message): Promise<{ readonly channel: string; readonly ts: string }>;
    directChannel(slackId: string): Promise<string>;
    memberIds(channel: string): Promise<readonly string[]>;
  };
  readonly approvalChannel: string;
  render(request: AccessRequest, role: 'approval'): Message;
}

/**
 * Shows a request in the approval channel, and directly to those of these approvers who are not in it. Where it is shown
 * already, nothing is posted again. Approvers whom Slack does not know are not reached; what they may do does not depend on it.
 *
 * @param approvers principal ids; their Slack ids are in `request.asked`
 */
export async function tellApprovers<Message>(
  request: AccessRequest,
  approvers: readonly string[],
  services: TellApproversServices<Message>,
): Promise<void> {
  const { chat, approvalChannel } = services;
  const members = new Set(await chat.memberIds(approvalChannel));
  const outside = approvers
    .map((principalId) => request.asked?.slackIds[principalId])
    .filter((slackId) => slackId !== undefined && !members.has(slackId)) as string[];
  const channels = [approvalChannel, ...(await Promise.all(outside.map((slackId) => chat.directChannel(slackId))))];
  for (const channel of channels) {
    if (request.messages.some((sent) => sent.role === 'approval' && sent.channel === channel)) continue;
    const sent = await chat.post(channel, services.render(request, 'approval'));
    await services.requests.change(request.id, {
      from: ALL_STATES,
      message: { role: 'approval', channel: sent.channel, ts: sent.ts },
    });
  }
}
