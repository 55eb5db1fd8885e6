import { existsSync, readFileSync } from 'node:fs';

const page = readFileSync('docs/comparison.md', 'utf8');

test('every test that docs/comparison.md names exists', () => {
  const named = [...page.matchAll(/`(test\/[^`]+)`/g)].map(([, path]) => path ?? '');
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});
