import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { NormalizedSchema } from '@smithy/core/schema';
import { FUNCTION_NAMES } from '../../lambdas/shared/environment-names.ts';
import { functionsAreStale } from '../../lib/functions/function-code.ts';
import { buildFunctions } from '../../scripts/build-functions.ts';
import { putInPlace } from '../../scripts/put-in-place.ts';

const root = resolve(import.meta.dirname, '../..');

describe('a finished build', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'glasshammer-built-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function built(name: string, files: Readonly<Record<string, string>>): Promise<string> {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(join(folder, name, dirname(file)), { recursive: true });
      await writeFile(join(folder, name, file), text);
    }
    return join(folder, name);
  }
  const listed = () =>
    readdirSync(join(folder, 'dist'), { recursive: true, withFileTypes: true })
      .map(({ name }) => name)
      .sort();

  it('replaces the files of the previous build and removes those that it no longer has', async () => {
    await built('dist', { 'old/index.mjs': 'old', 'kept/index.mjs': 'old', 'console/a-1.js': '', 'meta.json': 'old' });
    const aside = await built('aside', { 'kept/index.mjs': 'new', 'console/a-2.js': '', 'meta.json': 'new' });
    await putInPlace(aside, join(folder, 'dist'), ['meta.json']);
    expect(listed()).toEqual(['a-2.js', 'console', 'index.mjs', 'kept', 'meta.json']);
    expect(readFileSync(join(folder, 'dist/kept/index.mjs'), 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['dist']);
  });

  it('can be read completely at every moment while several builds replace it at once', async () => {
    const files = Object.fromEntries(FUNCTION_NAMES.map((name) => [`${name}/index.mjs`, name.repeat(1000)]));
    await putInPlace(await built('first', { ...files, 'meta.json': '{}' }), join(folder, 'dist'), ['meta.json']);
    let isOver = false;
    let read = 0;
    const reader = (async () => {
      while (!isOver) {
        for (const [file, text] of Object.entries(files)) {
          expect(await readFile(join(folder, 'dist', file), 'utf8')).toBe(text);
          read += 1;
        }
      }
    })();
    for (let round = 0; round < 10; round++) {
      const asides = await Promise.all(
        [1, 2, 3].map((one) => built(`aside-${round}-${one}`, { ...files, 'meta.json': '{}' })),
      );
      await Promise.all(asides.map((aside) => putInPlace(aside, join(folder, 'dist'), ['meta.json'])));
    }
    isOver = true;
    await reader;
    expect(read).toBeGreaterThan(FUNCTION_NAMES.length);
  });
});

test('no function uses event streams, so no bundle has the code of the SDK for them', async () => {
  const called = new Map<string, Set<string>>();
  for (const file of globSync('{gateways,lambdas}/**/*.ts', { cwd: root })) {
    const source = readFileSync(join(root, file), 'utf8');
    for (const [, names = '', client = ''] of source.matchAll(/import \{([^}]*)\} from '(@aws-sdk\/client-[\w-]+)'/g))
      for (const [command] of names.matchAll(/\b[A-Z]\w*Command\b/g))
        called.set(client, (called.get(client) ?? new Set()).add(command));
  }
  expect(called.size).toBeGreaterThan(10);
  const streams = async (client: string, command: string) => {
    const sdk = (await import(client)) as Record<string, new (input: object) => { schema: readonly unknown[] }>;
    const Command = sdk[command];
    if (Command === undefined) throw new Error(`${client} has no ${command}`);
    const [, , , , input, output] = new Command({}).schema;
    return [input, output].some((shape) => NormalizedSchema.of(shape as never).getEventStreamMember() !== '');
  };
  expect(await streams('@aws-sdk/client-s3', 'SelectObjectContentCommand')).toBe(true);
  for (const [client, commands] of called)
    for (const command of commands) expect([command, await streams(client, command)]).toEqual([command, false]);
  const { inputs } = JSON.parse(readFileSync(join(root, 'dist/meta.json'), 'utf8')) as { inputs: object };
  expect(Object.keys(inputs).filter((file) => /event-streams|endpoint-cache|mnemonist/.test(file))).toEqual([
    'gateways/sdk/no-endpoint-cache.ts',
  ]);
});

test('a bundle has only name and version from the package.json of an SDK client', () => {
  const bundles = FUNCTION_NAMES.map((name) => readFileSync(join(root, 'dist', name, 'index.mjs'), 'utf8'));
  expect(bundles.filter((bundle) => /name:"@aws-sdk\/client-[\w-]+",version:"\d/.test(bundle)).length).toBeGreaterThan(
    10,
  );
  expect(bundles.filter((bundle) => bundle.includes('devDependencies'))).toEqual([]);
});

test('two simultaneous builds both finish, and the bundles are up to date', async () => {
  const folder = `dist.test-${process.pid}`;
  try {
    await Promise.all([buildFunctions(folder), buildFunctions(folder)]);
    expect(functionsAreStale(join(root, folder), root)).toBe(false);
  } finally {
    await rm(join(root, folder), { recursive: true, force: true });
  }
});
