/**
 * Makes a release: `npm run release -- 0.2.0 [--dry-run]`. Stops when something is not ready. It sets the version and
 * commits, writes the sources, the bill of materials, the notes and checksums to `release/`, and makes a signed tag. If
 * anything fails, the version is as it was. It pushes nothing.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { billOfMaterials } from './bill-of-materials.ts';
import { notesFor, releaseProblems } from './release-plan.ts';

const FOLDER = 'release';

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}

function packageVersion(): string {
  return (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'dry-run': { type: 'boolean', default: false } },
});
const [version = ''] = positionals;
const changelog = readFileSync('CHANGELOG.md', 'utf8');
const problems = releaseProblems({
  version,
  current: packageVersion(),
  changelog,
  branch: run('git', 'branch', '--show-current').trim(),
  uncommitted: run('git', 'status', '--porcelain').split('\n').filter(Boolean),
  tags: run('git', 'tag', '--list').split('\n'),
  signingKey: signingKey(),
});
for (const problem of problems) console.error(`not ready: ${problem}`);
if (values['dry-run']) {
  console.log(`would set version ${version}, write ${FOLDER}/, commit, and make the signed tag v${version}`);
  process.exit(problems.length === 0 ? 0 : 1);
}
if (problems.length > 0) process.exit(1);

const start = run('git', 'rev-parse', 'HEAD').trim();
// Ctrl-C where git asks for the passphrase ends git alone, so that what was begun is undone below.
process.on('SIGINT', () => {});
try {
  makeRelease();
} catch (error) {
  // Nothing was uncommitted, so this takes back the version alone.
  run('git', 'reset', '--quiet', '--hard', start);
  console.error(`no release was made, and the version is as it was: ${(error as Error).message}`);
  process.exit(1);
}
console.log(`${FOLDER}/ is written and v${version} is tagged; look at both, then: git push origin main v${version}`);

/** The tag comes last: whatever fails before, no version is left without one. */
function makeRelease(): void {
  if (packageVersion() !== version) {
    run('npm', 'version', version, '--no-git-tag-version', '--ignore-scripts');
    run('git', 'commit', '--quiet', '--message', `Release ${version}`, 'package.json', 'package-lock.json');
  }
  mkdirSync(FOLDER, { recursive: true });
  const name = `glasshammer-${version}`;
  const files: Readonly<Record<string, string | Buffer>> = {
    [`${name}.cdx.json`]: billOfMaterials('.'),
    [`${name}.tar.gz`]: execFileSync('git', ['archive', '--format=tar.gz', `--prefix=${name}/`, 'HEAD'], {
      maxBuffer: 256 * 1024 * 1024,
    }),
  };
  for (const [file, content] of Object.entries(files)) writeFileSync(join(FOLDER, file), content);
  writeFileSync(
    join(FOLDER, 'SHA256SUMS'),
    Object.entries(files)
      .map(([file, content]) => `${createHash('sha256').update(content).digest('hex')}  ${file}\n`)
      .join(''),
  );
  writeFileSync(join(FOLDER, 'NOTES.md'), notesFor(version, changelog));
  run('git', 'tag', '--sign', `v${version}`, '--message', `Glasshammer ${version}`);
}

/** The key that git signs tags with; empty where there is none. */
function signingKey(): string {
  try {
    return run('git', 'config', 'user.signingkey').trim();
  } catch {
    return '';
  }
}
