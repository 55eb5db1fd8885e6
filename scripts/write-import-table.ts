/** Writes the import table into the linter's configuration and into CONTRIBUTING. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { biomeConfiguration, importTableMarkdown } from './lint/import-table.ts';

const CONFIGURATION = fileURLToPath(new URL('lint/import-table.json', import.meta.url));
const CONTRIBUTING = fileURLToPath(new URL('../CONTRIBUTING.md', import.meta.url));

writeFileSync(CONFIGURATION, `${JSON.stringify(biomeConfiguration(), undefined, 1)}\n`);
writeFileSync(
  CONTRIBUTING,
  readFileSync(CONTRIBUTING, 'utf8').replace(
    /^\| folder \| may import.*\n(\|.*\n)*/m,
    () => `${importTableMarkdown()}\n`,
  ),
);
