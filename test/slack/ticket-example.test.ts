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
  // A brace that closes nowhere is a letter like any other.
  ['x{3', 'x{3'],
])(
  'the ticket pattern %s is shown with an example, for people who cannot read regular expressions',
  (pattern, example) => {
    expect(ticketExample(pattern)).toBe(example);
    expect(example).toMatch(new RegExp(pattern));
  },
);

test.each(['', '^[^-]+$', '(', '[', '^(?=a)b$', ')', '\\', '^$'])(
  'a pattern without a sure example, such as %j, is shown with none',
  (pattern) => {
    expect(ticketExample(pattern)).toBeUndefined();
  },
);

test.each([
  ['that JavaScript would try to match for hours', `^${'(a|a)'.repeat(32)}\\B$`],
  ['that is too large to compile', `${'('.repeat(9)}A${'{12})'.repeat(9)}`],
])('a pattern %s does not delay the form', (_what, pattern) => {
  const before = process.cpuUsage().user;
  expect(ticketExample(pattern)).toBeUndefined();
  expect(process.cpuUsage().user - before).toBeLessThan(200_000);
});
