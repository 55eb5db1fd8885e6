import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
/** What git asks of gpg: the signature, and a line of status that says so. */
const SIGNS =
  "#!/bin/sh\ncat > /dev/null\nprintf '\\n[GNUPG:] SIG_CREATED \\n' >&2\necho '-----BEGIN PGP SIGNATURE-----'\n";

let folder: string;
const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
const versionOf = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')).version;

/** A repository in which version 0.2.0 is ready to be made. @param gpg what git calls to sign */
function release(gpg: string) {
  const named = { name: 'small', version: '0.1.0' };
  writeFileSync(join(folder, 'gpg'), gpg);
  chmodSync(join(folder, 'gpg'), 0o755);
  writeFileSync(join(folder, '.gitignore'), 'release/\ngpg\n');
  writeFileSync(join(folder, 'package.json'), JSON.stringify(named));
  writeFileSync(
    join(folder, 'package-lock.json'),
    JSON.stringify({ ...named, lockfileVersion: 3, packages: { '': named } }),
  );
  writeFileSync(join(folder, 'CHANGELOG.md'), '## 0.2.0 (2026-01-31)\n\n- A thing to do.\n');
  git('init', '--quiet', '--initial-branch', 'main');
  for (const [key, value] of [
    ['user.name', 'Olga'],
    ['user.email', 'olga@example.com'],
    ['user.signingkey', 'ABCDEF'],
    ['gpg.format', 'openpgp'],
    ['gpg.program', join(folder, 'gpg')],
    ['commit.gpgsign', 'false'],
  ] as const)
    git('config', key, value);
  git('add', '.');
  git('commit', '--quiet', '--message', 'Begin');
  const program = ['--import', join(root, 'node_modules/tsx/dist/esm/index.mjs'), join(root, 'scripts/release.ts')];
  return spawnSync(process.execPath, [...program, '0.2.0'], { cwd: folder, encoding: 'utf8' });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a release that is made is a tag on the commit of its version', () => {
  const { status, stderr } = release(SIGNS);
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('no release')]);
  expect(git('rev-parse', 'v0.2.0^{commit}')).toBe(git('rev-parse', 'HEAD'));
  expect([versionOf('package.json'), versionOf('package-lock.json')]).toEqual(['0.2.0', '0.2.0']);
});

test('a tag that cannot be signed leaves no version behind that has none', () => {
  const { status, stderr } = release('#!/bin/sh\nexit 1\n');
  expect([status, stderr]).toEqual([1, expect.stringContaining('no release was made')]);
  expect([git('log', '--format=%s'), git('tag'), git('status', '--porcelain')]).toEqual(['Begin', '', '']);
  expect([versionOf('package.json'), versionOf('package-lock.json')]).toEqual(['0.1.0', '0.1.0']);
});
