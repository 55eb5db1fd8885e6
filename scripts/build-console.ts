import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { KEPT_FOLDER } from '../lib/console/site-headers.ts';

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
    entryPoints: [{ in: 'console/main.tsx', out: 'console' }],
    outdir: join(site, KEPT_FOLDER),
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [withoutFonts],
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  const made = Object.keys(metafile.outputs).map((file) => `${KEPT_FOLDER}/${basename(file)}`);
  const tags = made.map((file) =>
    file.endsWith('.css') ? `<link rel="stylesheet" href="${file}">` : `<script type="module" src="${file}"></script>`,
  );
  const page = await readFile(join(root, 'console/index.html'), 'utf8');
  await mkdir(join(root, site), { recursive: true });
  await writeFile(join(root, site, 'index.html'), page.replace('<!-- files -->', tags.join('\n    ')));
  await writeFile(join(root, site, KEPT_FOLDER, 'icon.svg'), await readFile(join(root, 'console/icon.svg')));
  return { ...metafile.inputs, 'console/index.html': {}, 'console/icon.svg': {} };
}
