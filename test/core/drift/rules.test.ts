import { isInScope, placesIn, planFor } from '../../../core/drift/rules.ts';
import type { DriftMode, DriftRule } from '../../../core/drift/types.ts';
import type { Target } from '../../../core/model/target.ts';

const PRODUCTION = '123456789012';
const ADMIN = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-admin';
const SCOPE = {
  accounts: '*' as const,
  permissionSets: [{ name: 'AdministratorAccess', arn: ADMIN }],
  groups: ['group-oncall'],
};
const TARGET: Target = { accountId: PRODUCTION, permissionSetArn: ADMIN };
const NOW = '2026-01-05T12:00:00.000Z';

const rule = (fields: Partial<DriftRule>): DriftRule => ({
  accounts: ['*'],
  permissionSets: ['*'],
  groups: [],
  action: 'revoke',
  graceSeconds: 600,
  ...fields,
});

let asked: string[];
const directory = {
  ouPathOf: async (id: string) => {
    asked.push(`ou ${id}`);
    return ['r-root', 'ou-prod', 'ou-eu'];
  },
  tagsOf: async (id: string) => {
    asked.push(`tags ${id}`);
    return { env: 'prod' };
  },
} as unknown as Parameters<typeof placesIn>[0];

const plan = (
  rules: readonly DriftRule[],
  options: { target?: Target; principalType?: 'USER' | 'GROUP'; mode?: DriftMode['mode'] } = {},
) =>
  planFor(
    { target: options.target ?? TARGET, principalType: options.principalType ?? 'USER' },
    { rules, scope: SCOPE, places: placesIn(directory), mode: { mode: options.mode ?? 'enforcing' }, now: NOW },
  );

beforeEach(() => {
  asked = [];
});

const MATCHING: [what: string, fields: Partial<DriftRule>, matches: boolean][] = [
  ['everything', {}, true],
  ['the account by id', { accounts: [PRODUCTION] }, true],
  ['another account', { accounts: ['234567890123'] }, false],
  ['a unit above the account', { accounts: ['ou:ou-prod'] }, true],
  ['the account’s own unit', { accounts: ['ou-direct:ou-eu'] }, true],
  ['a unit above it, direct children only', { accounts: ['ou-direct:ou-prod'] }, false],
  ['another unit', { accounts: ['ou:ou-dev'] }, false],
  ['a tag of the account', { accounts: ['tag:env=prod'] }, true],
  ['another value of the tag', { accounts: ['tag:env=dev'] }, false],
  ['the permission set by name', { permissionSets: ['AdministratorAccess'] }, true],
  ['the permission set by ARN', { permissionSets: [ADMIN] }, true],
  ['another permission set', { permissionSets: ['ReadOnlyAccess'] }, false],
  ['groups', { groups: ['*'] }, false],
];

test.each(MATCHING)('a rule that names %s applies only where it should', async (_what, fields, matches) => {
  expect((await plan([rule(fields)])).action).toBe(matches ? 'revoke' : 'warn');
});

test('the first rule that matches decides, whatever a later one says', async () => {
  const rules = [rule({ accounts: [PRODUCTION], action: 'ignore' }), rule({})];
  expect(await plan(rules)).toEqual({ action: 'ignore' });
});

test('drift that no rule matches is reported and stays', async () => {
  expect(await plan([])).toEqual({ action: 'warn' });
});

test('a removal is planned for the end of the grace period, and has no date in report-only mode', async () => {
  expect(await plan([rule({})])).toEqual({ action: 'revoke', graceSeconds: 600, removeAt: '2026-01-05T12:10:00.000Z' });
  expect(await plan([rule({})], { mode: 'report-only' })).toEqual({ action: 'revoke', graceSeconds: 600 });
});

test('a group’s assignment and a membership are never removed, whatever a rule says', async () => {
  expect(await plan([rule({})], { principalType: 'GROUP' })).toEqual({ action: 'warn' });
  const membership = { groupId: 'group-oncall' };
  expect(await plan([rule({ groups: ['*'] })], { target: membership })).toEqual({ action: 'warn' });
  expect(await plan([rule({ groups: ['group-oncall'], action: 'ignore' })], { target: membership })).toEqual({
    action: 'ignore',
  });
});

test('AWS Organizations is not asked when a rule without units or tags decides first', async () => {
  await plan([rule({ accounts: ['234567890123'] }), rule({ accounts: ['*'] }), rule({ accounts: ['ou:ou-prod'] })]);
  expect(asked).toEqual([]);
});

test('an account is looked up once, however many rules and findings ask', async () => {
  const places = placesIn(directory);
  await Promise.all([places(PRODUCTION), places(PRODUCTION)]);
  await places(PRODUCTION);
  expect(asked).toEqual([`ou ${PRODUCTION}`, `tags ${PRODUCTION}`]);
});

test('a rule that cannot be parsed is an error, and is not skipped', async () => {
  await expect(plan([rule({ accounts: ['ou:'] })])).rejects.toThrow('cannot be read');
});

test('only the accounts, permission sets and groups that Glasshammer may assign are watched', () => {
  const listed = { ...SCOPE, accounts: [PRODUCTION] };
  expect(isInScope(TARGET, listed)).toBe(true);
  expect(isInScope({ ...TARGET, accountId: '234567890123' }, listed)).toBe(false);
  expect(isInScope({ ...TARGET, permissionSetArn: 'arn:other' }, SCOPE)).toBe(false);
  expect(isInScope({ groupId: 'group-leads' }, SCOPE)).toBe(false);
});

test('a place that could not be looked up is looked up again, and one that could is not', async () => {
  let fails = true;
  const tagsOf = async (id: string) => {
    if (fails) throw new Error('throttled');
    return directory.tagsOf(id);
  };
  const places = placesIn({ ...directory, tagsOf });
  await expect(places(PRODUCTION)).rejects.toThrow('throttled');
  fails = false;
  asked = [];
  expect(await places(PRODUCTION)).toEqual({ ouPath: ['r-root', 'ou-prod', 'ou-eu'], tags: { env: 'prod' } });
  await places(PRODUCTION);
  expect(asked).toEqual([`ou ${PRODUCTION}`, `tags ${PRODUCTION}`]);
});
