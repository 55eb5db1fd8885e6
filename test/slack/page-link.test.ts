import { withPageLink } from '../../slack/page-link.ts';

const PAGE = 'https://access.example.com/#/requests/r1';
const LINK = { type: 'mrkdwn' as const, text: `<${PAGE}|Open in the console>` };
const section = { type: 'section' as const, text: { type: 'mrkdwn' as const, text: 'said' } };
const context = (elements: number) => ({
  type: 'context' as const,
  elements: Array.from({ length: elements }, () => ({ type: 'mrkdwn' as const, text: 'small' })),
});

describe('a message of a request links to its page', () => {
  it('in its small print, or below it where there is none or no room', () => {
    const linked = (...blocks: Parameters<typeof withPageLink>[0]['blocks']) =>
      withPageLink({ text: 'said', blocks }, PAGE).blocks;
    expect(linked(section, context(1))).toEqual([section, { ...context(1), elements: [...context(1).elements, LINK] }]);
    expect(linked(section)).toEqual([section, { type: 'context', elements: [LINK] }]);
    expect(linked(section, context(10))).toEqual([section, context(10), { type: 'context', elements: [LINK] }]);
  });

  it('not where there is no console, nor by an address that would end the link', () => {
    const message = { text: 'said', blocks: [section] };
    expect(withPageLink(message, undefined)).toBe(message);
    expect(withPageLink(message, 'https://access.example.com/>|x')).toBe(message);
  });
});
