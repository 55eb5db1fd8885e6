import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { main } from '../../cli/main.ts';
import { nodeIo } from '../../cli/node-io.ts';
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

describe('the examples', () => {
  test('come to what their cases say', async () => {
    expect(await onFiles('policy', 'test', join(examples, 'cases.yaml'))).toEqual({
      code: 0,
      out: '20 cases, 0 failed\n',
      err: '',
    });
  });

  test('have no errors, and say who reaches what alone', async () => {
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

  test('says of each case that comes out differently what was expected and what came, with exit code 1', async () => {
    expect(await run('policy test /team/cases.yaml', { files })).toEqual({
      code: 1,
      err: '',
      out: `failed: two hours wait for somebody
  outcome: expected needs-approval, came refused
  approvers: expected u, came${' '}
  reason: expected not-allowed, came too-long
  it was told: Policy "p": 2h is longer than the 1h that it allows.
2 cases, 1 failed
`,
    });
  });

  test.each<[string, string, string]>([
    [
      'an expectation with a misspelt field',
      'cases: [{ name: a, user: ana, expect: { outcom: granted } }]',
      'cases.yaml: cases.0.expect',
    ],
    ['no cases', 'cases: []', 'cases.yaml: cases'],
    [
      'no policies',
      'directory: directory.yaml\ncases: [{ name: a, user: ana, expect: { outcome: granted } }]',
      'say which policies to test',
    ],
    [
      'a case about nobody',
      'policies: policies.yaml\ndirectory: directory.yaml\ncases: [{ name: a, user: zoe, account: Prod, permissionSet: Admin, expect: { outcome: granted } }]',
      'case "a": there is no user zoe',
    ],
  ])('%s is bad input', async (_what, cases, problem) => {
    const { code, err } = await run('policy test /team/cases.yaml', { files: { ...files, '/team/cases.yaml': cases } });
    expect(code).toBe(2);
    expect(err).toContain(problem);
  });
});

describe('policy check', () => {
  const check = (text: string) => run('policy check policies.yaml', { files: { 'policies.yaml': text } });

  test('tells every error, each in a line of its own, with exit code 2', async () => {
    const { code, out, err } = await check(
      '- { name: a, effect: deny, who: [] }\n- { name: b, effect: require, who: [everyone] }\n',
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.trimEnd().split('\n')).toEqual([
      expect.stringContaining('error: policy "a": who must list at least one of'),
      'error: policy "b": a require must require something: maxDuration, cooldown, perDay, reason, ticket or approval',
    ]);
  });

  test('warns with exit code 0', async () => {
    const { code, out } = await check('- { name: a, effect: require, who: [everyone], ticket: { pattern: INC } }\n');
    expect(code).toBe(0);
    expect(out).toContain('warning: policy "a": ticket.pattern INC accepts any text that contains it');
  });

  test.each(['', '# nothing yet\n', '[]', 'policies: []', '---\n'])(
    'a file without policies (%j) is a mistake',
    async (text) => {
      expect(await check(text)).toEqual({ code: 2, out: '', err: 'policies.yaml: holds no policy\n' });
    },
  );

  test.each([
    ['- name: a\n  maxDuration: 1h\n  maxDuration: 2h\n', 'policies.yaml:3:3: is no YAML'],
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
  ])('%j is told where it is wrong, in one line', async (text, problem) => {
    const { code, err } = await check(text);
    expect(code).toBe(2);
    expect(err).toContain(problem);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a file from Windows, with a byte order mark, is read', async () => {
    expect(await check('\uFEFF- { name: a, effect: deny, who: [everyone] }\n')).toMatchObject({ code: 0, err: '' });
  });

  test('names can be held against AWS itself', async () => {
    const organization = { users: [], groups: [], accounts: [], permissionSets: [] };
    const files = { 'policies.yaml': '- { name: a, effect: deny, who: [group:Gone] }\n' };
    const { code, err } = await run('policy check policies.yaml --aws', { files, organization });
    expect(code).toBe(2);
    expect(err).toBe('error: policy "a": who: there is no group Gone\n');
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

test('the documentation shows the command line as it is', async () => {
  const text = await readFile(join(root, 'docs/policy.md'), 'utf8');
  for (const line of text.match(/npx glasshammer policy \w+/g) ?? []) {
    const { code } = await run([...line.split(' ').slice(2), '--help']);
    expect({ line, code }).toEqual({ line, code: 0 });
  }
});
