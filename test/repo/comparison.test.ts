import { existsSync, readFileSync } from 'node:fs';

const page = readFileSync('docs/comparison.md', 'utf8');

test('each promise that the comparison says is shown by a test names one that is there', () => {
  const named = [...page.matchAll(/`(test\/[^`]+)`/g)].map(([, path]) => path ?? '');
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});
