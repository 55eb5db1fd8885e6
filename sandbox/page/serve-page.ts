import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildSync } from 'esbuild';

/** One file of the page, with its HTTP headers. */
export interface PageFile {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** In this order, because later files override earlier ones. */
const STYLES = ['base', 'controls', 'top', 'workspace', 'behind-the-scenes', 'dialogs', 'guide', 'narrow'];

const FILES: Record<string, { type: string; read(): string }> = {
  '/': { type: 'text/html', read: () => readOwn('index.html') },
  '/page.css': { type: 'text/css', read: () => STYLES.map((name) => readOwn(`style/${name}.css`)).join('\n') },
  '/page.js': { type: 'text/javascript', read: bundle },
};

/**
 * The page loads only its own files and calls only the sandbox. Mails are shown in a frame that inherits this policy
 * and may not run scripts. Inline styles are allowed because mails have them.
 */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const served = new Map<string, PageFile>();

/** The page's file at this path (without query); `undefined` for any other path. Each file is read and bundled once. */
export function servePage(path: string): PageFile | undefined {
  const file = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
  if (file === undefined) return undefined;
  const known = served.get(path);
  if (known !== undefined) return known;
  const page: PageFile = {
    status: 200,
    headers: {
      'content-type': `${file.type}; charset=utf-8`,
      'cache-control': 'no-cache',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body: file.read(),
  };
  served.set(path, page);
  return page;
}

function readOwn(name: string): string {
  return readFileSync(resolve(import.meta.dirname, name), 'utf8');
}

/**
 * The page's program as one file for the browser. It is bundled at the first visit, so that starting the sandbox stays
 * fast.
 */
function bundle(): string {
  const { outputFiles } = buildSync({
    entryPoints: [resolve(import.meta.dirname, 'app/main.js')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    charset: 'utf8',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}
