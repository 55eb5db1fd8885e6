import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { servePage } from '../../../sandbox/page/serve-page.ts';

describe('the sandbox page', () => {
  it('is served with its CSS and script, and no other path is', () => {
    for (const [path, type] of [
      ['/', 'text/html'],
      ['/page.css', 'text/css'],
      ['/page.js', 'text/javascript'],
    ] as const) {
      expect(servePage(path)).toMatchObject({ status: 200, headers: { 'content-type': `${type}; charset=utf-8` } });
    }
    for (const path of ['/main.js', '/app/main.js', '/../package.json', '/constructor', '/sandbox/state'])
      expect(servePage(path)).toBeUndefined();
  });

  it('loads nothing from other hosts, so that it works without a network', () => {
    const all = ['/', '/page.css', '/page.js'].map((path) => servePage(path)?.body ?? '').join('\n');
    // URLs in XML namespaces and in texts are not loaded.
    const addresses = (all.match(/(?:src|href|import|url|fetch)\s*[=(]\s*["'`]?[^"'`\s)]+/g) ?? []).filter((each) =>
      /https?:|\/\//.test(each),
    );
    expect(addresses.filter((each) => !each.includes('data:'))).toEqual([]);
    expect(servePage('/')?.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('has one script without imports', () => {
    const program = servePage('/page.js')?.body ?? '';
    expect(program.length).toBeGreaterThan(20_000);
    expect(program).not.toMatch(/^\s*import\s/m);
  });

  it('has no code that inserts text as markup', () => {
    const program = servePage('/page.js')?.body ?? '';
    expect(program).not.toMatch(/insertAdjacentHTML|document\.write|eval\(/);
    // preact can set markup with dangerouslySetInnerHTML; no source of the page uses it.
    const folder = resolve(import.meta.dirname, '../../../sandbox/page/app');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.[jt]s$/.test(name));
    const sources = files.map((name) => readFileSync(resolve(folder, name), 'utf8'));
    expect(sources.length).toBeGreaterThan(10);
    expect(sources.filter((source) => /innerHTML|__html/i.test(source))).toEqual([]);
  });

  it('declares its encoding first', () => {
    expect(servePage('/')?.body).toMatch(/<head>\s*<meta charset="utf-8"/);
  });
});
