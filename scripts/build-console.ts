import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { KEPT_FOLDER, SIGNED_OUT } from '../lib/console/site-headers.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Cloudscape's font is written out in its style sheet, more than all other styles together. What the system has will do. */
const withoutFonts: Plugin = {
  name: 'without-fonts',
  setup({ onLoad }) {
    onLoad({ filter: /global-styles\/index\.css$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/@font-face\s*\{[^}]*\}/g, ''),
      loader: 'css',
    }));
  },
};

/** Cloudscape's words for whoever does not see, in the one language that the console is in. */
const inEnglish: Plugin = {
  name: 'in-english',
  setup({ onResolve }) {
    onResolve({ filter: /\/messages\/all\./ }, ({ path }) =>
      /\/all\.en(\.js)?$/.test(path) ? undefined : { path, external: true, sideEffects: false },
    );
  },
};

const ENTRY = 'console/main.ts';
const SIGNED_OUT_ENTRY = 'console/signed-out.ts';

/** The console, and the page on which people are who have signed out, with next to no script. */
const PAGES = ['index.html', SIGNED_OUT];

/**
 * Bundles the web console to `<folder>/console`: a page, and files whose names say what is in them.
 *
 * @param folder from the root of the repository
 * @returns what went in, as esbuild lists it
 */
export async function buildConsole(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const site = join(folder, 'console');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [
      { in: ENTRY, out: 'console' },
      { in: SIGNED_OUT_ENTRY, out: 'signed-out' },
    ],
    outdir: join(site, KEPT_FOLDER),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [withoutFonts, inEnglish],
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  const made = Object.entries(metafile.outputs);
  const [script, { cssBundle = '' }] = made.find(([, { entryPoint }]) => entryPoint === ENTRY) ?? ['', {}];
  // It has the styles of what is loaded later as well, which esbuild writes beside it once more.
  const twice = made.map(([file]) => file).filter((file) => file.endsWith('.css') && file !== cssBundle);
  await Promise.all(twice.map((file) => rm(join(root, file))));
  const styles = `<link rel="stylesheet" href="${KEPT_FOLDER}/${basename(cssBundle)}">`;
  const [signedOut = ''] = made.find(([, { entryPoint }]) => entryPoint === SIGNED_OUT_ENTRY) ?? [];
  const scriptOf = (file: string) => `<script type="module" src="${KEPT_FOLDER}/${basename(file)}"></script>`;
  const files = [scriptOf(script), styles].join('\n    ');
  await mkdir(join(root, site), { recursive: true });
  for (const name of PAGES) {
    const page = await readFile(join(root, 'console', name), 'utf8');
    const filled = page
      .replace('<!-- files -->', files)
      .replace('<!-- script -->', scriptOf(signedOut))
      .replace('<!-- styles -->', styles);
    await writeFile(join(root, site, name), filled);
  }
  await writeFile(join(root, site, KEPT_FOLDER, 'icon.svg'), await readFile(join(root, 'console/icon.svg')));
  const copied = [...PAGES.map((name) => `console/${name}`), 'console/icon.svg'];
  return { ...metafile.inputs, ...Object.fromEntries(copied.map((file) => [file, {}])) };
}
