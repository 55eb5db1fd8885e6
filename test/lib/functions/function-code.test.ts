import { mkdirSync, mkdtempSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FUNCTION_NAMES } from '../../../lambdas/shared/environment-names.ts';
import { functionsAreStale } from '../../../lib/functions/function-code.ts';

const BUILT = new Date('2026-01-05T09:00:00Z');
const BEFORE = new Date('2026-01-05T08:00:00Z');
const AFTER = new Date('2026-01-05T10:00:00Z');

let project: string;
let dist: string;

function write(path: string, modified: Date, content = ''): void {
  writeFileSync(path, content);
  utimesSync(path, modified, modified);
}

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'glasshammer-project-'));
  dist = join(project, 'dist');
  for (const name of FUNCTION_NAMES) {
    mkdirSync(join(dist, name), { recursive: true });
    write(join(dist, name, 'index.mjs'), BUILT);
  }
  mkdirSync(join(dist, 'console'));
  write(join(dist, 'console', 'index.html'), BUILT);
  write(join(project, 'source.ts'), BEFORE);
  write(join(dist, 'meta.json'), BUILT, JSON.stringify({ inputs: { 'source.ts': {} } }));
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

test('bundles that are newer than all their sources are not built again', () => {
  expect(functionsAreStale(dist, project)).toBe(false);
});

test('a source changed after the build makes the bundles stale', () => {
  write(join(project, 'source.ts'), AFTER);
  expect(functionsAreStale(dist, project)).toBe(true);
});

test('a missing source, bundle or meta.json makes the bundles stale', () => {
  unlinkSync(join(project, 'source.ts'));
  expect(functionsAreStale(dist, project)).toBe(true);
  write(join(project, 'source.ts'), BEFORE);
  unlinkSync(join(dist, 'grant-access', 'index.mjs'));
  expect(functionsAreStale(dist, project)).toBe(true);
  write(join(dist, 'grant-access', 'index.mjs'), BUILT);
  unlinkSync(join(dist, 'meta.json'));
  expect(functionsAreStale(dist, project)).toBe(true);
});
