import type { ThreadPort } from '../../core/activity/ports.ts';
import type { ChatMessage } from '../../core/model/chat-message.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import type { Chat } from './chat.ts';

/** Replies about a request where people talk about it: in the alert's thread, else below its status message. */
export function createThread(options: {
  readonly chat: Pick<Chat, 'post'>;
  /** Makes the reply a Slack message, with its text escaped. */
  render(request: AccessRequest, lines: readonly string[]): ChatMessage;
}): ThreadPort {
  return {
    async reply(request, lines) {
      const place = placeOf(request);
      if (place !== undefined) await options.chat.post(place.channel, options.render(request, lines), place.threadTs);
    },
  };
}

function placeOf({
  origin,
  messages,
}: AccessRequest): { readonly channel: string; readonly threadTs: string } | undefined {
  const story = messages.find((message) => message.role === 'story');
  // If the status message could not be posted in the thread that the request came from, nothing else can.
  const isElsewhere = story !== undefined && story.channel !== origin.channel;
  if (origin.channel !== undefined && origin.messageTs !== undefined && !isElsewhere) {
    return { channel: origin.channel, threadTs: origin.messageTs };
  }
  return story === undefined ? undefined : { channel: story.channel, threadTs: story.ts };
}
