import { readdirSync, readFileSync } from 'node:fs';
import type { JSX } from 'preact';
import { emoji } from '../../../sandbox/page/app/emoji.ts';
import { mrkdwn, plainText, type Reader } from '../../../sandbox/page/app/mrkdwn.ts';
import { elementsIn, textIn } from './tree.ts';

const NOW = Date.parse('2026-01-05T09:00:00Z');
const reader = (tz = 'Europe/Berlin'): Reader => ({
  tz,
  nowMs: NOW,
  userName: (id) => (id === 'U0ANA' ? 'Ana' : id),
  channelName: (id) => (id === 'C0ALERTS' ? 'alerts' : id),
});
const shown = (text: string, tz?: string) => mrkdwn(text, reader(tz));
const words = (nodes: JSX.Element[]) => nodes.map(textIn).join('\n');
const tags = (text: string) =>
  shown(text)
    .flatMap(elementsIn)
    .filter(({ tag }) => !['div', 'span'].includes(String(tag)));
const only = (text: string) => {
  const [node] = tags(text);
  return `${node?.tag}:${node === undefined ? '' : textIn(node)}`;
};

test('the page can draw every emoji that Glasshammer uses', () => {
  const folder = new URL('../../../slack/', import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const written = sources.flatMap((file) => [
    ...readFileSync(new URL(file, folder), 'utf8').matchAll(/['`\n ]:([a-z][a-z_]+):(?=['` ])/g),
  ]);
  const names = new Set(written.map(([, name = '']) => name));
  expect(names).toContain('hourglass_flowing_sand');
  expect([...names].filter((name) => emoji(name) === undefined)).toEqual([]);
});

describe('mrkdwn on the page', () => {
  it.each([
    ['*bold*', 'strong:bold'],
    ['_italic_', 'em:italic'],
    ['~gone~', 's:gone'],
    ['`a*b*c`', 'code:a*b*c'],
    ['```\nkubectl *get* pods\n```', 'pre:kubectl *get* pods'],
    ['&gt; said', 'blockquote:said'],
    ['<https://example.com/a|the page>', 'a:the page'],
    ['<https://example.com/a?b&amp;c>', 'a:https://example.com/a?b&c'],
    ['<mailto:ana@example.com|ana@example.com>', 'a:ana@example.com'],
  ])('%s', (text, expected) => {
    expect(only(text)).toBe(expected);
  });

  it.each([
    ['break_glass_now', 'break_glass_now'],
    ['2*3*4', '2*3*4'],
    ['* not a list *', '* not a list *'],
    ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
    ['hi <@U0ANA> in <#C0ALERTS>', 'hi @Ana in #alerts'],
    ['<@U0ANA|ana>', '@ana'],
    ['<!channel> and <!here>', '@channel and @here'],
    ['10:30:15', '10:30:15'],
    [':unknown_emoji:', ':unknown_emoji:'],
    [':hammer: time', '🔨 time'],
  ])('reads %s as plain words', (text, expected) => {
    expect(words(shown(text))).toBe(expected);
  });

  it('can nest formats', () => {
    expect(tags('*Ends _soon_ for <@U0ANA>*').map(({ tag }) => tag)).toEqual(['strong', 'em']);
  });

  it('keeps lines separate, and joins the lines of a quotation', () => {
    expect(shown('one\n\ntwo').map(textIn)).toEqual(['one', '', 'two']);
    expect(tags('&gt; a\n&gt; b\nc').map(({ tag, children }) => [tag, children.length])).toEqual([['blockquote', 2]]);
  });
});

describe('dates in mrkdwn', () => {
  const at = NOW / 1000;

  it.each([
    [`<!date^${at}^{date_short_pretty} at {time}|fallback>`, 'Europe/Berlin', 'today at 10:00'],
    [`<!date^${at}^{time}|fallback>`, 'America/New_York', '04:00'],
    [`<!date^${at + 86_400}^{date_pretty}, {time}|fallback>`, 'UTC', 'tomorrow, 09:00'],
    [`<!date^${at - 86_400 * 9}^{date_short}|fallback>`, 'UTC', '27 Dec 2025'],
    [`<!date^${at}^{date_num} {time_secs}|fallback>`, 'UTC', '2026-01-05 09:00:00'],
    [`<!date^${at + 2520}^{ago}|fallback>`, 'UTC', 'in 42 min'],
    ['<!date^soon^{time}|later today>', 'UTC', 'later today'],
    [`<!date^${at}^{time}|fallback>`, 'Mars/Olympus', '09:00'],
  ])('shows %s in %s as %s', (text, tz, expected) => {
    expect(words(shown(text, tz))).toBe(expected);
  });
});

describe('hostile text on the page', () => {
  it('stays text: HTML in it makes no element', () => {
    expect(tags('<script>alert(1)</script> <img src=x onerror=alert(1)>')).toEqual([]);
    expect(words(shown('&lt;script&gt;alert(1)&lt;/script&gt;'))).toBe('<script>alert(1)</script>');
  });

  it('makes no link that runs a script', () => {
    for (const address of ['javascript:alert(1)', 'data:text/html,x', ' javascript:alert(1)', 'vbscript:x'])
      expect(tags(`<${address}|click>`)).toEqual([]);
  });

  it('is parsed in reasonable time with thousands of unclosed marks', () => {
    // A pattern that backtracks over this would run into the time limit of the test.
    expect(words(shown('*_~`<'.repeat(4000))).length).toBeGreaterThan(4000);
  });

  it('shows marks unchanged in plain text', () => {
    expect(plainText('*no* <b> :bell:').map(textIn).join('')).toBe('*no* <b> 🔔');
  });
});
