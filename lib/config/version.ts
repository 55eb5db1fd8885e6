import { readFileSync } from 'node:fs';

/** The version of this checkout, from package.json. */
export function checkoutVersion(): string {
  const read: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String((read as { readonly version?: unknown }).version);
}
