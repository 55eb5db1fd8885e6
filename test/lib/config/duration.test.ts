import { secondsOf } from '../../../lib/config/duration.ts';

test.each([
  ['45s', 45],
  ['10m', 600],
  ['1h', 3_600],
  ['1h30m', 5_400],
  ['2d', 172_800],
  ['1d2h3m4s', 93_784],
])('%s is %i seconds', (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

test.each(['', '4', '0h', '1.5h', '-1h', '1h ', '30m1h', '1 h', 'PT1H', '1H', 'h', '99999999999s'])(
  'nobody gets access for "%s"',
  (text) => {
    expect(secondsOf(text)).toBeUndefined();
  },
);
