import { randomUUID } from 'node:crypto';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';

/**
 * Writes a file whole or not at all: whatever fails on the way, what was there before is there still, and no empty file is left. What is
 * no file, such as `/dev/stdout`, is written to as it is.
 *
 * @param write puts a text into a new file
 * @throws what the file system says
 */
export async function replaceFile(
  path: string,
  text: string,
  write: (path: string, text: string, options: { readonly mode?: number }) => Promise<void> = writeFile,
): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined && !there.isFile()) return write(path, text, {});
  // Behind a link the file is replaced, and the link stays.
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
