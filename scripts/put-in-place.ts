import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** Error codes of a folder that no longer exists or is not empty. */
const GONE_OR_FULL: readonly string[] = ['ENOENT', 'ENOTEMPTY', 'EEXIST'];

/**
 * Moves a finished build into the folder that programs run from. Each file is replaced by an atomic rename, so a
 * program that reads there, or moves the same build there at the same time, finds every file complete. Files that are
 * not part of the build are removed last.
 *
 * @param from the finished build; removed afterwards
 * @param last files whose presence shows that the build is complete, by their paths in the folder; they are moved last
 */
export async function putInPlace(from: string, to: string, last: readonly string[]): Promise<void> {
  const built = await filesIn(from);
  const inOrder = [...built.filter((file) => !last.includes(file)), ...last.filter((file) => built.includes(file))];
  for (const file of inOrder) {
    await mkdir(join(to, dirname(file)), { recursive: true });
    await rename(join(from, file), join(to, file));
  }
  // A concurrent call may remove the same files.
  await clearUp(to, built).catch(unlessGone);
  await rm(from, { recursive: true, force: true });
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
}

/** Removes every other file, and then empty folders, innermost first. */
async function clearUp(folder: string, built: readonly string[]): Promise<void> {
  for (const file of await filesIn(folder)) if (!built.includes(file)) await rm(join(folder, file), { force: true });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
  for (const one of folders.sort((a, b) => b.length - a.length)) await rmdir(one).catch(unlessGone);
}

function unlessGone(error: NodeJS.ErrnoException): void {
  if (!GONE_OR_FULL.includes(error.code ?? '')) throw error;
}
