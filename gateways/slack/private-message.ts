import type { ChatMessage } from '../../core/model/chat-message.ts';
import { PlaceGoneError } from '../../core/model/errors.ts';
import type { Chat } from './chat.ts';

/**
 * Tells one person: with an ephemeral message in the channel they are in, or with a direct message if there is no
 * channel, or the app may not write there, as in a channel that it was never invited to.
 *
 * @throws PlaceGoneError if the direct message cannot be sent to the person; SlackFailedError
 */
export async function sendPrivately(
  chat: Pick<Chat, 'post' | 'postEphemeral' | 'directChannel'>,
  to: { readonly slackId: string; readonly channel?: string | undefined; readonly threadTs?: string | undefined },
  message: ChatMessage,
): Promise<void> {
  const { slackId, channel, threadTs } = to;
  if (channel !== undefined) {
    try {
      await chat.postEphemeral(channel, slackId, message, threadTs);
      return;
    } catch (error) {
      if (!(error instanceof PlaceGoneError)) throw error;
    }
  }
  await chat.post(await chat.directChannel(slackId), message);
}
