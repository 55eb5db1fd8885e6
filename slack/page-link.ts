import type { ContextBlock } from '@slack/types';
import type { MessageView } from './blocks.ts';

/** Slack takes no more elements in a context block. */
const MOST_ELEMENTS = 10;

/** A message with a link to the page of its request in the console, in its small print. @param page its address; absent where there is no console */
export function withPageLink(message: MessageView, page: string | undefined): MessageView {
  // It stands between angle brackets.
  if (page === undefined || /[<>|\s]/.test(page)) return message;
  const link = { type: 'mrkdwn', text: `<${page}|Open in the console>` } as const;
  const last = message.blocks.at(-1);
  if (last?.type === 'context' && last.elements.length < MOST_ELEMENTS) {
    const context: ContextBlock = { ...last, elements: [...last.elements, link] };
    return { ...message, blocks: [...message.blocks.slice(0, -1), context] };
  }
  return { ...message, blocks: [...message.blocks, { type: 'context', elements: [link] }] };
}
