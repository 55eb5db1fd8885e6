import { checkPolicies } from '../../../../core/policy/authoring/check.ts';
import { parseOrganization } from '../../../../core/policy/authoring/organization.ts';
import { policySetOf } from '../../../../core/policy/records/policy-set.ts';
import { allow, allowAfter, demand, deny, MONDAY_MORNING, record, STAGING, WORLD } from '../world.ts';

const check = (policies: readonly object[], records = [] as ReturnType<typeof record>[]) =>
  checkPolicies(policySetOf(policies), records, WORLD, MONDAY_MORNING).map(
    ({ severity, text }) => `${severity}: ${text}`,
  );
const without = (findings: readonly string[], kind: string) => findings.filter((finding) => !finding.startsWith(kind));

test('sound policies have no findings', () => {
  expect(check([allowAfter({}, { who: ['group:SRE'], maxDuration: '1h' })])).toEqual([]);
});

test('names of users, groups, accounts and permission sets that do not exist are errors, each with its field', () => {
  const findings = check([
    allow({
      who: ['user:zoe', 'group:Sre', 'user:twin@example.com'],
      accounts: ['111111111111', 'ou:ou-gone', 'tag:env=production', '*'],
      permissionSets: ['Admin', '*'],
      approval: { approvers: ['group:Leads', 'user:yan'], escalate: { after: '1h', to: ['group:Bosses'] } },
    }),
  ]);
  expect(without(without(findings, 'warning'), 'note')).toEqual([
    'error: policy "allow": who: there is no user zoe',
    'error: policy "allow": who: twin@example.com is more than one user (twin-1, twin-2); name the id',
    'error: policy "allow": who: there is no group Sre; did you mean SRE?',
    'error: policy "allow": approval.approvers: there is no user yan',
    'error: policy "allow": approval.escalate.to: there is no group Bosses',
    'error: policy "allow": accounts: there is no account 111111111111',
    'error: policy "allow": accounts: no account is in a unit ou-gone',
    'error: policy "allow": accounts: no account carries the tag env=production',
    'error: policy "allow": permissionSets: there is no permission set Admin',
  ]);
});

test('an account that a policy covers and the configuration excludes is reported, also if it is covered by * or a unit', () => {
  const here = ({ policies, isGiven }: { policies: readonly object[]; isGiven?: (id: string) => boolean }) =>
    checkPolicies(policySetOf(policies), [], WORLD, MONDAY_MORNING, isGiven)
      .filter(({ text }) => text.includes('configuration'))
      .map(({ severity, text }) => `${severity}: ${text}`);
  const isGiven = (id: string) => id !== STAGING;
  const nothing = 'the configuration gives nobody access in Staging (234567890123), whatever it says';
  expect(here({ policies: [allow({ accounts: ['*'] })], isGiven })).toEqual([`note: policy "allow": ${nothing}`]);
  expect(here({ policies: [allow({ accounts: [STAGING] })], isGiven })).toEqual([
    `warning: policy "allow": ${nothing}`,
  ]);
  expect(here({ policies: [allow({ accounts: ['tag:env=prod'] }), deny({ accounts: ['*'] })], isGiven })).toEqual([]);
  // Without a configuration the check cannot name these accounts, but says that there may be some.
  expect(here({ policies: [allow({ accounts: ['*'] }), allow({ name: 'b', accounts: ['*'] })] })).toEqual([
    'note: policies allow, b: * is without the account Glasshammer runs in and the management account, unless the configuration includes them; --config FILE tells',
  ]);
  expect(here({ policies: [allow({ accounts: [STAGING] })] })).toEqual([]);
});

test('two policies of one name are an error: in the table the second would overwrite the first', () => {
  expect(check([deny(), deny()])).toContain(
    'error: policy "deny": the name is used more than once; each policy needs its own',
  );
});

test('a policy that cannot be parsed is an error, and the rest is checked all the same', () => {
  const findings = check([allow({ maxDuration: '4' }), deny({ name: 'b', who: ['group:Nobody'] })]);
  expect(findings.filter((finding) => finding.startsWith('error'))).toHaveLength(2);
});

test('a policy that can never apply is a warning', () => {
  expect(check([deny({ who: ['group:Empty'] })])).toEqual([
    'warning: policy "deny" never matches: nobody is meant by its who',
  ]);
  expect(check([allowAfter({}, { name: 'shadowed' }), deny({ accounts: ['ou:ou-prod'] })])).toEqual([
    'warning: policy "shadowed" never allows anything: policy "deny" denies all of it',
  ]);
});

test('a policy that a deny covers only at certain hours is no warning', () => {
  expect(check([allowAfter({}, { who: ['user:ana'] }), deny({ hours: { days: ['fri'], timeZone: 'UTC' } })])).toEqual(
    [],
  );
});

test('an approval that nobody, too few people or only the requester could give is a warning', () => {
  expect(check([allowAfter({ approvers: ['group:Empty', 'group:Leavers'] })])).toEqual([
    'warning: policy "allow": approval.approvers: group:Empty has nobody who can vote',
    'warning: policy "allow": approval.approvers: group:Leavers has nobody who can vote',
    'warning: policy "allow": it needs 1 approval, but only 0 can be given',
  ]);
  expect(check([allowAfter({ approvers: ['group:Security'] }, { who: ['group:Security', 'user:ana'] })])).toEqual([
    'warning: policy "allow": nobody but eve could approve a request of eve',
  ]);
  expect(check([allowAfter({ count: 3 })])).toEqual([
    'warning: policy "allow": it needs 3 approvals, but only 2 can be given',
  ]);
});

test('an endsWith that can never take effect is reported', () => {
  const texts = (fields: Parameters<typeof allow>[0]) => check([allow(fields)]);
  expect(texts({ endsWith: ['hours', 'policy'] }).join()).toContain('endsWith names hours, but the policy has none');
  expect(texts({ who: ['everyone'], endsWith: ['membership'] }).join()).toContain('nobody ever leaves it');
  expect(texts({ endsWith: ['policy'] }).join()).not.toContain('endsWith');
});

test.each(['INC-[0-9]+', '^INC-1|CHG-2$', '^INC-1$|CHG-2$', '^INC-1\\$', '^(INC-1$)?', '(^)*INC-1$', '^', '^(|INC)'])(
  'a ticket pattern that any text around a ticket satisfies is told: %s',
  (pattern) => {
    expect(check([demand({ ticket: { pattern } })])).toEqual([expect.stringContaining('write ^( and )$ around it')]);
  },
);

test.each(['^(INC|CHG)-[0-9]+$', '^INC-1$|^CHG-2$', '(?:^INC-1|^CHG-2)$', '(^INC$)+', '^$'])(
  'a ticket pattern that only the whole ticket satisfies is not: %s',
  (pattern) => {
    expect(check([demand({ ticket: { pattern } })])).toEqual([]);
  },
);

test('a record without principals is a warning, a malformed one is an error', () => {
  const byName = { id: record('x').id.replace(/access#(\d+)#(.*)#x/, 'access#$1#AdministratorAccess#$2') };
  expect(check([], [byName, record('ana ')])).toEqual([
    expect.stringContaining('warning: access record'),
    expect.stringContaining('error: access record'),
  ]);
});

describe('an access record for a group that a policy lets people join is an error', () => {
  const join = (groups: string) => ({ name: 'join', effect: 'allow', who: ['user:ben'], groups: [groups] });
  const errors = (findings: readonly string[]) => findings.filter((finding) => finding.startsWith('error'));
  const chain = (id: string, group: string) =>
    `error: access record "${id}": it is for group:${group}, which policy "join" lets user:ben join, so a person who joins it gets nothing by that; name another group, or write a policy with leased: true in its place`;
  const byName = {
    id: record('x').id.replace(/access#(\d+)#(.*)#x/, 'access#$1#AdministratorAccess#$2'),
    principals: new Set(['ana', 'g-oncall', 'g-sre']),
  };

  test.each(['OnCall', 'g-oncall'])('if the policy names the group as %s, for either form of record', (group) => {
    const own = record('g-oncall');
    expect(errors(check([join(group)], [own, byName, record('g-dev'), record('ana')]))).toEqual([
      chain(own.id, 'OnCall'),
      chain(byName.id, 'OnCall'),
    ]);
  });

  test('but a warning if the policy lets people join every configured group, and nothing for a record of a user', () => {
    const own = record('g-oncall');
    const found = check([join('*')], [own, record('ana')]).filter((finding) => /^(error|warning)/.test(finding));
    expect(found).toEqual([
      chain(own.id, 'OnCall').replace('error', 'warning').replace('join,', 'join, if it is in the configuration,'),
    ]);
    expect(errors(check([], [own]))).toEqual([]);
  });

  test('also without a directory, if the policy has the group’s id', () => {
    const texts = (group: string) =>
      checkPolicies(policySetOf([join(group)]), [record('g-oncall')], undefined, MONDAY_MORNING);
    expect(texts('g-oncall').map(({ severity, text }) => `${severity}: ${text}`)).toEqual([
      chain(record('g-oncall').id, 'g-oncall'),
    ]);
    for (const unknown of ['OnCall', '*']) expect(texts(unknown)).toEqual([]);
  });
});

describe('the check notes who can have what with no second person', () => {
  const note = (text: string) => [expect.stringContaining(text)];

  test('by a policy without approval', () => {
    expect(check([allow({ who: ['group:SRE'] })])).toEqual(
      note(
        'note: with no second person: Ana can have AdministratorAccess in Production (123456789012) (policy "allow")',
      ),
    );
  });

  test('by a record', () => {
    expect(check([], [record('g-dev')])).toEqual(note('ben can have AdministratorAccess in Production'));
  });

  test('by breaking glass', () => {
    expect(check([allow({ who: ['user:ben'], breakGlass: true })])).toEqual(
      note('with no second person, by breaking glass: ben'),
    );
  });

  test('by approving their own request, and only those who can', () => {
    const findings = check([allowAfter({ self: true }, { who: ['everyone'] })]);
    expect(findings).toEqual(note('with no second person: cleo, dan can have'));
  });

  test('at any time of the week: hours are no second person', () => {
    expect(check([allow({ who: ['user:ben'], hours: { days: ['sun'], timeZone: 'UTC' } })])).toEqual(
      note('ben can have'),
    );
  });

  test('a reason and a ticket are no second person either', () => {
    expect(check([allow({ who: ['user:ben'], reason: { minLength: 20 }, ticket: { pattern: '^INC$' } })])).toEqual(
      note('ben can have'),
    );
  });

  test('nobody, where a requirement adds an approver', () => {
    expect(check([allow({ who: ['user:ben'] }), demand({ approval: { approvers: ['group:Security'] } })])).toEqual([
      'warning: policy "require": nobody but eve could approve a request of eve',
    ]);
  });

  test('groups that may be joined count too', () => {
    expect(check([{ name: 'join', effect: 'allow', who: ['user:ben'], groups: ['OnCall'] }])).toEqual(
      note('ben can have membership in OnCall'),
    );
  });
});

test('without a directory the names in policies are not checked', () => {
  const findings = checkPolicies(policySetOf([allow({ who: ['group:Nobody'] })]), [], undefined, MONDAY_MORNING);
  expect(findings).toEqual([]);
});

test('a require for an account that no policy opens has no findings', () => {
  expect(check([demand({ accounts: [STAGING], maxDuration: '1h' })])).toEqual([]);
});

test('the check lists users that count as one person, whether by their e-mail or by a record', () => {
  const parsed = parseOrganization({
    users: [
      { id: 'ana', userName: 'ana', email: 'ana@example.com' },
      { id: 'ana-2', userName: 'ana2', email: 'Ana@Example.com' },
      { id: 'ben', userName: 'ben' },
    ],
  });
  if ('problems' in parsed) throw new Error(parsed.problems.join('\n'));
  const records = [{ id: 'person#ben', principals: ['ben', 'ben-gone'] }];
  const texts = checkPolicies(policySetOf([]), records, parsed, MONDAY_MORNING).map(({ text }) => text);
  expect(texts).toEqual([
    expect.stringContaining('ana and ana-2 have the e-mail ana@example.com'),
    expect.stringContaining('ben and ben-gone count as one person'),
    expect.stringContaining('there is no user ben-gone'),
  ]);
  const hint = 'a person#… record makes them one for limits, too';
  expect(texts[0]).toContain(hint);
  const recorded = [{ id: 'person#ana', principals: ['ana', 'ana-2'] }];
  for (const { text } of checkPolicies(policySetOf([]), recorded, parsed, MONDAY_MORNING))
    expect(text).not.toContain(hint);
});

test('a person record that cannot be read is an error', () => {
  const records = [{ id: 'person#ben', principals: ['ben'] }];
  expect(checkPolicies(policySetOf([]), records, undefined, MONDAY_MORNING)).toMatchObject([{ severity: 'error' }]);
});
