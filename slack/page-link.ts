import type { KnownBlock } from '@slack/types';
import { fitsMessage, type MessageView } from './blocks.ts';
import { LIMITS } from './limits.ts';

/**
 * Adds a link to the request's page in the console to the small print of a message, unless the message is full.
 *
 * @param page address of the page; absent without a console
 */
export function withPageLink(message: MessageView, page: string | undefined): MessageView {
  // These characters would end the link's angle brackets early.
  if (page === undefined || /[<>|\s]/.test(page)) return message;
  const link = { type: 'mrkdwn', text: `<${page}|Open in the console>` } as const;
  const last = message.blocks.at(-1);
  const hasRoom = last?.type === 'context' && last.elements.length < LIMITS.contextElements;
  const blocks: KnownBlock[] = hasRoom
    ? [...message.blocks.slice(0, -1), { ...last, elements: [...last.elements, link] }]
    : [...message.blocks, { type: 'context', elements: [link] }];
  return fitsMessage(blocks) ? { ...message, blocks } : message;
}
