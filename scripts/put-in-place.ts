import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** Of a folder that is gone already, or has something in it. */
const GONE_OR_FULL: readonly string[] = ['ENOENT', 'ENOTEMPTY', 'EEXIST'];

/**
 * Puts what was built into the folder people run from, file by file: each takes the place of the one before in one instant, so that
 * whoever reads there meanwhile, or puts the same in place, finds every file whole. What was not built goes last.
 *
 * @param from is gone afterwards
 * @param last files that tell that all is there, by their paths in the folder
 */
export async function putInPlace(from: string, to: string, last: readonly string[]): Promise<void> {
  const built = await filesIn(from);
  const inOrder = [...built.filter((file) => !last.includes(file)), ...last.filter((file) => built.includes(file))];
  for (const file of inOrder) {
    await mkdir(join(to, dirname(file)), { recursive: true });
    await rename(join(from, file), join(to, file));
  }
  // Who puts another in place in the same instant clears up as well.
  await clearUp(to, built).catch(unlessGone);
  await rm(from, { recursive: true, force: true });
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
}

/** Removes every other file, and the folders in which nothing is left, innermost first. */
async function clearUp(folder: string, built: readonly string[]): Promise<void> {
  for (const file of await filesIn(folder)) if (!built.includes(file)) await rm(join(folder, file), { force: true });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
  for (const one of folders.sort((a, b) => b.length - a.length)) await rmdir(one).catch(unlessGone);
}

function unlessGone(error: NodeJS.ErrnoException): void {
  if (!GONE_OR_FULL.includes(error.code ?? '')) throw error;
}
