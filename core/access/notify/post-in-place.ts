import type { ChatMessage } from '../../model/chat-message.ts';
import { PlaceGoneError } from '../../model/errors.ts';
import type { AccessRequest } from '../../model/request.ts';

/** Posts messages. */
export interface PlaceChat {
  post(
    channel: string,
    message: ChatMessage,
    threadTs?: string,
  ): Promise<{ readonly channel: string; readonly ts: string }>;
  directChannel(slackId: string): Promise<string>;
}

/**
 * Posts in the thread of the alert, or below the status message where that is elsewhere, so that everything about an
 * access is in one thread. If a request about a message has no such place, because the app cannot post there, its
 * messages go to the approval channel; those of any other request go directly to the requester.
 *
 * @returns where the message was posted
 * @throws any error of Slack, except for a place that is gone while another one is left
 */
export async function postInPlace(
  request: AccessRequest,
  message: ChatMessage,
  services: { readonly chat: PlaceChat; readonly approvalChannel: string },
): Promise<{ readonly channel: string; readonly ts: string }> {
  for (const { channel, threadTs } of placesOf(request, services.approvalChannel)) {
    try {
      return await services.chat.post(channel, message, threadTs);
    } catch (error) {
      if (!(error instanceof PlaceGoneError)) throw error;
    }
  }
  const { slackId } = request.requester;
  // A requester who came through the API may have no Slack user; then the approvers see the message.
  const channel = slackId === '' ? services.approvalChannel : await services.chat.directChannel(slackId);
  return services.chat.post(channel, message);
}

function placesOf(
  { origin, about, messages }: AccessRequest,
  approvalChannel: string,
): readonly { readonly channel: string; readonly threadTs?: string }[] {
  const { channel, messageTs } = origin;
  const asked = channel === undefined ? [] : [threadOf(channel, messageTs)];
  const aside = about !== undefined && origin.kind === 'shortcut' ? [{ channel: approvalChannel }] : [];
  const story = messages.find(({ role }) => role === 'story');
  if (story === undefined || (story.channel === channel && messageTs !== undefined)) return [...asked, ...aside];
  return [{ channel: story.channel, threadTs: story.ts }, ...asked, ...aside];
}

function threadOf(channel: string, threadTs: string | undefined) {
  return threadTs === undefined ? { channel } : { channel, threadTs };
}
