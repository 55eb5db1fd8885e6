import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from '../../../cli/terminal/replace-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'glasshammer-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const diskFull = async (path: string, text: string) => {
  await writeFile(path, text.slice(0, 3));
  throw new Error('ENOSPC: no space left on device');
};

test('a write that fails leaves an existing file as it was, and leaves no new file behind', async () => {
  const file = join(folder, 'policies.yaml');
  await expect(replaceFile(file, 'new text', diskFull)).rejects.toThrow('ENOSPC');
  expect(readdirSync(folder)).toEqual([]);
  writeFileSync(file, 'old text');
  await expect(replaceFile(file, 'new text', diskFull)).rejects.toThrow('ENOSPC');
  expect(readdirSync(folder)).toEqual(['policies.yaml']);
  expect(readFileSync(file, 'utf8')).toBe('old text');
});

test('a file behind a symbolic link is replaced, and keeps its permissions', async () => {
  const file = join(folder, 'policies.yaml');
  const link = join(folder, 'link.yaml');
  writeFileSync(file, 'old text', { mode: 0o600 });
  symlinkSync(file, link);
  await replaceFile(link, 'new text');
  expect(readFileSync(file, 'utf8')).toBe('new text');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).sort()).toEqual(['link.yaml', 'policies.yaml']);
});

test('a device such as /dev/null is written to and not replaced', async () => {
  await replaceFile('/dev/null', 'text');
  expect(statSync('/dev/null').isFile()).toBe(false);
});
