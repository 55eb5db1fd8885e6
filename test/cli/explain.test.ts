import type { LiveStores } from '../../cli/terminal/io.ts';
import { run } from './run.ts';

const files = {
  'policies.yaml': `
- name: admin-production
  effect: allow
  who: [group:SRE]
  accounts: ["ou:ou-prod"]
  permissionSets: [AdministratorAccess]
  maxDuration: 1h
  approval: { approvers: [group:Leads] }
- name: no-contractors
  effect: deny
  who: [group:Contractors]
`,
  'more.yaml': `
policies:
  - { name: read, effect: allow, who: [everyone], accounts: ["*"], permissionSets: [ReadOnlyAccess], maxDuration: 2h, reason: { minLength: 5 } }
  - { name: oncall, effect: allow, who: [group:SRE], groups: [OnCall], maxDuration: 8h }
`,
  'directory.yaml': `
users:
  - { id: user-ana, userName: ana, email: ana@example.com, enabled: true, groups: [group-sre] }
  - { id: user-ben, userName: ben, email: Shared@example.com, enabled: true, groups: [] }
  - { id: user-cleo, userName: cleo, email: cleo@example.com, enabled: true, groups: [group-leads] }
  - { id: user-dan, userName: dan, email: dan@example.com, enabled: true, groups: [group-leads, group-contractors] }
  - { id: user-gone, userName: gone, email: gone@example.com, enabled: false, groups: [group-sre] }
  - { id: user-two, userName: shared@example.com, email: two@example.com, groups: [] }
groups:
  - { id: group-sre, name: SRE }
  - { id: group-leads, name: Leads }
  - { id: group-oncall, name: OnCall }
  - { id: group-contractors, name: Contractors }
accounts:
  - { id: 123456789012, name: Production, ou: [r-root, ou-prod], tags: { env: prod } }
  - { id: "234567890123", name: Staging, ou: [r-root], tags: {} }
permissionSets:
  - { arn: "arn:aws:sso:::permissionSet/ssoins-12345/ps-admin", name: AdministratorAccess }
  - { arn: "arn:aws:sso:::permissionSet/ssoins-12345/ps-read", name: ReadOnlyAccess }
`,
  'records.json': JSON.stringify([
    {
      id: { S: 'access#123456789012#AdministratorAccess#arn:aws:sso:::permissionSet/ssoins-12345/ps-admin' },
      principals: { SS: ['user-ben'] },
    },
  ]),
  'plain.json': JSON.stringify([
    { id: 'access#123456789012#arn:aws:sso:::permissionSet/ssoins-12345/ps-admin#user-ben' },
  ]),
  'broken.yaml': '- name: x\n  effect: alow\n  who: [everyone]\n',
  'twice.yaml': '- { name: x, effect: deny, who: [everyone] }\n- { name: x, effect: deny, who: [everyone] }\n',
  'no.yaml': 'a: [',
  'text.yaml': 'hello',
};

const base = 'policy explain --file policies.yaml --directory directory.yaml';
const admin = `${base} --user ana@example.com --account 123456789012 --permission-set AdministratorAccess --duration 1h --at 2026-01-05T09:00:00Z`;
const explain = (line: string) => run(line, { files });
const explainJson = async (line: string) => {
  const { code, out } = await run(`${line} --json`, { files });
  return { code, ...(JSON.parse(out) as Record<string, unknown>) };
};

test('a request that needs approval names the approvers, in the documented JSON form, with exit code 3', async () => {
  expect(await explainJson(admin)).toEqual({
    code: 3,
    outcome: 'needs-approval',
    reason: 'Policy "admin-production" allows this for up to 1h after 1 more approval.',
    path: 'admin-production',
    approvals: [{ policy: 'admin-production', count: 1, approvers: ['user-cleo', 'user-dan'] }],
    maxDuration: 'PT1H',
    policies: [
      { name: 'admin-production', effect: 'allow', matched: true, why: 'allows it for up to 1h after 1 approval' },
      { name: 'no-contractors', effect: 'deny', matched: false, why: 'does not name this person' },
    ],
  });
});

test('the vote of an approver, given with --vote, is counted: granted, with exit code 0', async () => {
  expect(await explainJson(`${admin} --vote cleo=approve`)).toMatchObject({
    code: 0,
    outcome: 'granted',
    approvals: [],
  });
});

test('the denial of an approver refuses the request, with exit code 4', async () => {
  expect(await explainJson(`${admin} --vote cleo=deny`)).toMatchObject({
    code: 4,
    outcome: 'refused',
    reason: 'Denied by user-cleo, who may approve this.',
  });
});

test('a vote that does not count is listed with its reason, also when the voter is unknown or ambiguous', async () => {
  expect(
    await explainJson(
      `${admin} --vote ben=approve --vote ana=approve --vote zoe=approve --vote shared@example.com=approve`,
    ),
  ).toMatchObject({
    code: 3,
    refusedVotes: [
      { user: 'user-ben', reason: 'not-approver' },
      { user: 'user-ana', reason: 'own-request' },
      { user: 'zoe', reason: 'principal-not-found' },
      { user: 'shared@example.com', reason: 'ambiguous-identity' },
    ],
  });
});

test.each(['user-ana', 'ana', 'ANA', 'Ana@Example.com'])('the person may be named %s', async (user) => {
  expect((await explainJson(admin.replace('ana@example.com', user))).code).toBe(3);
});

test('an account may be named by its name, and a permission set by its ARN', async () => {
  const line = `${base} --user ana --account Production --permission-set arn:aws:sso:::permissionSet/ssoins-12345/ps-admin`;
  expect((await explainJson(line)).code).toBe(3);
});

test('explain answers for a group membership, with policies from several files', async () => {
  const line = 'policy explain --file policies.yaml more.yaml --directory directory.yaml --user ana --group OnCall';
  expect(await explainJson(line)).toMatchObject({ code: 0, outcome: 'granted', path: 'oncall', maxDuration: 'PT8H' });
});

test('a duration that is too long is refused with the longest that would be allowed', async () => {
  expect(await explainJson(admin.replace('1h', '2h'))).toMatchObject({
    code: 4,
    refusal: 'too-long',
    maxDuration: 'PT1H',
    nearest: 'up to 1h, by policy admin-production',
  });
});

test('a request without the reason that a policy demands is refused for that', async () => {
  const line =
    'policy explain --file more.yaml --directory directory.yaml --user ben --account Staging --permission-set ReadOnlyAccess';
  expect(await explainJson(line)).toMatchObject({ code: 4, refusal: 'reason-required' });
  const { code } = await run([...line.split(' '), '--reason', 'looking at the logs'], { files });
  expect(code).toBe(0);
});

test.each([
  ['spaces', ' \u00a0\u2003 \u3000 '],
  ['dots', '..........'],
  ['emoji', '\u{1f525}\u{1f525}\u{1f525}\u{1f525}\u{1f525}\u{1f525}'],
  ['invisible characters', '\u200b\u2060\ufeff\u00ad\u200d\u180e'],
  ['Hangul fillers, which Unicode counts as letters,', '\u3164\uffa0\u115f\u1160\u3164\u3164\u3164'],
  ['blank hieroglyphs', '\u{13441}\u{13442}\u{13441}\u{13442}\u{13441}'],
  ['combining accents without letters', '\u0301\u0301\u0301\u0301\u0301\u0301'],
  ['four letters among such characters', 'a.b\u3164 c\u200b..d'],
])('%s are not counted as a reason of five letters or digits', async (_what, reason) => {
  const line =
    'policy explain --file more.yaml --directory directory.yaml --user ben --account Staging --permission-set ReadOnlyAccess';
  const asked = async (text: string) => (await run([...line.split(' '), '--reason', text], { files })).code;
  expect(await asked(reason)).toBe(4);
  expect(await asked(`${reason}ログ1確認`)).toBe(0);
});

test.each(['records.json', 'plain.json'])('an access record in %s grants without approval', async (records) => {
  const line = `${base} --records ${records} --user ben --account Production --permission-set AdministratorAccess`;
  expect(await explainJson(line)).toMatchObject({ code: 0, outcome: 'granted' });
});

test('a name that means two users is refused, and so is a disabled user', async () => {
  expect(await explainJson(admin.replace('ana@example.com', 'shared@example.com'))).toMatchObject({
    code: 4,
    refusal: 'ambiguous-identity',
  });
  expect(await explainJson(admin.replace('ana@example.com', 'gone'))).toMatchObject({
    code: 4,
    refusal: 'principal-disabled',
  });
});

test('without --json the decision is printed in words', async () => {
  const { out, code } = await explain(`${admin} --vote dan=approve`);
  expect(code).toBe(0);
  expect(out).toContain(
    'granted: Policy "admin-production" allows this for up to 1h, and the approvals it needs are given.\nlongest: 1h\n',
  );
});

test.each<[string, string]>([
  [admin.replace('ana@example.com', 'zoe'), 'there is no user zoe in the directory'],
  [admin.replace('123456789012', '000000000000'), 'there is no account 000000000000 in the directory'],
  [admin.replace('AdministratorAccess', 'Admin'), 'there is no permission set Admin in the directory'],
  [`${base} --user ana --group Nobody`, 'there is no group Nobody in the directory'],
  [`${base} --user ana`, 'name an account (and a permission set), or a group'],
  [`${base} --user ana --account Production`, 'name a permission set in the account'],
  [
    `${base} --user ana --account Production --group OnCall`,
    'name a group, or an account and a permission set, not both',
  ],
  [admin.replace('1h', '60'), 'duration must be a duration with a unit, such as 1h or 30m, not 60'],
  [
    admin.replace('2026-01-05T09:00:00Z', '2026-01-05'),
    'at must be an instant with its zone, such as 2026-01-05T09:00:00Z, not 2026-01-05',
  ],
  [admin.replace('2026-01-05T09:00:00Z', '2026-13-05T09:00:00Z'), 'at must be an instant with its zone'],
  [admin.replace('2026-01-05T09:00:00Z', '2026-02-31T09:00:00Z'), 'at must be an instant with its zone'],
  [`${admin} --vote cleo`, 'vote must be USER=approve or USER=deny, not cleo'],
  [`${admin} --vote cleo=maybe`, 'vote must be USER=approve or USER=deny, not cleo=maybe'],
  [admin.replace('policies.yaml', 'gone.yaml'), 'gone.yaml: there is no such file'],
  [admin.replace('policies.yaml', 'no.yaml'), 'no.yaml:1:5: is no YAML'],
  [admin.replace('policies.yaml', 'text.yaml'), 'text.yaml: must be a list of policies, or a map with policies'],
  [admin.replace('policies.yaml', 'broken.yaml'), 'policy "x": effect must be allow, deny or require, not "alow"'],
  [admin.replace('policies.yaml', 'twice.yaml'), 'policy "x": the name is used more than once'],
  [admin.replace('directory.yaml', 'text.yaml'), 'text.yaml: '],
  [admin.replace('--directory directory.yaml ', ''), 'say where people and accounts are known from'],
  [`${admin} --records text.yaml`, 'text.yaml: must be a list of records'],
  [`${admin} --colour red`, "unknown option '--colour'"],
  ['policy explain --file policies.yaml', "required option '--user <user>' not specified"],
  ['policy explode', "unknown command 'explode'"],
  ['policy', 'policy: name a command'],
])('%s prints one line that says what to fix, with exit code 2', async (line, problem) => {
  const { code, out, err } = await explain(line);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(problem);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
});

test('--help prints the options and is no error', async () => {
  const { code, out, err } = await explain('policy explain --help');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('--vote <user=vote>');
});

describe('time for which the person has held the access already', () => {
  const HELD = '--held 2026-01-05T08:30:00Z/2026-01-05T09:30:00Z';
  const approved = `${admin} --vote cleo=approve`;

  test('reduces how long a new request may last, as it does in Slack', async () => {
    // The hold may last 1 h from 8:30: at 9:00 half an hour is left, which the running access has already.
    expect(await explainJson(`${approved} ${HELD}`)).toMatchObject({
      code: 4,
      refusal: 'hold-limit',
      held: { current: { startedAt: '2026-01-05T08:30:00.000Z', endsAt: '2026-01-05T09:30:00.000Z' }, past: [] },
    });
    const shorter = approved.replace('--duration 1h', '--duration 15m');
    expect(await explainJson(`${shorter} ${HELD}`)).toMatchObject({ code: 0, maxDuration: 'PT30M' });
    expect(await explainJson(`${shorter} ${HELD} --extends`)).toMatchObject({ code: 4, refusal: 'hold-limit' });
  });

  test('is printed in words, with what explain did not look at', async () => {
    const { out } = await explain(`${approved} ${HELD}`);
    expect(out).toContain('held: since 2026-01-05T08:30:00.000Z, until 2026-01-05T09:30:00.000Z\n');
    expect(out).toContain('30m is left');
    expect((await explain(approved)).out).toMatch(/not looked at: .*--max-duration.*; .*--held.*frozen/);
  });

  test.each([
    ['--held yesterday', 'held must be START/END'],
    ['--held 2026-01-05T09:30:00Z/2026-01-05T08:30:00Z', 'the end later'],
    ['--extends', 'no access that lasts'],
  ])('in a wrong form (%s) is answered with the right form', async (option, words) => {
    const { code, err } = await explain(`${approved} ${option}`);
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  });

  describe('in a deployment', () => {
    const line = approved.replace(' --file policies.yaml', '');
    const policies = [
      {
        id: 'policy#admin',
        effect: 'allow',
        who: ['group:SRE'],
        accounts: ['*'],
        permissionSets: ['AdministratorAccess'],
        maxDuration: '1h',
      },
    ];
    const table = {
      list: async () => [],
      policiesAndStrays: async () => policies,
      apply: async () => ({ applied: false as const, changedMeanwhile: [] }),
    };
    const stop = { by: 'cli:olga', at: '2026-01-05T08:00:00.000Z', reason: 'an incident' };

    test('is read from the request table', async () => {
      const current = { accessId: 'req-1', startedAt: '2026-01-05T08:15:00.000Z', endsAt: '2026-01-05T09:15:00.000Z' };
      const asked: unknown[] = [];
      const live = {
        held: async (...input: unknown[]) => {
          asked.push(input);
          return { current, past: [], isExtension: false };
        },
      };
      const { code, out } = await run(`${line} --json`, { files, table, live });
      expect([code, JSON.parse(out)]).toMatchObject([
        4,
        { refusal: 'hold-limit', notLookedAt: [expect.stringContaining('--max-duration')] },
      ]);
      const arn = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-admin';
      expect(asked).toEqual([['user-ana', { accountId: '123456789012', permissionSetArn: arn }, false]]);
    });

    test('includes what other Identity Center users of the same person have held', async () => {
      const person = { id: 'person#ana', principals: ['user-ana', 'user-zana'] };
      const both = { ...table, policiesAndStrays: async () => [...policies, person] };
      const other = { accessId: 'req-1', startedAt: '2026-01-05T08:15:00.000Z', endsAt: '2026-01-05T09:15:00.000Z' };
      const live: Partial<LiveStores> = {
        held: async (id) => ({ past: [], isExtension: false, ...(id === 'user-zana' ? { current: other } : {}) }),
      };
      const { code, out } = await run(`${line} --json`, { files, table: both, live });
      const { startedAt, endsAt } = other;
      expect([code, JSON.parse(out)]).toMatchObject([
        4,
        { refusal: 'hold-limit', held: { past: [], withOtherUsers: [{ startedAt, endsAt }] } },
      ]);
      const words = (await run(line, { files, table: both, live })).out;
      expect(words).toContain(`held with another user: ${startedAt} to ${endsAt}\n`);
    });

    test('prints no text of others as a line of its own, nor what would move the cursor or reorder the text', async () => {
      const fake = '\u000b\f\u0085\u2028\u2029\u001b[2J\u202e\r\ngranted: yes';
      const current = { accessId: 'req-1', startedAt: '2026-01-05T08:30:00Z', endsAt: `2026-01-05T09:30:00Z${fake}` };
      const directory = files['directory.yaml'].replace('userName: ana,', `userName: ${JSON.stringify(`ana${fake}`)},`);
      const live: Partial<LiveStores> = { held: async () => ({ past: [], isExtension: false, current }) };
      const { out } = await run(line, { files: { ...files, 'directory.yaml': directory }, table, live });
      expect(out).toContain('held: since 2026-01-05T08:30:00Z');
      expect(out).not.toMatch(/^granted: yes|[^\P{C}\n]|[\u2028\u2029]/mu);
    });

    test('says what an administrator gave them beside Glasshammer, and that it could not be said', async () => {
      const nobody = new Set<string>();
      const told = async (live: Partial<LiveStores>) => {
        const outside = { files, table, live };
        const [json, words] = [await run(`${line} --json`, outside), await run(line, outside)];
        return { ...JSON.parse(json.out), words: words.out };
      };
      const direct = await told({ assigneesOf: async () => ({ users: new Set(['user-ana']), groups: nobody }) });
      expect(direct.heldOutside).toEqual({});
      expect(direct.words).toContain('held outside of Glasshammer: assigned to them, without an end\n');
      const group = await told({ assigneesOf: async () => ({ users: nobody, groups: new Set(['group-sre']) }) });
      expect(group.heldOutside).toEqual({ throughGroup: 'SRE' });
      expect(group.words).toContain('through the group SRE');
      const unknown = await told({ assigneesOf: async () => undefined });
      expect(unknown).not.toHaveProperty('heldOutside');
      expect(unknown.words).toMatch(/not looked at: .*outside of Glasshammer/);
      expect(await told({})).not.toHaveProperty('heldOutside');
    });

    test('the longest access that the stack was deployed with limits the answer, as in Slack, and the answer says so', async () => {
      const stacks = {
        Glasshammer: {
          status: 'UPDATE_COMPLETE',
          changedAt: '2026-01-01T00:00:00Z',
          outputs: { AccessTable: 'access', RequestTable: 'requests', LongestAccess: '30m' },
        },
      };
      const outside = { files, table, stacks };
      const { code, out } = await run(`${line} --stack Glasshammer --json`, outside);
      expect([code, JSON.parse(out)]).toMatchObject([
        4,
        { refusal: 'too-long', maxDuration: 'PT30M', longestDeployed: 'PT30M', notLookedAt: [] },
      ]);
      const told = (await run(`${line} --stack Glasshammer`, outside)).out;
      expect(told).toContain('deployed: 30m is the longest access anybody gets\n');
      expect(told).not.toContain('not looked at');
      // --max-duration replaces the deployed limit, and the answer then names no deployed limit.
      const written = await run(`${line} --stack Glasshammer --max-duration 45m --json`, outside);
      expect(JSON.parse(written.out)).toMatchObject({ maxDuration: 'PT45M' });
      expect(JSON.parse(written.out)).not.toHaveProperty('longestDeployed');
      // The environment names the tables, so that the stack is read for the longest access only.
      const env = { ACCESS_TABLE: 'access', REQUEST_TABLE: 'requests', GLASSHAMMER_STACK: 'Glasshammer' };
      expect(JSON.parse((await run(`${line} --json`, { ...outside, env })).out)).toMatchObject({
        maxDuration: 'PT30M',
      });
      // With policies from a file, the longest access of the deployment does not apply.
      expect((await run(`${approved} --json --max-duration 1h`, { ...outside, env })).code).toBe(0);
      expect((await run(`${approved} --json`, { ...outside, env })).code).toBe(0);
    });

    test('a stack too old to have its longest access as an output: the answer says that this was not looked at', async () => {
      const outputs = { AccessTable: 'access', RequestTable: 'requests' };
      const stacks = { Old: { status: 'CREATE_COMPLETE', changedAt: '2026-01-01T00:00:00Z', outputs } };
      for (const env of [{}, { ...{ ACCESS_TABLE: 'access', REQUEST_TABLE: 'requests' }, GLASSHAMMER_STACK: 'Old' }]) {
        const named = Object.keys(env).length === 0 ? `${line} --stack Old --json` : `${line} --json`;
        const { code, out } = await run(named, { files, table, stacks, env });
        expect([code, JSON.parse(out)]).toMatchObject([
          0,
          { notLookedAt: [expect.stringContaining('--max-duration')] },
        ]);
      }
    });

    test.each([
      ['frozen', { frozen: async () => stop }, /Grants are frozen since .* by cli:olga: an incident/],
      ['locked', { locked: async () => stop }, /locked out since .* by cli:olga: an incident/],
    ])('a request is refused as %s, with the operator who did it and the reason', async (refusal, live, words) => {
      const { code, out } = await run(`${line} --json`, { files, table, live });
      expect([code, JSON.parse(out)]).toMatchObject([4, { refusal, reason: expect.stringMatching(words) }]);
    });
  });
});
