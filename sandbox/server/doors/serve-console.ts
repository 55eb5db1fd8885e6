import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import {
  contentSecurityPolicy,
  KEPT,
  KEPT_FOLDER,
  NOT_KEPT,
  OTHER_HEADERS,
  SITE_CONFIG,
  type SiteConfig,
} from '../../../lib/console/site-headers.ts';
import { type HttpAnswer, json } from '../gateway.ts';
import { CONSOLE_PATH } from './sign-in.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * A file of the built console, with the headers that CloudFront sends with it.
 *
 * @param folder the folder of the built console
 */
export function serveConsole(path: string, folder: string, site: SiteConfig): HttpAnswer {
  if (path === '/console') return { status: 302, headers: { location: CONSOLE_PATH }, body: '' };
  const headers = {
    'content-security-policy': contentSecurityPolicy(new URL(site.authorizeUrl).origin),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...OTHER_HEADERS,
  };
  const name = path.slice(CONSOLE_PATH.length) || 'index.html';
  if (name === SITE_CONFIG) {
    const answer = json(200, site);
    return { ...answer, headers: { ...answer.headers, ...headers, 'cache-control': NOT_KEPT } };
  }
  const file = join(folder, name);
  const isOne = /^(?:assets\/)?[\w-]+\.\w+$/.test(name) && existsSync(file) && statSync(file).isFile();
  if (!isOne) return json(404, { error: `there is no ${path}` });
  return {
    status: 200,
    headers: {
      ...headers,
      'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
      'cache-control': name.startsWith(`${KEPT_FOLDER}/`) ? KEPT : NOT_KEPT,
    },
    body: readFileSync(file, 'utf8'),
  };
}
