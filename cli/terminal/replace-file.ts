import { randomUUID } from 'node:crypto';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';

/**
 * Replaces a file as a whole: if anything fails, the old file is unchanged and no new file is left. A path that is no
 * regular file, such as `/dev/stdout`, is written directly.
 *
 * @param write writes a text to a new file
 * @throws errors of the file system
 */
export async function replaceFile(
  path: string,
  text: string,
  write: (path: string, text: string, options: { readonly mode?: number }) => Promise<void> = writeFile,
): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined && !there.isFile()) return write(path, text, {});
  // Of a symbolic link, the target is replaced and the link stays.
  const file = there === undefined ? path : await realpath(path);
  const aside = `${file}.${randomUUID()}`;
  try {
    await write(aside, text, there === undefined ? {} : { mode: there.mode });
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}
