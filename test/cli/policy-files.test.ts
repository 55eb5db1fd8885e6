import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { main } from '../../cli/main.ts';
import { nodeIo } from '../../cli/terminal/node-io.ts';
import { type Ran, run } from './run.ts';

const root = resolve(import.meta.dirname, '../..');
const examples = join(root, 'examples/policies');

/** Runs a command on the files of this repository. */
async function onFiles(...argv: readonly string[]): Promise<Ran> {
  let [out, err] = ['', ''];
  const io = { ...nodeIo(), now: () => new Date('2026-01-05T09:00:00Z') };
  const stdout = (text: string) => {
    out += text;
  };
  const stderr = (text: string) => {
    err += text;
  };
  return { code: await main(argv, { ...io, stdout, stderr }), out, err };
}

describe('the example policies', () => {
  test('pass their own cases', async () => {
    expect(await onFiles('policy', 'test', join(examples, 'cases.yaml'))).toEqual({
      code: 0,
      out: '20 cases and 2 never, 0 failed\n',
      err: '',
    });
  });

  test('have no errors, and the check lists who can have what without a second person', async () => {
    const { code, out, err } = await onFiles(
      'policy',
      'check',
      join(examples, 'policies.yaml'),
      '--directory',
      join(examples, 'directory.yaml'),
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('note: with no second person: ben can have PowerUserAccess in Staging (234567890123)');
    expect(out).toContain('by breaking glass: eva can have BreakGlassAdmin in Production');
    expect(out).toContain('10 policies, no errors, 2 warnings\n');
  });
});

describe('policy test', () => {
  const files = {
    '/team/policies.yaml':
      '- { name: p, effect: allow, who: [everyone], accounts: ["*"], permissionSets: ["*"], maxDuration: 1h }\n',
    '/team/directory.yaml':
      'users: [{ id: u, userName: ana }]\naccounts: [{ id: "123456789012", name: Prod }]\npermissionSets: [{ arn: "arn:aws:sso:::permissionSet/s/p", name: Admin }]\n',
    '/team/cases.yaml': `
policies: policies.yaml
directory: directory.yaml
cases:
  - { name: an hour is fine, user: ana, account: Prod, permissionSet: Admin, expect: { outcome: granted, path: p, maxDuration: 60m } }
  - { name: two hours wait for somebody, user: ana, account: Prod, permissionSet: Admin, duration: 2h, expect: { outcome: needs-approval, approvers: [u], reason: not-allowed } }
`,
  };

  test('prints the expected and the actual decision of each failed case, with exit code 1', async () => {
    expect(await run('policy test /team/cases.yaml', { files })).toEqual({
      code: 1,
      err: '',
      out: `/team/cases.yaml:6: failed: two hours wait for somebody
  outcome: expected needs-approval, came refused
  approvers: expected ana, came
  reason: expected not-allowed, came too-long
  it was told: Policy "p": 2h is longer than the 1h that it allows.
2 cases, 1 failed
`,
    });
  });

  test('counts a single case in the singular', async () => {
    const one = (files['/team/cases.yaml'] ?? '')
      .split('\n')
      .filter((line) => !line.includes('two hours'))
      .join('\n');
    const { out } = await run('policy test /team/cases.yaml', { files: { ...files, '/team/cases.yaml': one } });
    expect(out).toBe('1 case, 0 failed\n');
  });

  test.each<[string, string, string]>([
    [
      'an expectation with a misspelt field',
      'cases: [{ name: a, user: ana, expect: { outcom: granted } }]',
      'cases.yaml:1: cases[0].expect (a): outcom is not a field; did you mean outcome?',
    ],
    [
      'an unknown outcome',
      'cases:\n  - { name: a, user: ana, expect: { outcome: grant } }',
      'cases.yaml:2: cases[0].expect.outcome (a) must be granted, needs-approval or refused, not "grant"',
    ],
    ['a misspelt list of cases', 'case: []', 'cases.yaml:1: case is not a field; fields are policies, directory'],
    ['no cases', 'cases: []', 'cases.yaml: holds no case'],
    [
      'an unknown approver',
      'policies: policies.yaml\ndirectory: directory.yaml\ncases: [{ name: a, user: ana, account: Prod, permissionSet: Admin, expect: { outcome: granted, approvers: [annna] } }]',
      'cases.yaml:3: expect.approvers: there is no user annna',
    ],
    [
      'no policies',
      'directory: directory.yaml\ncases: [{ name: a, user: ana, expect: { outcome: granted } }]',
      'say which policies to test',
    ],
    [
      'a case about an unknown user',
      'policies: policies.yaml\ndirectory: directory.yaml\ncases: [{ name: a, user: zoe, account: Prod, permissionSet: Admin, expect: { outcome: granted } }]',
      'cases.yaml:3: case "a": there is no user zoe',
    ],
    [
      'an assertion about an unknown permission set, which could never fail,',
      'policies: policies.yaml\ndirectory: directory.yaml\nnever:\n  - { name: x, accounts: ["*"], permissionSets: [Admn] }',
      'cases.yaml:4: never "x": permissionSets: there is no permission set Admn',
    ],
    [
      'an assertion without a target',
      'policies: policies.yaml\ndirectory: directory.yaml\nnever:\n  - { name: x, who: [everyone] }',
      'cases.yaml:4: never "x": say what of: accounts, permissionSets or groups',
    ],
    [
      'an assertion with a malformed reference to people',
      'policies: policies.yaml\ndirectory: directory.yaml\nnever: [{ name: x, who: [SRE], groups: ["*"] }]',
      'cases.yaml:3: never "x": who[0] must be everyone, user:',
    ],
  ])('%s is refused as bad input', async (_what, cases, problem) => {
    const { code, err } = await run('policy test /team/cases.yaml', { files: { ...files, '/team/cases.yaml': cases } });
    expect(code).toBe(2);
    expect(err).toContain(problem);
  });
});

describe('the never assertions of policy test', () => {
  const scope = 'who: [everyone], accounts: ["*"], permissionSets: ["*"]';
  const files = {
    '/team/p.yaml': `- { name: free, effect: allow, who: [user:ana], accounts: ["*"], permissionSets: ["*"], hours: { days: [sun], timeZone: UTC } }
- { name: asked, effect: allow, ${scope}, approval: { approvers: [user:cleo] } }
`,
    '/team/d.yaml':
      'users: [{ id: u, userName: ana }, { id: b, userName: ben }, { id: c, userName: cleo }]\naccounts: [{ id: "123456789012", name: Prod }]\npermissionSets: [{ arn: "arn:aws:sso:::permissionSet/s/p", name: Admin }]\n',
  };
  const assertion = (never: string) =>
    run('policy test /team/c.yaml', {
      files: { ...files, '/team/c.yaml': `policies: p.yaml\ndirectory: d.yaml\nnever:\n  - ${never}\n` },
    });

  test('name each person who can have the access with no second person at any time of the week', async () => {
    expect(await assertion('{ name: nobody alone, permissionSets: [Admin] }')).toEqual({
      code: 1,
      err: '',
      out: `/team/c.yaml:4: failed: nobody alone
  ana can have Admin in Prod (123456789012) with no second person (policy "free")
0 cases and 1 never, 1 failed
`,
    });
  });

  test('allow access that needs an approval, unless they say at-all', async () => {
    const holds = { code: 0, err: '', out: '0 cases and 1 never, 0 failed\n' };
    expect(await assertion('{ name: ben, who: [user:ben], accounts: ["*"] }')).toEqual(holds);
    const { code, out } = await assertion('{ name: ben, who: [user:ben], accounts: ["*"], how: at-all }');
    expect(code).toBe(1);
    expect(out).toContain('  ben can have Admin in Prod (123456789012) (policy "asked")\n');
  });
});

describe('policy check', () => {
  const check = (text: string) => run('policy check policies.yaml', { files: { 'policies.yaml': text } });

  test('prints every error on a line of its own, with exit code 2', async () => {
    const { code, out, err } = await check(
      '- { name: a, effect: deny, who: [] }\n- { name: b, effect: require, who: [everyone] }\n',
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.trimEnd().split('\n')).toEqual([
      expect.stringContaining('policies.yaml:1: error: policy "a": who must list at least one of'),
      'policies.yaml:2: error: policy "b": a require must require something: maxDuration, cooldown, perDay, reason, ticket or approval',
    ]);
  });

  test('ends with exit code 0 when there are only warnings', async () => {
    const { code, out } = await check('- { name: a, effect: require, who: [everyone], ticket: { pattern: INC } }\n');
    expect(code).toBe(0);
    expect(out).toContain('warning: policy "a": ticket.pattern INC also accepts a longer text that contains a match');
  });

  test.each(['', '# nothing yet\n', '[]', 'policies: []', '---\n'])(
    'refuses a file without policies (%j)',
    async (text) => {
      expect(await check(text)).toEqual({
        code: 2,
        out: '',
        err: 'policies.yaml: holds no policy; what is to go is left out of a file that holds others\n',
      });
    },
  );

  test.each([
    ['- name: a\n  maxDuration: 1h\n  maxDuration: 2h\n', 'policies.yaml:3:3: maxDuration is there twice'],
    ['- { name: a }\n---\n- { name: b }\n', 'policies.yaml:2:1: one document only; remove the --- or make two files'],
    [
      '- name: a\n  accounts: [012345678901]\n',
      'policies.yaml:2:14: YAML took 012345678901 for a number and lost its zero',
    ],
    ['- { name: a, effect: deny, who: [group: SRE] }\n', 'write group:SRE without the space'],
    ['- { name: 1, effect: deny, who: [everyone] }\n', 'name must be in quotes: "1"'],
    [
      '- &x { name: a, effect: deny, who: [everyone] }\n- { <<: *x, name: b }\n',
      '<< (merge) is not supported; repeat the fields',
    ],
  ])('names the place and the mistake of %j in one line', async (text, problem) => {
    const { code, err } = await check(text);
    expect(code).toBe(2);
    expect(err).toContain(problem);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  test('reads a file with a byte order mark, as Windows editors write it', async () => {
    expect(await check('\uFEFF- { name: a, effect: deny, who: [everyone] }\n')).toMatchObject({ code: 0, err: '' });
  });

  test('with --aws, compares the names in policies with those in AWS', async () => {
    const organization = { users: [], groups: [], accounts: [], permissionSets: [] };
    const files = { 'policies.yaml': '- { name: a, effect: deny, who: [group:Gone] }\n' };
    const { code, err } = await run('policy check policies.yaml --aws', { files, organization });
    expect(code).toBe(2);
    expect(err).toBe('policies.yaml:1: error: policy "a": who: there is no group Gone\n');
  });

  test('names the line of each error and warning: that of the field, where the message names one', async () => {
    const organization = {
      users: [{ id: 'u', userName: 'ana', displayName: '', email: '', enabled: true, groups: [] }],
      groups: [],
      accounts: [{ id: '123456789012', name: '', ou: [], tags: {} }],
      permissionSets: [{ arn: 'arn:aws:sso:::permissionSet/s/p', name: 'Admin' }],
    };
    const text = `# ours
- name: a
  effect: allow
  who: [everyone]
  accounts: ["*"]
  permissionSets:
    - Admin
    - Admn
- name: b
  effect: allow
  who: [everyone]
  accounts: ["*"]
  permissionSets: [Admin]
  approval: { approvers: [user:ana], expires: 30m,
    remind: 1h }
- name: c
  effect: require
  who: [everyone]
  approval: { count: 2 }
- { name: d, effect: allow, who: [everyone], accounts: ["*"], permissionSets: ["*"], durations: 1h }
- { name: e, effect: allow, who: [everyone], accounts: ["*"], permissionSets: ["*"] }
`;
    const { out, err } = await run('policy check p.yaml --aws', { files: { 'p.yaml': text }, organization });
    const lines = `${err}${out}`
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('note: '));
    expect(lines).toEqual([
      expect.stringMatching(/^p.yaml:20: error: policy "d": durations is not a field; did you mean maxDuration\?$/),
      expect.stringMatching(/^p.yaml:6: error: policy "a": permissionSets: there is no permission set Admn/),
      expect.stringMatching(
        /^p.yaml:15: warning: policy "b": approval.remind comes after 1h, but the request expires after 30m/,
      ),
      expect.stringMatching(/^p.yaml:14: warning: policy "b": nobody but ana could approve a request of ana/),
      expect.stringMatching(/^p.yaml:21: warning: policy "e" can never give anything: /),
    ]);
  });

  test.each([
    ['users: [{ userName: ana }]', 'd.yaml:1: users[0].id (ana) is missing'],
    ['users:\n  - { id: u, username: ana }', 'd.yaml:2: users[0] (u): username is not a field; did you mean userName?'],
    ['user: []', 'd.yaml:1: user is not a field'],
    ['accounts: [{ id: 123 }]', 'd.yaml:1: accounts[0].id must be a 12-digit account id in quotes'],
    ['groups: SRE', 'd.yaml:1: groups must be a list, not "SRE"'],
  ])('refuses a mistake in a directory file: %s', async (directory, problem) => {
    const files = { 'd.yaml': directory, 'p.yaml': '- { name: a, effect: deny, who: [everyone] }\n' };
    const { code, err } = await run('policy check p.yaml --directory d.yaml', { files });
    expect(code).toBe(2);
    expect(err).toContain(problem);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});

test('the command itself runs from a checkout and ends with the documented exit code', async () => {
  const started = promisify(execFile)(
    process.execPath,
    [
      join(root, 'bin/glasshammer-cli.mjs'),
      ...'policy explain --json --user ana@example.com --account 123456789012 --permission-set AdministratorAccess'.split(
        ' ',
      ),
      ...[
        '--file',
        join(examples, 'policies.yaml'),
        '--directory',
        join(examples, 'directory.yaml'),
        '--at',
        '2026-01-05T09:00:00Z',
      ],
    ],
    { cwd: root },
  );
  await expect(started).rejects.toMatchObject({
    code: 3,
    stdout: expect.stringContaining('"outcome":"needs-approval"'),
    stderr: '',
  });
});

test('every policy command that docs/policy.md shows exists', async () => {
  const text = await readFile(join(root, 'docs/policy.md'), 'utf8');
  const lines = [...new Set(text.match(/npx glasshammer policy \w+/g))];
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) {
    const { code } = await run([...line.split(' ').slice(2), '--help']);
    expect({ line, code }).toEqual({ line, code: 0 });
  }
});

test('policy check --config names the accounts in which the configuration gives nobody access', async () => {
  const files = {
    'p.yaml':
      '- { name: all, effect: allow, who: [everyone], accounts: ["*"], permissionSets: ["*"], maxDuration: 1h }\n',
    'd.yaml': 'accounts:\n  - { id: "999999999999", name: Management }\n  - { id: "123456789012", name: Production }\n',
    'glasshammer.config.ts': 'as it stands in this checkout',
  };
  const checked = await run('policy check p.yaml --directory d.yaml --config glasshammer.config.ts', { files });
  expect(checked.out).toContain(
    'policy "all": the configuration gives nobody access in Management (999999999999), whatever it says',
  );
  expect(checked.out).not.toContain('Production');
  const unnamed = await run('policy check p.yaml --directory d.yaml', { files });
  expect(unnamed.out).toContain('* is without the account Glasshammer runs in and the management account');
  expect((await run('policy check p.yaml --config none.ts', { files })).code).toBe(2);
});

test('a line break in the name of a person, account, permission set or policy cannot forge a line of output', async () => {
  const forged = '\\ngranted: everything is fine';
  const files = {
    'p.yaml': `- { name: "all", effect: allow, who: [everyone], accounts: ["*"], permissionSets: ["*"], maxDuration: 1h }
- { name: asked, effect: allow, who: [everyone], accounts: ["*"], permissionSets: ["*"], approval: { approvers: [user:cleo] }, maxDuration: 8h }
- { name: "x${forged}", effect: deny, who: [everyone] }
`,
    'free.yaml':
      '- { name: all, effect: allow, who: [everyone], accounts: ["*"], permissionSets: ["*"], maxDuration: 1h }\n',
    'asked.yaml': `- { name: asked, effect: allow, who: [everyone], accounts: ["*"], permissionSets: ["*"], approval: { approvers: [user:u2] }, maxDuration: 8h }
`,
    'd.yaml': `users:
  - { id: u1, userName: "ana${forged}" }
  - { id: u2, userName: "cleo${forged}" }
accounts:
  - { id: "123456789012", name: "Production${forged}" }
permissionSets:
  - { arn: "arn:aws:sso:::permissionSet/ssoins-1/ps-1", name: "Admin${forged}" }
`,
  };
  const target = '--account 123456789012 --permission-set arn:aws:sso:::permissionSet/ssoins-1/ps-1';
  for (const command of [
    'check p.yaml',
    'check free.yaml',
    'reach free.yaml',
    `explain --file asked.yaml --user u1 ${target}`,
  ]) {
    const { out, err } = await run(`policy ${command} --directory d.yaml`, { files });
    expect([command, `${out}${err}`.includes('everything is fine') ? 'named' : `${out}${err}`]).toEqual([
      command,
      'named',
    ]);
    expect([command, `${out}${err}`.split('\n').filter((text) => text.startsWith('granted'))]).toEqual([command, []]);
  }
});
