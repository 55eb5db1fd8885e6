import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { main } from '../../cli/main.ts';
import { nodeIo } from '../../cli/node-io.ts';
import { type Ran, run } from './run.ts';

const root = resolve(__dirname, '../..');
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
    expect(out).toContain('10 policies, no errors, 1 warning\n');
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

  test('an empty file has no policies and no errors', async () => {
    expect(await check('')).toEqual({ code: 0, out: '0 policies, no errors, 0 warnings\n', err: '' });
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
