import type { ChatMessage } from '../../../core/model/chat-message.ts';
import { createThread } from '../../../gateways/slack/thread.ts';
import { endedRequest } from '../../core/activity/records.ts';

function thread() {
  const posts: { channel: string; text: string; threadTs: string | undefined }[] = [];
  const port = createThread({
    chat: {
      post: (channel, { text }: ChatMessage, threadTs) => {
        posts.push({ channel, text, threadTs });
        return Promise.resolve({ channel, ts: '1' });
      },
    },
    render: (_request, lines) => ({ text: lines.join('|'), blocks: [] }),
  });
  return { port, posts };
}

describe('where a reply about a request is posted', () => {
  test('in the thread of the alert from which access was requested', async () => {
    const { port, posts } = thread();
    await port.reply(endedRequest(), ['one', 'two']);
    expect(posts).toEqual([{ channel: 'C0ALERTS', text: 'one|two', threadTs: '1767603480.000100' }]);
  });

  test('below the status message if there was no alert', async () => {
    const { port, posts } = thread();
    await port.reply(
      endedRequest({ origin: { kind: 'command' }, messages: [{ role: 'story', channel: 'D0ANA', ts: '17.5' }] }),
      ['one'],
    );
    expect(posts).toMatchObject([{ channel: 'D0ANA', threadTs: '17.5' }]);
  });

  test('nowhere if nothing was posted before', async () => {
    const { port, posts } = thread();
    await port.reply(endedRequest({ origin: { kind: 'cli' }, messages: [] }), ['one']);
    expect(posts).toEqual([]);
  });
});
