import { FUNCTION_NAMES } from '../../lambdas/shared/environment-names.ts';
import { billOfMaterials, deployedPackages } from '../../scripts/bill-of-materials.ts';
import { notesFor, type ReleaseState, releaseProblems } from '../../scripts/release-plan.ts';
import { ROOT, textOf } from './repository.ts';

const READY: ReleaseState = {
  version: '0.10.0',
  current: '0.9.0',
  changelog: '# Changelog\n\n## 0.10.0 (2026-01-31)\n\n- A thing to do.\n\n## 0.9.0 (2026-01-01)\n\n- Before.\n',
  branch: 'main',
  uncommitted: [],
  tags: ['v0.9.0'],
  signingKey: 'ABCDEF',
};

test('a release without problems can be made, also from 0.9.0 to 0.10.0', () => {
  expect(releaseProblems(READY)).toEqual([]);
  expect(notesFor('0.10.0', READY.changelog)).toBe('- A thing to do.\n');
});

test.each<[string, Partial<ReleaseState>, RegExp]>([
  ['a malformed version', { version: 'next' }, /name the version/],
  ['an older version', { version: '0.8.9' }, /older than 0\.9\.0/],
  ['another branch', { branch: 'door' }, /not main/],
  ['work that is not committed', { uncommitted: [' M core/x.ts'] }, /1 files/],
  ['an existing tag', { tags: ['v0.10.0'] }, /there already/],
  ['a missing signing key', { signingKey: '' }, /key to sign/],
  ['a changelog without a date', { changelog: '## 0.10.0 (unreleased)\n' }, /YYYY-MM-DD/],
])('%s blocks a release', (_what, state, says) => {
  expect(releaseProblems({ ...READY, ...state }).join('\n')).toMatch(says);
});

test('the bill of materials has every deployed package with its hash, and no path of the machine that wrote it', () => {
  const text = billOfMaterials(ROOT);
  const { components } = JSON.parse(text) as {
    components: { name: string; version: string; properties: { name: string }[]; hashes?: { content: string }[] }[];
  };
  const { packages } = JSON.parse(textOf('package-lock.json')) as { packages: Parameters<typeof deployedPackages>[0] };
  const named = new Set(components.map(({ name, version }) => `${name}@${version}`));
  expect(named).toEqual(deployedPackages(packages));
  const names = components.map(({ name }) => name);
  const { dependencies } = JSON.parse(textOf('package.json')) as Record<string, object>;
  expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies ?? {})));
  expect(names).not.toContain('jest');
  // A bundled package is covered by the hash of the package that contains it.
  const isBundled = ({ properties }: (typeof components)[number]) =>
    properties.some((property) => property.name === 'cdx:npm:package:bundled');
  const unhashed = components.filter(({ hashes = [] }) => hashes.length === 0);
  expect(unhashed.filter((component) => !isBundled(component))).toEqual([]);
  expect(text).not.toContain(ROOT);
});

test('SECURITY.md says for every function what an attacker with its role could do', () => {
  const page = textOf('SECURITY.md');
  expect(FUNCTION_NAMES.filter((name) => !new RegExp(`^\\| .*\`${name}\``, 'm').test(page))).toEqual([]);
});

test('CI runs on each supported Node version, and without install scripts of packages', () => {
  const workflow = textOf('.github/workflows/ci.yml');
  expect(workflow).toMatch(/node: \[20, 22, 24\]/);
  expect(workflow).toContain('- run: .ci/run');
  expect(workflow).toMatch(/npm_config_ignore_scripts: ["']true["']/);
  expect(textOf('docs/releasing.md')).toContain('npm ci --ignore-scripts');
});

test('every package with an install script is named in docs/releasing.md, so that a new one is reviewed', () => {
  const lock = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, { hasInstallScript?: boolean }> };
  const scripted = Object.entries(lock.packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
  const page = textOf('docs/releasing.md');
  expect(scripted.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
