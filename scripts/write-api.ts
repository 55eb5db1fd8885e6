/** Writes docs/api/openapi.json. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from '../lambdas/api/document/open-api.ts';

const FOLDER = fileURLToPath(new URL('../docs/api/', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

mkdirSync(FOLDER, { recursive: true });
writeFileSync(`${FOLDER}openapi.json`, `${JSON.stringify(openApiDocument(version), undefined, 2)}\n`);
