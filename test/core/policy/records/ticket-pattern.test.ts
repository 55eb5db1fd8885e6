import { matchesTicket, parseTicketPattern } from '../../../../core/policy/records/ticket-pattern.ts';

test.each([
  '^(INC|CHG)-[0-9]+$',
  '^[A-Z][A-Z0-9]*-\\d+$',
  '^https://jira\\.example\\.com/browse/[A-Z]+-[0-9]+$',
  '^INC\\-[0-9]{4,8}$',
  '^(?:INC|CHG|PRB)[0-9]{7}( emergency)?$',
  '[[\\]]',
])('%s is a pattern people use', (source) => {
  expect(parseTicketPattern(source)).toBeInstanceOf(RegExp);
});

test.each([
  ['', 'characters'],
  ['a'.repeat(201), 'characters'],
  ['(', 'regular expression'],
  ['^(a+)+$', 'repetition'],
  ['^(a|a)*$', 'repetition'],
  ['^(a?){30}a{30}$', 'repetition'],
  ['(?=a)b', 'look-around'],
  ['(?<!a)b', 'look-around'],
  ['^(a)\\1$', 'back-references'],
  ['^.*.*.*.*x$', 'simpler'],
  [`^${'a?'.repeat(30)}${'a'.repeat(30)}$`, 'simpler'],
])('%s could be made slow by whoever types the ticket, and is refused', (source, why) => {
  expect(parseTicketPattern(source)).toEqual({ problem: expect.stringContaining(why) });
});

test('the slowest pattern that is let in is still quick on the nastiest ticket', () => {
  const pattern = parseTicketPattern('^.*.*.*x$');
  if (!(pattern instanceof RegExp)) throw new Error('the pattern is at the limit, not above it');
  const before = process.cpuUsage().user;
  expect(matchesTicket(pattern, 'a'.repeat(100))).toBe(false);
  // Microseconds of work, not of waiting: a busy machine does not fail this.
  expect(process.cpuUsage().user - before).toBeLessThan(2_000_000);
});

test('a ticket is looked at without the spaces around it, and an empty one matches nothing', () => {
  const pattern = /^INC-[0-9]+$/;
  expect(matchesTicket(pattern, ' INC-1\n')).toBe(true);
  expect(matchesTicket(/.*/, '   ')).toBe(false);
  expect(matchesTicket(/a/, 'a'.repeat(101))).toBe(false);
});
