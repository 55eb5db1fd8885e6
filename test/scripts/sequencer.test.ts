import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import TestSequencer from '../sequencer.mjs';

test('all shards together run each test file once, although each process lists the files in another order', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sequencer-'));
  const files = Array.from({ length: 9 }, (_, index) => ({ path: join(folder, `${index}.test.ts`) }));
  // Several files have the same length.
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
