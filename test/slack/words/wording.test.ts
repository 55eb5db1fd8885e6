import fc from 'fast-check';
import { durationWords } from '../../../core/model/duration.ts';
import {
  bold,
  code,
  cut,
  escapeText,
  listWords,
  mention,
  oneLine,
  plainLine,
  portalLink,
  quote,
  slackDate,
  slackSecond,
  userText,
  utcWords,
} from '../../../slack/words/wording.ts';
import { smuggled } from '../slack-limits.ts';

test('a reason cannot mention the channel, or fake a link, a date or a mention', () => {
  expect(escapeText('<!channel> <@U0ANA> <http://x|y> a & b')).toBe(
    '&lt;!channel&gt; &lt;@U0ANA&gt; &lt;http://x|y&gt; a &amp; b',
  );
  expect(escapeText('@here @Channel @everyone ana@example.com')).toBe(
    '@\u2060here @\u2060Channel @\u2060everyone ana@example.com',
  );
});

test('a channel mention split by invisible characters is escaped', () => {
  expect(smuggled(escapeText('@\u200bhere <\u200b!here>'))).toEqual([]);
});

test('a reason cannot change the reading direction of a message', () => {
  expect(escapeText('safe \u202etxet live\u202c')).toBe('safe txet live');
});

test('text that fits is unchanged, and longer text is cut to the limit', () => {
  expect(cut('12345', 5)).toBe('12345');
  expect(cut('123456', 5)).toBe('1234…');
});

test.each([
  ['family', '👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 12, '👩‍👩‍👧‍👦…'],
  ['flag', '🇩🇪🇫🇷', 6, '🇩🇪…'],
  ['combining accent', 'e\u0301e\u0301e\u0301', 4, 'e\u0301…'],
])('a %s is never cut in half', (_what, text, max, expected) => {
  expect(cut(text, max)).toBe(expected);
});

test('one letter with ten thousand accents is cut to the limit', () => {
  expect(cut(`a${'\u0301'.repeat(10_000)}`, 100).length).toBeLessThanOrEqual(100);
});

/** Any character but surrogates. fast-check's own `binary` takes most of a second, because it lists all of Unicode. */
const anyCharacter = fc.nat({ max: 0x10ffff - 0x800 }).map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800));

test('random text never exceeds its limit, and no entity or character is cut in two', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: anyCharacter }),
        fc.string({ unit: fc.constantFrom('<', '&', '>', '@here', '\n', '🔨', '`', '*') }),
      ),
      fc.integer({ min: 1, max: 60 }),
      (text, max) => {
        for (const shown of [userText(text, max), oneLine(text, max)]) {
          expect(shown.length).toBeLessThanOrEqual(max);
          expect(smuggled(shown)).toEqual([]);
          expect(shown).not.toMatch(/\p{Surrogate}/u);
        }
        expect(plainLine(text, max).length).toBeLessThanOrEqual(max);
        expect(oneLine(text, max)).not.toContain('\n');
      },
    ),
    { numRuns: 300 },
  );
});

test('a quotation is marked on every line and stays within its limit', () => {
  expect(quote('one\n\ntwo', 100)).toBe('> one\n> two');
  expect(quote('x\n'.repeat(500), 60).length).toBeLessThanOrEqual(60);
  expect(quote('> not ours', 60)).toBe('> &gt; not ours');
});

test('names and ids cannot break out of bold or code formatting', () => {
  expect(bold('a*b')).toBe('*a∗b*');
  expect(code('a`b\nc')).toBe("`a'b c`");
  expect([bold(''), code('')]).toEqual(['', '']);
});

test('only a valid Slack user id becomes a mention', () => {
  expect(mention('U0ANA')).toBe('<@U0ANA>');
  expect(mention('W123')).toBe('<@W123>');
  expect(mention('U0ANA> <!channel')).toBe('`U0ANA&gt; &lt;!channel`');
});

test.each([
  [45, '45 seconds'],
  [60, '1 minute'],
  [3600, '1 hour'],
  [5400, '1 hour 30 minutes'],
  [90_000, '1 day 1 hour'],
  [3599, '1 hour'],
  [Number.NaN, 'an unknown time'],
  [-1, 'an unknown time'],
])('%i seconds are written as %s', (seconds, words) => {
  expect(durationWords(seconds)).toBe(words);
});

test('a time is shown in the time zone of the reader, with UTC as the fallback', () => {
  expect(slackDate('2026-01-05T10:00:00Z')).toBe(
    '<!date^1767607200^{date_short_pretty} at {time}|2026-01-05 10:00 UTC>',
  );
  expect(slackSecond('2026-01-05T10:00:00Z')).toBe(
    '<!date^1767607200^{date_short_pretty} at {time_secs}|2026-01-05 10:00 UTC>',
  );
  expect(utcWords('2026-01-05T10:00:59Z')).toBe('2026-01-05 10:00 UTC');
  expect([slackDate(''), slackSecond('x'), utcWords('x')]).toEqual(Array(3).fill('an unknown time'));
});

test('a list of people is joined with commas and a word', () => {
  expect([listWords([]), listWords(['a']), listWords(['a', 'b']), listWords(['a', 'b', 'c'], 'or')]).toEqual([
    '',
    'a',
    'a and b',
    'a, b or c',
  ]);
});

test.each([
  'https://d-1234567890.awsapps.com/start',
  'https://d-1234567890.awsapps.com/start/',
  'https://d-1234567890.awsapps.com/start#',
  'https://d-1234567890.awsapps.com/start/#/',
])('the link from the portal %s opens the account and permission set', (portal) => {
  expect(portalLink(portal, '123456789012', 'Power User&x=1')).toBe(
    'https://d-1234567890.awsapps.com/start/#/console?account_id=123456789012&role_name=Power%20User%26x%3D1',
  );
});

test('without a permission set the link opens the portal itself, and a lone surrogate is replaced', () => {
  expect(portalLink('https://p.example/start/', '123456789012', '')).toBe('https://p.example/start');
  expect(portalLink('https://p.example/start', '123456789012', '\ud800')).toContain('role_name=%EF%BF%BD');
});
