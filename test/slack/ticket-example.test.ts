import { ticketExample } from '../../slack/ticket-example.ts';

test.each([
  ['^(INC|CHG)-[0-9]+$', 'INC-123'],
  ['^INC-[0-9]{7}$', 'INC-1234567'],
  ['^INC-\\d{4,}$', 'INC-1234'],
  ['^(?:OPS|DEV)[-_]?\\d+$', 'OPS123'],
  ['^[A-Z]{3}-[0-9]+$', 'AAA-123'],
  ['^#\\d+$', '#123'],
  ['^[A-Z][A-Z0-9]+-\\d+$', 'AA-123'],
  ['^https://tickets\\.example\\.com/\\w+$', 'https://tickets.example.com/A'],
  ['INC', 'INC'],
])('people who read no patterns are shown what %s wants', (pattern, example) => {
  expect(ticketExample(pattern)).toBe(example);
  expect(example).toMatch(new RegExp(pattern));
});

test.each(['', '^[^-]+$', '(', '[', '^(?=a)b$', ')', '\\', 'x{3', '^$'])(
  'a pattern that cannot be guessed, as %j, has no example rather than a wrong one',
  (pattern) => {
    const example = ticketExample(pattern);
    expect(example === undefined || new RegExp(pattern).test(example)).toBe(true);
  },
);
