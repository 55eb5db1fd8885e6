/** One row of the import table: a folder, and what files in it, at any depth, may import besides each other. */
export interface ImportRow {
  readonly folder: string;
  /** A wider folder that imports may not leave. @default - `folder` */
  readonly within?: string;
  /** Extensions of the files that the row applies to. */
  readonly endings: readonly string[];
  /** The linter's error message. */
  readonly message: string;
  /** Files and folders that may be imported, as globs from the root of the repository. */
  readonly files: readonly string[];
  /** Packages and Node modules that may be imported, as globs. */
  readonly packages: readonly string[];
  /** Names that may not be imported from some packages, as a regular expression. */
  readonly refusedNames?: { readonly pattern: string; readonly from: string; readonly message: string };
}

const NODE = ['node:*', 'node:*/**'];

/**
 * What each folder may import. The linter's rules and CONTRIBUTING's table are generated from it; a test compares both.
 */
export const IMPORT_TABLE: readonly ImportRow[] = [
  {
    folder: 'core',
    endings: ['ts'],
    message: 'core imports itself and zod/mini; everything else comes in through a port.',
    files: [],
    packages: ['zod/mini'],
  },
  {
    folder: 'slack',
    endings: ['ts'],
    message: 'slack imports core, @slack/types, zod/mini and node:crypto: it shows and reads, and calls nobody.',
    files: ['core/**'],
    packages: ['@slack/types', 'zod/mini', 'node:crypto'],
  },
  {
    folder: 'gateways',
    endings: ['ts'],
    message: 'gateways import core, the SDK clients, @slack/web-api, zod/mini and node:fs.',
    files: ['core/**'],
    packages: ['@aws-sdk/**', '@slack/types', '@slack/web-api', 'zod/mini', 'node:fs'],
  },
  {
    folder: 'lambdas',
    endings: ['ts'],
    message: 'lambdas import core, slack, gateways, zod/mini, yaml and the SDK clients they build services with.',
    files: ['core/**', 'slack/**', 'gateways/**'],
    packages: ['@aws-sdk/**', '@slack/types', 'zod/mini', 'yaml', 'node:crypto'],
    refusedNames: {
      pattern: '.*Command',
      from: '@aws-sdk/**',
      message: 'A function only builds its clients; calls to AWS are made in gateways.',
    },
  },
  {
    folder: 'lib',
    endings: ['ts'],
    message:
      'lib imports the CDK, zod, how a length of time is written (core/model/duration.ts), the ids of stored items (core/model/stored-ids.ts), the names of the sign-in (core/model/sign-in.ts), the session guard (core/sessions/guard-policy.ts), the questions of auditors (core/audit/questions), the addresses Slack calls (slack/routes.ts) and the names it shares with the functions: environment-names.ts, settings.ts, and of monitoring metric-catalog.ts, alarm-catalog.ts and alarm-names.ts, all in lambdas/shared.',
    files: [
      ...['core/model/duration.ts', 'core/model/stored-ids.ts', 'core/model/sign-in.ts'],
      ...['core/sessions/guard-policy.ts', 'slack/routes.ts'],
      'core/audit/questions/*.ts',
      ...[
        'lambdas/shared/environment-names.ts',
        'lambdas/shared/settings.ts',
        'lambdas/shared/monitoring/metric-catalog.ts',
      ],
      'lambdas/shared/monitoring/alarm-catalog.ts',
      'lambdas/shared/monitoring/alarm-names.ts',
    ],
    packages: [
      ...['aws-cdk-lib', 'aws-cdk-lib/**', 'constructs', 'cdk-nag', 'zod'],
      ...['node:fs', 'node:path', 'node:url'],
    ],
  },
  {
    folder: 'console',
    endings: ['ts', 'tsx'],
    message:
      'The web console runs in a browser: it imports React, Cloudscape, how a length of time is written (core/model/duration.ts), where a request stands (core/model/life-cycle.ts), what counts in a text (core/model/text.ts), and the types of the API and of its own settings.',
    files: [
      ...['core/model/duration.ts', 'core/model/life-cycle.ts', 'core/model/request.ts', 'core/model/text.ts'],
      ...[
        'lambdas/api/document/schemas.ts',
        'lambdas/api/document/schemas-of-changes.ts',
        'lambdas/api/document/schemas-of-one.ts',
        'lambdas/api/document/schemas-of-reach.ts',
        'lambdas/api/document/schemas-of-report.ts',
        'lambdas/api/document/schemas-of-system.ts',
        'lib/console/site-headers.ts',
      ],
    ],
    packages: ['react', 'react-dom/**', '@cloudscape-design/**'],
  },
  {
    folder: 'bin',
    endings: ['ts', 'mjs'],
    message: 'bin starts the CDK app (lib) and the command line (cli), and does nothing else.',
    files: ['lib/**', 'cli/**', 'glasshammer.config.ts', 'scripts/build-functions.ts'],
    packages: [...NODE, 'tsx', 'tsx/**'],
  },
  {
    folder: 'cli',
    endings: ['ts'],
    message: 'cli imports core, gateways and the checked configuration (lib/config).',
    files: ['core/**', 'gateways/**', 'lib/config/**', 'glasshammer.config.ts'],
    packages: ['@aws-sdk/**', '@smithy/signature-v4', 'commander', 'yaml', 'zod', 'zod/mini', ...NODE],
  },
  {
    folder: 'sandbox',
    endings: ['ts', 'mjs', 'js'],
    message:
      'sandbox runs the deployed functions under the deployed rights and rules: it imports lambdas, core, gateways/dynamodb/read-item.ts and requests/request-item.ts, lib/rights, the schedules and the headers of lib, and scripts/build-functions.ts.',
    files: [
      ...['lambdas/**', 'core/**', 'gateways/dynamodb/read-item.ts', 'gateways/dynamodb/requests/request-item.ts'],
      ...['lib/rights/**', 'scripts/build-functions.ts'],
      'lib/console/site-headers.ts',
      ...['lib/watch/assignment-changes.ts', 'lib/watch/canary-times.ts'],
      ...['lib/workflow/access-recheck.ts', 'lib/workflow/sweep.ts'],
      'lib/sessions/guard-watch.ts',
    ],
    packages: [
      ...['@aws-sdk/**', '@slack/types', 'dynalite/**', 'esbuild', 'jsonata', 'yaml', 'zod', 'zod/mini'],
      ...NODE,
    ],
  },
  {
    folder: 'sandbox/page/app',
    within: 'sandbox',
    endings: ['ts', 'js'],
    message: 'The page runs in a browser: it imports preact and files of the sandbox only.',
    files: [],
    packages: ['preact', 'preact/**'],
  },
];

/** Biome's globs need the depth of a folder written out; a test fails when a file lies deeper. */
const DEEPEST = 6;

/**
 * The table as Biome's configuration. Biome's patterns match the text of an import, so the patterns for imports that
 * leave a folder depend on the importing file's depth: each row is written once for each depth.
 *
 * @see https://biomejs.dev/linter/rules/no-restricted-imports/
 */
export function biomeConfiguration(): object {
  return {
    $schema: '../../node_modules/@biomejs/biome/configuration_schema.json',
    root: false,
    overrides: IMPORT_TABLE.flatMap((row) => depthsOf(row).map((depth) => overrideOf(row, depth))),
  };
}

function depthsOf({ folder }: ImportRow): number[] {
  const shallowest = folder.split('/').length;
  return Array.from({ length: DEEPEST - shallowest + 1 }, (_, more) => shallowest + more);
}

/** @param depth number of folders between the root of the repository and the file */
function overrideOf(row: ImportRow, depth: number): object {
  const { folder, within = folder, endings, message, files, packages, refusedNames } = row;
  const levels = depth - folder.split('/').length;
  const way = `${folder}/${'*/'.repeat(levels)}`;
  const up = '../'.repeat(depth);
  const outwards = depth - within.split('/').length;
  const out = '../'.repeat(outwards + 1);
  const group = [
    // Only files beside the importing file or below it …
    ...['**', '!./**', './../**'],
    // … or above it within the folder …
    ...(outwards === 0 ? [] : ['!../**']),
    ...[out.slice(0, -1), `${out}**`],
    // … or named in the row may be imported.
    ...files.map((file) => `!${up}${file}`),
    ...packages.map((name) => `!${name}`),
  ];
  const patterns = [
    { message, group },
    ...(refusedNames === undefined
      ? []
      : [
          {
            importNamePattern: refusedNames.pattern,
            message: refusedNames.message,
            group: [refusedNames.from],
          },
        ]),
  ];
  return {
    includes: endings.map((ending) => `${way}*.${ending}`),
    linter: { rules: { style: { noRestrictedImports: { level: 'error', options: { patterns } } } } },
  };
}

/** The table in CONTRIBUTING. */
export function importTableMarkdown(): string {
  const rows = IMPORT_TABLE.map(({ folder, within, files, packages }) => {
    const named = [...(within === undefined ? [] : [`${within}/**`]), ...files, ...packages].map(
      (name) => `\`${name}\``,
    );
    return `| \`${folder}/\` | ${named.join(', ')} |`;
  });
  return ['| folder | may import, beside its own files |', '| --- | --- |', ...rows].join('\n');
}
