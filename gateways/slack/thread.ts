import type { ThreadPort } from '../../core/activity/ports.ts';
import type { ChatMessage } from '../../core/model/chat-message.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import type { Chat } from './chat.ts';

/** Replies about a request where the request is talked about: in the alert's thread, else below its own story. */
export function createThread(options: {
  readonly chat: Pick<Chat, 'post'>;
  /** The reply as a Slack message; escaping is its business. */
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
  // Where the story could not be told in the thread it was asked from, nothing else can.
  const isElsewhere = story !== undefined && story.channel !== origin.channel;
  if (origin.channel !== undefined && origin.messageTs !== undefined && !isElsewhere) {
    return { channel: origin.channel, threadTs: origin.messageTs };
  }
  return story === undefined ? undefined : { channel: story.channel, threadTs: story.ts };
}
