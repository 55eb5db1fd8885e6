import type { ContextBlock } from '@slack/types';
import type { MessageView } from './blocks.ts';
import { LIMITS } from './limits.ts';

/**
 * Adds a link to the request's page in the console to the small print of a message.
 *
 * @param page address of the page; absent without a console
 */
export function withPageLink(message: MessageView, page: string | undefined): MessageView {
  // These characters would end the link's angle brackets early.
  if (page === undefined || /[<>|\s]/.test(page)) return message;
  const link = { type: 'mrkdwn', text: `<${page}|Open in the console>` } as const;
  const last = message.blocks.at(-1);
  if (last?.type === 'context' && last.elements.length < LIMITS.contextElements) {
    const context: ContextBlock = { ...last, elements: [...last.elements, link] };
    return { ...message, blocks: [...message.blocks.slice(0, -1), context] };
  }
  return { ...message, blocks: [...message.blocks, { type: 'context', elements: [link] }] };
}
