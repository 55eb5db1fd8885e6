import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import TestSequencer from '../sequencer.mjs';

test('whatever order each process finds the files in, all parts together run each file once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sequencer-'));
  const files = Array.from({ length: 9 }, (_, index) => ({ path: join(folder, `${index}.test.ts`) }));
  // Some are as long as others.
  for (const [index, { path }] of files.entries()) writeFileSync(path, 'x'.repeat(index % 3));
  const sequencer = new TestSequencer();
  const parts = [files, [...files].reverse(), [...files.slice(4), ...files.slice(0, 4)]].map((found, index) =>
    sequencer.shard(found, { shardIndex: index + 1, shardCount: 3 }),
  );
  expect(
    parts
      .flat()
      .map(({ path }) => path)
      .sort(),
  ).toEqual(files.map(({ path }) => path));
});
