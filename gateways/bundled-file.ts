import { readFileSync } from 'node:fs';

/**
 * A file that was deployed beside the code, as text. Read synchronously, because its callers can do nothing without it.
 *
 * @param codeRoot the folder into which Lambda unpacked the bundle; a name that begins with `/` is taken as it is
 * @returns `undefined` when it cannot be read
 */
export function readBundledFile(codeRoot: string, name: string): string | undefined {
  try {
    return readFileSync(name.startsWith('/') ? name : `${codeRoot}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
