import { withPageLink } from '../../slack/page-link.ts';

const PAGE = 'https://access.example.com/#/requests/r1';
const LINK = { type: 'mrkdwn' as const, text: `<${PAGE}|Open in the console>` };
const section = { type: 'section' as const, text: { type: 'mrkdwn' as const, text: 'said' } };
const context = (elements: number) => ({
  type: 'context' as const,
  elements: Array.from({ length: elements }, () => ({ type: 'mrkdwn' as const, text: 'small' })),
});

describe('the message of a request links to its page in the console', () => {
  it('in its context block, or in a new one if there is none or it is full', () => {
    const linked = (...blocks: Parameters<typeof withPageLink>[0]['blocks']) =>
      withPageLink({ text: 'said', blocks }, PAGE).blocks;
    expect(linked(section, context(1))).toEqual([section, { ...context(1), elements: [...context(1).elements, LINK] }]);
    expect(linked(section)).toEqual([section, { type: 'context', elements: [LINK] }]);
    expect(linked(section, context(10))).toEqual([section, context(10), { type: 'context', elements: [LINK] }]);
  });

  it('except without a console, and except for a URL that would break out of the link', () => {
    const message = { text: 'said', blocks: [section] };
    expect(withPageLink(message, undefined)).toBe(message);
    expect(withPageLink(message, 'https://access.example.com/>|x')).toBe(message);
  });
});
