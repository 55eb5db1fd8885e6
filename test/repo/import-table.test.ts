import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { biomeConfiguration, importTableMarkdown } from '../../scripts/lint/import-table.ts';
import { type Complaint, lint } from './lint.ts';
import { FILES, ROOT } from './repository.ts';

/** Examples of the rules: a file, what it imports, and whether the linter must allow that. */
const TABLE: readonly (readonly [file: string, imports: string, allowed: boolean])[] = [
  ['core/access/x.ts', './y.ts', true],
  ['core/access/x.ts', '../model/decision.ts', true],
  ['core/access/x.ts', 'zod/mini', true],
  ['core/access/x.ts', 'zod', false],
  ['core/access/x.ts', 'node:crypto', false],
  ['core/access/x.ts', '@aws-sdk/client-dynamodb', false],
  ['core/access/x.ts', '@slack/types', false],
  ['core/access/x.ts', '../../gateways/step-functions/workflow.ts', false],
  ['core/access/x.ts', '../../slack/blocks.ts', false],
  ['core/access/x.ts', '../../lambdas/shared/settings.ts', false],
  ['core/x.ts', '../gateways/step-functions/workflow.ts', false],
  ['core/access/lease/x.ts', '../../model/request.ts', true],
  ['core/access/lease/x.ts', '../../../gateways/step-functions/workflow.ts', false],
  ['core/access/a/folder/of/tomorrow/x.ts', '../../../../../model/request.ts', true],
  ['core/access/a/folder/of/tomorrow/x.ts', '../../../../../../gateways/step-functions/workflow.ts', false],

  ['slack/x.ts', '../core/model/request.ts', true],
  ['slack/views/x.ts', '../../core/model/request.ts', true],
  ['slack/views/x.ts', '@slack/types', true],
  ['slack/x.ts', 'node:crypto', true],
  ['slack/x.ts', '@slack/web-api', false],
  ['slack/x.ts', 'node:fs', false],
  ['slack/x.ts', '../gateways/slack/chat.ts', false],
  ['slack/views/x.ts', '../../lambdas/shared/settings.ts', false],
  ['slack/views/cards/x.ts', '../../../core/model/request.ts', true],
  ['slack/views/cards/x.ts', '../../../gateways/slack/chat.ts', false],

  ['gateways/x.ts', '../core/access/ports.ts', true],
  ['gateways/dynamodb/x.ts', '../../core/access/ports.ts', true],
  ['gateways/dynamodb/x.ts', '../slack/chat.ts', true],
  ['gateways/dynamodb/x.ts', '@aws-sdk/lib-dynamodb', true],
  ['gateways/slack/x.ts', '@slack/web-api', true],
  ['gateways/x.ts', '../slack/blocks.ts', false],
  ['gateways/dynamodb/x.ts', '../../slack/blocks.ts', false],
  ['gateways/dynamodb/x.ts', '../../lambdas/shared/settings.ts', false],
  ['gateways/dynamodb/x.ts', '../../sandbox/clock.ts', false],

  ['lambdas/grant-access/x.ts', '../../core/access/lease/grant/grant-access.ts', true],
  ['lambdas/grant-access/x.ts', '../../gateways/step-functions/workflow.ts', true],
  ['lambdas/grant-access/x.ts', '../../slack/blocks.ts', true],
  ['lambdas/grant-access/x.ts', '../shared/log.ts', true],
  ['lambdas/x.ts', '../slack/blocks.ts', true],
  ['lambdas/shared/services/x.ts', '@aws-sdk/client-sfn', true],
  ['lambdas/grant-access/x.ts', '../../sandbox/clock.ts', false],
  ['lambdas/x.ts', '../sandbox/clock.ts', false],
  ['lambdas/grant-access/x.ts', '../../lib/config/config.ts', false],
  ['lambdas/grant-access/x.ts', '../../cli/deployment/tables.ts', false],
  ['lambdas/grant-access/x.ts', 'node:fs', false],
  ['lambdas/grant-access/x.ts', 'zod', false],
  ['lambdas/grant-access/x.ts', 'aws-cdk-lib', false],

  ['lib/x.ts', 'aws-cdk-lib/aws-iam', true],
  ['lib/x.ts', 'zod', true],
  ['lib/x.ts', '../lambdas/shared/environment-names.ts', true],
  ['lib/x.ts', '../lambdas/shared/settings.ts', true],
  ['lib/x.ts', '../lambdas/shared/monitoring/metric-catalog.ts', true],
  ['lib/x.ts', '../lambdas/shared/log.ts', false],
  ['lib/x.ts', '../core/model/request.ts', false],
  ['lib/x.ts', '@aws-sdk/client-sts', false],
  ['lib/audit/x.ts', '../config/config.ts', true],
  ['lib/audit/x.ts', '../../lambdas/shared/monitoring/metric-catalog.ts', true],
  ['lib/audit/x.ts', '../../lambdas/shared/log.ts', false],

  ['bin/x.ts', '../lib/glasshammer-app.ts', true],
  ['bin/x.ts', '../core/model/request.ts', false],

  ['cli/policy/x.ts', '../../core/policy/decision/decide.ts', true],
  ['cli/x.ts', '../gateways/step-functions/workflow.ts', true],
  ['cli/x.ts', 'commander', true],
  ['cli/x.ts', '../lambdas/shared/services/tables.ts', false],
  ['cli/policy/x.ts', '../../sandbox/clock.ts', false],
  ['cli/x.ts', '../slack/blocks.ts', false],

  ['sandbox/server/x.ts', '../../lambdas/shared/settings.ts', true],
  ['sandbox/server/x.ts', '../../core/model/request.ts', true],
  ['sandbox/server/x.ts', '../../gateways/dynamodb/requests/request-item.ts', true],
  ['sandbox/demo.ts', '../scripts/build-functions.ts', true],
  ['sandbox/server/x.ts', 'node:timers/promises', true],
  ['sandbox/server/x.ts', '../../gateways/dynamodb/requests/request-store.ts', false],
  ['sandbox/server/x.ts', '../../lib/rights/function-rights.ts', true],
  ['sandbox/server/x.ts', '../../lib/config/config.ts', false],
  ['sandbox/server/x.ts', 'aws-cdk-lib', false],
  ['sandbox/server/x.ts', '../../cli/deployment/tables.ts', false],
  ['sandbox/page/app/x.ts', './ui.ts', true],
  ['sandbox/page/app/x.ts', 'node:fs', false],
  ['sandbox/page/app/x.ts', '../../../core/model/request.ts', false],
];

const CONTRIBUTING = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');

const imports = TABLE.map(([file, from, allowed], row) => ({
  path: file.replace(/(\w+)\.ts$/, `row-${row}.ts`),
  from,
  allowed,
}));

const RESTRICTED = ['core', 'slack', 'gateways', 'lambdas', 'lib', 'bin', 'cli', 'sandbox'];
const sources = FILES.filter((path) => RESTRICTED.includes(path.split('/')[0] ?? '')).filter(
  (path) => /\.(ts|mts|js|mjs)$/.test(path) && !/\.d\.m?ts$/.test(path),
);

/** Every form of import, with its source text. */
const KINDS: readonly (readonly [kind: string, write: (from: string) => string])[] = [
  ['import', (from) => `import { a } from '${from}';\nexport const b = a;\n`],
  ['import of a type', (from) => `import type { A } from '${from}';\nexport type B = A;\n`],
  ['export', (from) => `export { a } from '${from}';\n`],
  ['import in a function', (from) => `export const a = () => import('${from}');\n`],
];
const pathAs = (kind: string, path: string) => path.replace(/\.ts$/, `-${kind.replaceAll(' ', '-')}.ts`);

const STRANGE = "import { a } from 'a-package-that-nobody-may-import';\nexport const b = a;\n";
const ofStates = (name: string) => `import { ${name} } from '@aws-sdk/client-sfn';\nexport const b = ${name};\n`;
const CALLS = {
  'lambdas/shared/services/client-of-a-row.ts': ofStates('SFNClient'),
  'lambdas/shared/services/call-of-a-row.ts': ofStates('StartExecutionCommand'),
};

/** Files that each do one thing that is forbidden in the core. `HARMLESS` does nothing forbidden. */
const DEEDS = {
  clock: 'export const a = new Date();\n',
  now: 'export const a = Date.now();\n',
  nowPassedOn: 'export const a = { now: Date.now };\n',
  chance: 'export const a = Math.random();\n',
  environment: 'export const a = process.env.HOME;\n',
  network: "export const a = fetch('https://example.com');\n",
  wait: 'export const a = setTimeout(() => {}, 1);\n',
  ids: 'export const a = crypto.randomUUID();\n',
  print: "console.log('a');\nexport {};\n",
};
const HARMLESS =
  'export const a = (at: string, ms: number) => [new Date(at), new Date(ms), Date.parse(at), Math.max(1, ms)];\n';
const PRINTING = ['core/access', 'slack', 'gateways', 'lambdas/grant-access'];

/** All files of this test, linted in one run: starting the linter takes longer than checking a file. */
const written: Readonly<Record<string, string>> = {
  ...Object.fromEntries(sources.map((path) => [path, STRANGE])),
  ...Object.fromEntries(
    KINDS.flatMap(([kind, write]) => imports.map(({ path, from }) => [pathAs(kind, path), write(from)])),
  ),
  ...CALLS,
  ...Object.fromEntries(Object.entries(DEEDS).map(([name, text]) => [`core/access/deed/${name}.ts`, text])),
  'core/access/deed/harmless.ts': HARMLESS,
  ...Object.fromEntries(PRINTING.map((folder) => [`${folder}/printing.ts`, DEEDS.print])),
};
let all: readonly Complaint[];
beforeAll(() => {
  all = lint(written);
});
const about = (paths: readonly string[]) => all.filter(({ path }) => paths.includes(path));

const refusedAmong = (paths: readonly string[]) =>
  new Set(
    about(paths)
      .filter(({ rule }) => rule.endsWith('/noRestrictedImports'))
      .map(({ path }) => path),
  );

describe('the import rules', () => {
  it.each(KINDS)('are enforced by the linter, for every %s', (kind) => {
    const refused = refusedAmong(imports.map(({ path }) => pathAs(kind, path)));
    const wrong = imports.filter(({ path, allowed }) => refused.has(pathAs(kind, path)) === allowed);
    expect(wrong.map(({ path, from, allowed }) => `${path}: ${from} ${allowed ? 'refused' : 'let through'}`)).toEqual(
      [],
    );
  });

  it('apply to every source file, in folders of any depth', () => {
    expect(sources.length).toBeGreaterThan(150);
    const reached = refusedAmong(sources);
    expect(sources.filter((path) => !reached.has(path))).toEqual([]);
  });

  it('let functions create AWS clients, but leave AWS calls to the gateways', () => {
    expect(about(Object.keys(CALLS)).map(({ path }) => path)).toEqual(['lambdas/shared/services/call-of-a-row.ts']);
  });
});

describe('the table of imports', () => {
  it('is the same in the linter configuration and in CONTRIBUTING.md (npm run import-table writes both)', () => {
    expect(JSON.parse(readFileSync(join(ROOT, 'scripts/lint/import-table.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(biomeConfiguration())),
    );
    expect(CONTRIBUTING).toContain(importTableMarkdown());
  });
});

describe('the core', () => {
  it('may not use the clock, random values, the environment, the network or timers', () => {
    const caught = new Set(all.map(({ path }) => path).filter((path) => path.startsWith('core/access/deed/')));
    expect([...caught].sort((a, b) => a.localeCompare(b))).toEqual(
      Object.keys(DEEDS)
        .map((name) => `core/access/deed/${name}.ts`)
        .sort((a, b) => a.localeCompare(b)),
    );
  });
});

describe('the linter refuses console output', () => {
  it.each(PRINTING)('in the deployed code of %s', (folder) => {
    expect(about([`${folder}/printing.ts`]).map(({ rule }) => rule)).toContain('lint/suspicious/noConsole');
  });
});
