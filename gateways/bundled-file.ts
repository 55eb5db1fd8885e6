import { readFileSync } from 'node:fs';

/**
 * A file that was deployed beside the code, as text. Read at once: whoever needs it can do nothing before.
 *
 * @param codeRoot the folder Lambda has unpacked the bundle in; a name that begins with `/` is taken as it is
 * @returns `undefined` when it cannot be read
 */
export function readBundledFile(codeRoot: string, name: string): string | undefined {
  try {
    return readFileSync(name.startsWith('/') ? name : `${codeRoot}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
