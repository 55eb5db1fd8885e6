import type { AccessItem } from '../../../../core/model/access-item.ts';
import { parsePolicySet } from '../../../../core/policy/records/policy-set.ts';
import { isMistypedPolicy } from '../../../../core/policy/records/record-kind.ts';
import { recordProblem } from '../../../../core/policy/records/record-problem.ts';

const DENY = { effect: 'deny', who: ['everyone'], accounts: ['*'], permissionSets: ['*'] };
const MISTYPED = [
  'Policy#no',
  'policies#no',
  'policy #no',
  'polic#no',
  ' policy#no',
  'POLICY#no',
  'policy',
  'plicy:no',
];

test.each(MISTYPED)('a deny under the id %j is not lost: what it covers is refused', (id) => {
  const { policies, unreadable } = parsePolicySet([{ id, ...DENY }]);
  expect(policies).toEqual([]);
  expect(unreadable).toEqual([
    expect.objectContaining({ name: id, effectGuess: 'deny', problems: [expect.stringContaining('must begin with')] }),
  ]);
});

test('a deny is not lost whatever its id begins with', () => {
  expect(parsePolicySet([{ id: 'hello#world', ...DENY }]).unreadable).toHaveLength(1);
});

test('a mistyped policy refuses only what its readable fields cover', () => {
  const item = { id: 'Policy#no', ...DENY, accounts: ['123456789012'] };
  expect(parsePolicySet([item]).unreadable[0]?.covers.accounts).toMatchObject({ all: false });
});

test.each<[string, AccessItem]>([
  ['a note', { id: 'hello#world', note: 'by olga' }],
  ['an access record', { id: 'Access#123456789012#ps#ana' }],
  ['a principal record', { id: 'principals#U0ANA', ssoPrincipal: 'user-ana' }],
  ['a very long word', { id: 'p'.repeat(2000) }],
  ['a number', { id: '123' }],
])('%s with an id of no known kind refuses nobody, and is reported', (_what, item) => {
  expect(isMistypedPolicy(item)).toBe(false);
  expect(parsePolicySet([item]).unreadable).toEqual([]);
  expect(recordProblem(item)).toContain('its id must begin with principal#, access#, policy# or person#');
});

test.each([...MISTYPED, 'hello#world'])('a record with the id %j is reported', (id) => {
  expect(recordProblem({ id, ...DENY })).toContain(JSON.stringify(id));
});

test('a correct record is not reported, and a correct policy is read once', () => {
  expect(recordProblem({ id: 'policy#no', ...DENY })).toBeUndefined();
  expect(recordProblem({ id: 'principal#U0ANA', ssoPrincipal: 'user-ana' })).toBeUndefined();
  expect(parsePolicySet([{ id: 'policy#no', ...DENY }])).toMatchObject({ unreadable: [], policies: [{ name: 'no' }] });
});
