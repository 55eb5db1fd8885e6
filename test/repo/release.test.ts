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

test('a release that is ready is made, whatever comes first in the alphabet', () => {
  expect(releaseProblems(READY)).toEqual([]);
  expect(notesFor('0.10.0', READY.changelog)).toBe('- A thing to do.\n');
});

test.each<[string, Partial<ReleaseState>, RegExp]>([
  ['no version', { version: 'next' }, /name the version/],
  ['an older version', { version: '0.8.9' }, /older than 0\.9\.0/],
  ['another branch', { branch: 'door' }, /not main/],
  ['work that is not committed', { uncommitted: [' M core/x.ts'] }, /1 files/],
  ['a tag that is there', { tags: ['v0.10.0'] }, /there already/],
  ['no key', { signingKey: '' }, /key to sign/],
  ['a changelog without a date', { changelog: '## 0.10.0 (unreleased)\n' }, /YYYY-MM-DD/],
])('%s keeps a release from being made', (_what, state, says) => {
  expect(releaseProblems({ ...READY, ...state }).join('\n')).toMatch(says);
});

test('the bill of materials names what is deployed, with its content, and no place of one machine', () => {
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
  // What comes inside another package is part of that one's content.
  const isBundled = ({ properties }: (typeof components)[number]) =>
    properties.some((property) => property.name === 'cdx:npm:package:bundled');
  const unhashed = components.filter(({ hashes = [] }) => hashes.length === 0);
  expect(unhashed.filter((component) => !isBundled(component))).toEqual([]);
  expect(text).not.toContain(ROOT);
});

test('the page on security says of every function what its stolen role could do', () => {
  const page = textOf('SECURITY.md');
  expect(FUNCTION_NAMES.filter((name) => !new RegExp(`^\\| .*\`${name}\``, 'm').test(page))).toEqual([]);
});

test('CI runs what the README tells a newcomer, on each Node that is supported, and no script of a package', () => {
  const workflow = textOf('.github/workflows/ci.yml');
  expect(workflow).toMatch(/node: \[20, 22, 24\]/);
  expect(workflow).toContain('- run: .ci/run');
  expect(workflow).toMatch(/npm_config_ignore_scripts: ["']true["']/);
  expect(textOf('docs/releasing.md')).toContain('npm ci --ignore-scripts');
});

test('every package with a script of its own is named, so that a new one is looked at', () => {
  const lock = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, { hasInstallScript?: boolean }> };
  const scripted = Object.entries(lock.packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
  const page = textOf('docs/releasing.md');
  expect(scripted.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
