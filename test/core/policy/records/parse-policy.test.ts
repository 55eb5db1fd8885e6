import { parsePolicy } from '../../../../core/policy/records/parse-policy.ts';
import { parsePolicySet, policySetOf } from '../../../../core/policy/records/policy-set.ts';
import { allow, deny, type Fields } from '../world.ts';

const valid: Fields = {
  name: 'prod-admin',
  effect: 'allow',
  who: ['group:SRE', 'user:ana@example.com'],
  accounts: ['111122223333', 'ou:ou-ab12-prod', 'ou-direct:r-ab12', 'tag:env=prod', 'tag:owner=', '*'],
  permissionSets: ['AdministratorAccess', 'arn:aws-us-gov:sso:::permissionSet/ssoins-1/ps-1'],
  maxDuration: '4h',
  approval: {
    approvers: ['group:Leads'],
    count: 1,
    self: false,
    expires: '8h',
    remind: '15m',
    escalate: { after: '30m', to: ['group:Directors'] },
  },
  reason: { minLength: 10 },
  ticket: { pattern: '^(INC|CHG)-[0-9]+$' },
  hours: { days: ['mon', 'fri'], from: '08:00', to: '18:00', timeZone: 'Europe/Berlin' },
  breakGlass: false,
};

/** The problems of a policy that differs from a valid one; `undefined` takes a field away. */
function problemsOf(change: Fields): readonly string[] {
  const fields = Object.entries({ ...valid, ...change }).filter(([, value]) => value !== undefined);
  const parsed = parsePolicy(Object.fromEntries(fields));
  return parsed.ok ? [] : parsed.problems;
}

const asRequire: Fields = { effect: 'require', breakGlass: undefined, approval: undefined };
const asDeny: Fields = { ...asRequire, effect: 'deny', maxDuration: undefined, reason: undefined, ticket: undefined };

test('every field of the documentation is read', () => {
  expect(problemsOf({})).toEqual([]);
  expect(problemsOf(asRequire)).toEqual([]);
  expect(problemsOf(asDeny)).toEqual([]);
});

test('every form of a duration is read', () => {
  for (const maxDuration of ['4h', '30m', '1d', '1h30m', 'PT4H', 'P1DT2H', '90s'])
    expect(problemsOf({ maxDuration })).toEqual([]);
});

test('endsWith is read, and a policy with leased: true ends with the membership', () => {
  const endsWith = (fields: Fields) => {
    const parsed = parsePolicy({ ...valid, ...fields });
    return parsed.ok && parsed.policy.effect === 'allow' ? parsed.policy.endsWith : parsed;
  };
  expect(endsWith({})).toBeUndefined();
  expect(endsWith({ endsWith: ['hours', 'policy'] })).toEqual(['policy', 'hours']);
  expect(endsWith({ leased: true })).toEqual(['membership']);
  expect(problemsOf({ ...asDeny, endsWith: ['policy'] })[0]).toContain('endsWith');
});

test.each<[string, Fields, string]>([
  ['an unknown endsWith', { endsWith: ['group'] }, 'endsWith[0] must be policy, membership, hours'],
  ['a misspelt field', { acounts: ['1'] }, 'acounts is not a field; did you mean accounts?'],
  ['a field of another tool', { priority: 3 }, 'priority is not a field'],
  [
    'a misspelt field of the approval',
    { approval: { approvers: ['group:Leads'], counts: 2 } },
    'approval.counts is not a field; did you mean count?',
  ],
  [
    'a misspelt field of the hours',
    { hours: { timezone: 'UTC' } },
    'hours.timezone is not a field; did you mean timeZone?',
  ],
  ['a misspelt effect', { effect: 'Allow' }, 'effect must be allow, deny or require, not "Allow"'],
  ['no effect', { effect: undefined }, 'effect is missing: write allow, deny or require'],
  ['an empty who', { who: [] }, 'who must list at least one of everyone,'],
  ['no who', { who: undefined }, 'who must list at least one of everyone,'],
  [
    'a who without a prefix',
    { who: ['ana@example.com'] },
    'who[0] must be everyone, user:<id, user name or e-mail> or group:<id or name>, not "ana@example.com"',
  ],
  ['a who with an empty name', { who: ['everyone', 'group:'] }, 'who[1] must be'],
  ['spaces around a name', { who: ['group: SRE'] }, 'who[0] must be'],
  ['an account id that is too short', { accounts: ['1234'] }, 'accounts[0] must be a 12-digit account id in quotes'],
  [
    'an account id that lost its zero',
    { accounts: [11122223333] },
    'accounts[0] must be a 12-digit account id in quotes',
  ],
  ['a unit by name', { accounts: ['ou:Production'] }, 'accounts[0] must be'],
  ['a tag without a value', { accounts: ['tag:env'] }, 'accounts[0] must be'],
  [
    'no accounts in an allow',
    { accounts: undefined },
    'accounts is missing beside permissionSets; every account is "*"',
  ],
  [
    'no permission sets in an allow',
    { permissionSets: undefined },
    'permissionSets is missing beside accounts; every permission set is "*"',
  ],
  [
    'neither accounts nor permission sets in an allow',
    { accounts: undefined, permissionSets: undefined },
    'an allow needs accounts and permissionSets, or groups',
  ],
  [
    'groups beside accounts',
    { groups: ['OnCall'] },
    'groups cannot be combined with accounts or permissionSets; write two policies',
  ],
  [
    'a prefix where only groups can be',
    { accounts: undefined, permissionSets: undefined, groups: ['group:OnCall'] },
    'groups[0] must be the id or name of a group (without "group:")',
  ],
  [
    'the ARN of something else',
    { permissionSets: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
    'permissionSets[0] must be the name or ARN of a permission set',
  ],
  [
    'a length without unit',
    { maxDuration: '4' },
    'maxDuration must be a duration with a unit and at most 180d, such as "4h", "30m" or "1d", not "4"',
  ],
  ['a length as a number', { maxDuration: 4 }, 'maxDuration must be a duration with a unit'],
  ['a length of zero', { maxDuration: '0h' }, 'maxDuration must be a duration with a unit'],
  ['a length of years', { maxDuration: '400d' }, 'at most 180d'],
  [
    'a count of zero',
    { approval: { approvers: ['group:Leads'], count: 0 } },
    'approval.count must be a whole number of at least 1, not 0',
  ],
  [
    'a fractional count',
    { approval: { approvers: ['group:Leads'], count: 1.5 } },
    'approval.count must be a whole number of at least 1, not 1.5',
  ],
  [
    'a count as text',
    { approval: { approvers: ['group:Leads'], count: '2' } },
    'approval.count must be a whole number of at least 1, not "2"',
  ],
  [
    'a count nobody can reach',
    { approval: { approvers: ['user:a', 'user:b'], count: 3 } },
    'approval.count must be at most 2, the number of approvers it names, not 3',
  ],
  [
    'a count above 20',
    { approval: { approvers: ['group:Leads'], count: 21 } },
    'approval.count must be at most 20, not 21',
  ],
  ['an approval without approvers', { approval: { count: 1 } }, 'approval.approvers must list at least one of'],
  ['everyone as approver', { approval: { approvers: ['everyone'] } }, 'approval.approvers[0] must be user:'],
  [
    'an approval that is no map',
    { approval: true },
    'approval must be a map with approvers, count, self, expires, remind, escalate, not true',
  ],
  [
    'an escalation after the expiry',
    { approval: { approvers: ['group:L'], expires: '1h', escalate: { after: '2h', to: ['group:D'] } } },
    'approval.escalate.after must be shorter than approval.expires',
  ],
  [
    'an escalation to nobody',
    { approval: { approvers: ['group:L'], escalate: { after: '2h' } } },
    'approval.escalate.to must list at least one of',
  ],
  [
    'a reason of no length',
    { reason: { minLength: 0 } },
    'reason.minLength must be a whole number of at least 1, not 0',
  ],
  ['a reason that is no map', { reason: true }, 'reason must be a map with minLength, not true'],
  [
    'a pattern that is no regular expression',
    { ticket: { pattern: '(' } },
    'ticket.pattern must be a regular expression',
  ],
  [
    'a pattern that cannot be matched in linear time',
    { ticket: { pattern: '(?=a)b' } },
    'ticket.pattern must be a regular expression without look-around',
  ],
  ['hours without a zone', { hours: { from: '08:00', to: '18:00' } }, 'hours.timeZone must be the name of a time zone'],
  [
    'a time zone that does not exist',
    { hours: { timeZone: 'Europe/Berln' } },
    'hours.timeZone must be the name of a time zone, such as Europe/Berlin or UTC, not "Europe/Berln"',
  ],
  [
    'an offset as time zone, which has no summer time',
    { hours: { timeZone: '+02:00' } },
    'hours.timeZone must be the name of a time zone',
  ],
  ['hours with one end', { hours: { from: '08:00', timeZone: 'UTC' } }, 'hours must have both from and to, or neither'],
  ['hours of no length', { hours: { from: '08:00', to: '08:00', timeZone: 'UTC' } }, 'hours.to is the same as from'],
  [
    'a time of day that does not exist',
    { hours: { from: '8:00', to: '25:00', timeZone: 'UTC' } },
    'hours.from must be a time of day in quotes',
  ],
  [
    'a day of the week that is unknown',
    { hours: { days: ['monday'], timeZone: 'UTC' } },
    'hours.days[0] must be mon, tue, wed, thu, fri, sat or sun, not "monday"',
  ],
  ['no days', { hours: { days: [], timeZone: 'UTC' } }, 'hours.days must list at least one of'],
  ['break glass as text', { breakGlass: 'yes' }, 'breakGlass must be true or false, not "yes"'],
  [
    'a length in a deny',
    { ...asDeny, maxDuration: '1h' },
    'maxDuration has no meaning in a policy with effect deny; remove it',
  ],
  [
    'an approval in a deny',
    { ...asDeny, approval: { approvers: ['group:L'] } },
    'approval has no meaning in a policy with effect deny; remove it',
  ],
  [
    'break glass in a require',
    { ...asRequire, breakGlass: true },
    'breakGlass has no meaning in a policy with effect require; remove it',
  ],
  [
    'a reminder in a require',
    { ...asRequire, approval: { count: 1, remind: '5m' } },
    'approval.remind has no meaning in a policy with effect require; remove it',
  ],
  [
    'a require with self: true',
    { ...asRequire, approval: { self: true } },
    'approval.self can only be false: a require takes away, it never allows, not true',
  ],
  [
    'a require of nothing',
    { ...asRequire, maxDuration: undefined, reason: undefined, ticket: undefined },
    'a require must require something: maxDuration, cooldown, perDay, reason, ticket or approval',
  ],
  [
    'a require with an empty approval',
    { ...asRequire, approval: {} },
    'approval must say approvers, count or self: false',
  ],
  [
    'a require with an empty approval for leased members',
    { ...asRequire, approval: {}, leased: true },
    'approval must say approvers, count or self: false',
  ],
  [
    'a name with spaces',
    { name: 'prod admin' },
    'name must be 1 to 100 letters, digits, dots, dashes or underscores, not "prod admin"',
  ],
])('%s is an error that names the policy, the field and the fix', (_what, change, problem) => {
  const problems = problemsOf(change);
  const title = change.name === undefined ? 'policy "prod-admin": ' : 'policy "prod admin": ';
  expect(problems.some((text) => text.startsWith(`${title}${problem}`) || text.includes(problem))).toBe(true);
  for (const text of problems) expect(text.startsWith(title)).toBe(true);
});

test('everything that is wrong with a policy is told at once', () => {
  expect(problemsOf({ who: [], maxDuration: '4', acounts: [] })).toHaveLength(3);
});

test.each([null, 'allow', 7, ['name']])('%j is no policy', (raw) => {
  const parsed = parsePolicy(raw);
  expect(parsed.ok ? [] : parsed.problems).toEqual([expect.stringContaining('must be a map of fields')]);
});

test('an item as the console writes it, with string sets, is read like the file', () => {
  const item = {
    ...(allow({ name: undefined }) as Fields),
    id: 'policy#sets',
    who: new Set(['group:SRE']),
    accounts: new Set(['*']),
  };
  const { name: _name, ...stored } = item as Fields;
  const policySet = parsePolicySet([stored as { id: string }]);
  expect(policySet.unreadable).toEqual([]);
  expect(policySet.policies.map(({ name }) => name)).toEqual(['sets']);
});

test('an item that carries another name than its id is no policy', () => {
  const policySet = parsePolicySet([{ ...(deny() as Fields), id: 'policy#other' }]);
  expect(policySet.unreadable[0]?.problems[0]).toContain('name must equal the name in its id, "other", not "deny"');
});

test('a policy without a readable name still refuses what it might cover', () => {
  const policySet = policySetOf([{ effect: 'deny', who: ['everyone'] }, 'nonsense', null]);
  expect(policySet.unreadable.map(({ effectGuess }) => effectGuess)).toEqual(['deny', 'unknown', 'unknown']);
});

test('records that are no policies are neither policies nor unreadable ones', () => {
  expect(parsePolicySet([{ id: 'principal#U1', ssoPrincipal: 'x' }, { id: 'access#1#2#3' }])).toMatchObject({
    policies: [],
    unreadable: [],
  });
});

test.each([
  ['who', 'group:SRE\u200b', 'U+200B'],
  ['who', 'group:\u200eSRE', 'U+200E'],
  ['who', 'group:S\u00adRE', 'U+00AD'],
  ['who', 'group:On\u00a0Call', 'U+00A0'],
  ['who', 'group:SRE\ufe0f', 'U+FE0F'],
  ['who', 'group:SRE\u{e0100}', 'U+E0100'],
  ['who', 'group:S\u2065RE', 'U+2065'],
  ['who', 'group:SRE\u2800', 'U+2800'],
  ['who', 'user:an\u180ba', 'U+180B'],
  ['who', 'user:an\u17b4a', 'U+17B4'],
  ['who', 'group:SRE\u{16fe4}', 'U+16FE4'],
  ['who', 'group:SRE\u{13441}', 'U+13441'],
  ['groups', 'SRE\ufe0f', 'U+FE0F'],
  ['accounts', 'tag:env=prod\u200b', 'U+200B'],
  ['who', 'group:SRE, group:Developers', 'several items'],
  ['who', 'group:SRE;user:ana@example.com', 'several items'],
  ['who', 'group:SRE,everyone', 'several items'],
  ['accounts', 'tag:env=prod, tag:env=test', 'several items'],
  ['accounts', 'tag:env=prod,123456789012', 'several items'],
])('a deny whose %s holds %j cannot be read, and refuses instead of forbidding nothing', (field, item, why) => {
  for (const written of [item, [item]]) {
    const { unreadable, policies } = policySetOf([{ name: 'no', effect: 'deny', who: ['everyone'], [field]: written }]);
    expect(policies).toEqual([]);
    expect(unreadable).toMatchObject([{ effectGuess: 'deny', problems: [expect.stringContaining(why)] }]);
  }
});

test('no invisible character of Unicode gets into a deny, which would then match nobody', () => {
  const parses = (item: string) => policySetOf([{ name: 'no', effect: 'deny', who: [item] }]).policies.length > 0;
  const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?![ \u3000])\p{Zs}/u;
  const passed: string[] = [];
  let tried = 0;
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    if (!unseen.test(character)) continue;
    tried += 1;
    if (parses(`group:S${character}RE`)) passed.push(code.toString(16));
  }
  expect(passed).toEqual([]);
  expect(tried).toBeGreaterThan(4000);
  for (const letter of 'aZ0é漢Жא한กक-_.@&') expect([letter, parses(`group:S${letter}RE`)]).toEqual([letter, true]);
});

test('a group name may have commas and spaces', () => {
  const who = ['group:Ops, Europe', 'group:On Call', 'group:運用　部'];
  expect(policySetOf([{ name: 'no', effect: 'deny', who }]).unreadable).toEqual([]);
});
