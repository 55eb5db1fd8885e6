import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { KEPT_FOLDER, SIGNED_OUT } from '../lib/console/site-headers.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Cloudscape's style sheet embeds its font, which is larger than all other styles together; system fonts are enough.
 */
const withoutFonts: Plugin = {
  name: 'without-fonts',
  setup({ onLoad }) {
    onLoad({ filter: /global-styles\/index\.css$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/@font-face\s*\{[^}]*\}/g, ''),
      loader: 'css',
    }));
  },
};

/** Keeps only the English texts of Cloudscape for screen readers, because the console is in English. */
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
const ICON = 'console/icon.svg';

/** The console's page, and the page shown after sign-out, which has almost no script. */
const PAGES = ['index.html', SIGNED_OUT];

/**
 * Bundles the web console to `<folder>/console`: the pages, and files with hashed names.
 *
 * @param folder relative to the root of the repository
 * @returns the input files, as esbuild lists them
 */
export async function buildConsole(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const site = join(folder, 'console');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [
      { in: ENTRY, out: 'console' },
      { in: SIGNED_OUT_ENTRY, out: 'signed-out' },
      { in: ICON, out: 'icon' },
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
    loader: { '.svg': 'copy' },
    plugins: [withoutFonts, inEnglish],
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  const made = Object.entries(metafile.outputs);
  const [script, { cssBundle = '' }] = made.find(([, { entryPoint }]) => entryPoint === ENTRY) ?? ['', {}];
  // The entry's style sheet already has the styles of code that is loaded later; esbuild also writes those to separate
  // files.
  const twice = made.map(([file]) => file).filter((file) => file.endsWith('.css') && file !== cssBundle);
  await Promise.all(twice.map((file) => rm(join(root, file))));
  const styles = `<link rel="stylesheet" href="${KEPT_FOLDER}/${basename(cssBundle)}">`;
  const [signedOut = ''] = made.find(([, { entryPoint }]) => entryPoint === SIGNED_OUT_ENTRY) ?? [];
  const [icon = ''] = made.find(([, { inputs }]) => ICON in inputs) ?? [];
  const scriptOf = (file: string) => `<script type="module" src="${KEPT_FOLDER}/${basename(file)}"></script>`;
  const files = [scriptOf(script), styles].join('\n    ');
  await mkdir(join(root, site), { recursive: true });
  for (const name of PAGES) {
    const page = await readFile(join(root, 'console', name), 'utf8');
    const filled = page
      .replace('<!-- icon -->', `<link rel="icon" href="${KEPT_FOLDER}/${basename(icon)}">`)
      .replace('<!-- files -->', files)
      .replace('<!-- script -->', scriptOf(signedOut))
      .replace('<!-- styles -->', styles);
    await writeFile(join(root, site, name), filled);
  }
  return { ...metafile.inputs, ...Object.fromEntries(PAGES.map((name) => [`console/${name}`, {}])) };
}
