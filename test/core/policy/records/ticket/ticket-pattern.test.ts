import fc from 'fast-check';
import {
  matchesTicket,
  parseTicketPattern,
  type TicketPattern,
} from '../../../../../core/policy/records/ticket/ticket-pattern.ts';

function patternOf(source: string): TicketPattern {
  const pattern = parseTicketPattern(source);
  if ('problem' in pattern) throw new Error(`${source} ${pattern.problem}`);
  return pattern;
}

test.each([
  '^(INC|CHG)-[0-9]+$',
  '^[A-Z][A-Z0-9]*-\\d+$',
  '^https://jira\\.example\\.com/browse/[A-Z]+-[0-9]+$',
  '^INC\\-[0-9]{4,8}$',
  '^(?:INC|CHG|PRB)[0-9]{7}( emergency)?$',
  '[[\\]]',
  '^(?:[A-Z]+-)*[0-9]+$',
  '^.{1,100}$',
  '^[A-Z]{2,10}-[0-9]{1,10}$',
  '^(?:INC|CHG|PRB|REQ|RITM|TASK|SCTASK|CTASK|KB|HD)[0-9]{7,10}$',
  '^https://[a-z0-9-]{1,63}\\.atlassian\\.net/browse/[A-Z][A-Z0-9]{1,9}-[0-9]{1,7}$',
  '^https://github\\.com/[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,64}/issues/[0-9]{1,7}$',
  '^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$',
])('%s is a pattern people use', (source) => {
  expect(parseTicketPattern(source)).toMatchObject({ source });
});

test.each([
  ['', 'characters'],
  ['a'.repeat(201), 'characters'],
  ['(', 'regular expression'],
  ['(?=a)b', 'look-around'],
  ['(?<!a)b', 'look-around'],
  ['^(a)\\1$', 'back-references'],
  ['(?<name>a)\\k<name>', 'back-references'],
  ['(?:(?:a{99}){99}){99}', 'simpler'],
  ['^.{0,1000}$', 'simpler'],
  ['(?:.?){299}z', 'simpler'],
  ['(?:(?:.|a|b|c|d){0,58})x', 'simpler'],
  ['(?:.{0,40}){5}x', 'simpler'],
  ['(?:(?:\\w|\\b|.)?){70}z', 'simpler'],
])('%s is refused, and the author told why', (source, why) => {
  expect(parseTicketPattern(source)).toEqual({ problem: expect.stringContaining(why) });
});

test.each([
  ['^(a+)+$', false],
  ['^(a|a)*$', false],
  ['^(a?){30}a{30}$', false],
  ['^.*.*.*.*x$', false],
  [`^${'a?'.repeat(60)}${'a'.repeat(60)}$`, false],
  ['((a*)*)*x', false],
  ['(?:.{0,40}){3}x', false],
  [`(?:${'.*'.repeat(60)})*x`, false],
  ['(?:.?){149}z', false],
  ['(?:(?:.|a|b|c|d){0,29})x', false],
  ['(?:(?:\\w|\\b|.)?){49}z', false],
  ['^(a+)+!$', true],
])('no ticket that a requester types makes the pattern %s slow', (source, accepted) => {
  const pattern = patternOf(source);
  const ticket = `${'a'.repeat(99)}!`;
  expect(matchesTicket(pattern, ticket)).toBe(accepted);
  // The best of several runs: this leaves out what else the machine has to do.
  const taken = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage().user;
    matchesTicket(pattern, ticket);
    return process.cpuUsage().user - before;
  });
  expect(Math.min(...taken)).toBeLessThan(10_000);
});

test.each([
  '(){1000000000}',
  '((){999}){999}',
  '((((){99}){99}){99}){99}',
  '(?:a{0}){30000000}',
  '(?:(?:|){9999}){9999}',
])('%s, which repeats an empty match, is refused at once', (source) => {
  const before = process.cpuUsage().user;
  expect(parseTicketPattern(source)).toEqual({ problem: expect.stringContaining('simpler') });
  expect(process.cpuUsage().user - before).toBeLessThan(100_000);
});

test('no accepted pattern visits more for a ticket than each of its steps once a character', () => {
  const longest = 'a'.repeat(99);
  const heavy = fc.constantFrom(
    '.?',
    '(?:.|a|b)?',
    '\\w*',
    '(?:a?b?)*',
    '[^b]{0,20}',
    '(?:.*)*',
    '.',
    '(?:a|a)+',
    '\\b',
  );
  const pattern = fc
    .array(fc.tuple(heavy, fc.integer({ min: 1, max: 300 })), { minLength: 1, maxLength: 6 })
    .map((parts) => `${parts.map(([one, times]) => `(?:${one}){${times}}`).join('')}!`);
  let heaviest = 0;
  const measured = (source: string) => {
    const parsed = parseTicketPattern(source);
    if ('problem' in parsed) return;
    const { steps } = parsed.machine;
    let visits = 0;
    const counted = new Proxy(steps, {
      get(target, name) {
        // Every read visits a step, except the read of the length.
        if (name !== 'length') visits += 1;
        return target[name as keyof typeof target];
      },
    });
    matchesTicket({ source, machine: { ...parsed.machine, steps: counted } }, longest);
    heaviest = Math.max(heaviest, visits);
    expect(visits).toBeLessThanOrEqual(2 * steps.length * (longest.length + 1));
  };
  fc.assert(fc.property(pattern, measured), { examples: [['(?:.?){149}z'], ['(?:.|a|b|c|d){0,29}z']], numRuns: 300 });
  // Some of them were as heavy as a pattern may be.
  expect(heaviest).toBeGreaterThan(25_000);
});

test('a pattern accepts exactly what the same regular expression accepts in JavaScript', () => {
  const atom = fc.constantFrom(
    'a',
    'b',
    '.',
    '[ab]',
    '[^a]',
    '\\d',
    '\\w',
    '\\b',
    '\\B',
    '^',
    '$',
    '\\x61',
    '-',
    '{',
    '\\.',
  );
  const pattern = fc.letrec<{ choice: string; part: string; group: string }>((tie) => ({
    group: fc.tuple(fc.constantFrom('(', '(?:'), tie('choice')).map(([open, inner]) => `${open}${inner})`),
    part: fc
      .tuple(
        fc.oneof({ depthSize: 'small' }, atom, tie('group')),
        fc.constantFrom('', '', '*', '+', '?', '{2}', '{0,2}', '{1,}', '*?'),
      )
      .map(([one, times]) => `${one}${times}`),
    choice: fc
      .array(fc.array(tie('part'), { maxLength: 4 }), { minLength: 1, maxLength: 2 })
      .map((ways) => ways.map((parts) => parts.join('')).join('|')),
  })).choice;
  const ticket = fc.string({ unit: fc.constantFrom('a', 'b', '1', '-', '.', '{', ' '), minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(pattern, ticket, (source, text) => {
      const parsed = parseTicketPattern(source);
      fc.pre(!('problem' in parsed) && text.trim() !== '');
      if ('problem' in parsed) return;
      expect(matchesTicket(parsed, text)).toBe(new RegExp(source).test(text.trim()));
    }),
    { numRuns: 3000 },
  );
});

test('spaces around a ticket are ignored, and an empty ticket matches nothing', () => {
  const pattern = patternOf('^INC-[0-9]+$');
  expect(matchesTicket(pattern, ' INC-1\n')).toBe(true);
  expect(matchesTicket(pattern, 'INC-\u0661')).toBe(false);
  expect(matchesTicket(patternOf('.*'), '   ')).toBe(false);
  expect(matchesTicket(patternOf('a'), 'a'.repeat(101))).toBe(false);
});
