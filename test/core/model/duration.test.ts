import fc from 'fast-check';
import { formatDuration, parseDuration, toIsoDuration } from '../../../core/model/duration.ts';

test.each([
  ['4h', 14_400],
  ['30m', 1800],
  ['90s', 90],
  ['1d', 86_400],
  ['1d2h3m4s', 93_784],
  ['PT4H', 14_400],
  ['PT1H30M', 5400],
  ['P1D', 86_400],
  ['P1DT12H', 129_600],
])('%s is %d seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each([
  '4',
  '',
  '0h',
  'h',
  '4 h',
  '-4h',
  '4H',
  '1.5h',
  'P',
  'PT',
  'P1DT',
  '30m1h',
  'PT4',
  'four hours',
  '4h ',
  '99999999999d',
])('"%s" is no duration, so nobody gets a length they did not mean', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test('a formatted duration is parsed as the same length again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9999 * 86_400 }), (seconds) => {
      expect(parseDuration(formatDuration(seconds))).toBe(seconds);
      expect(parseDuration(toIsoDuration(seconds))).toBe(seconds);
    }),
  );
});

test('a duration of zero is still formatted as zero seconds', () => {
  expect([formatDuration(0), toIsoDuration(0)]).toEqual(['0s', 'PT0S']);
});
