import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { buildConsole } from '../../scripts/build-console.ts';

const root = resolve(import.meta.dirname, '../..');

test('a browser keeps no file of the console for a year whose name would stay when its content changes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'console-'));
  try {
    const inputs = await buildConsole(relative(root, folder));
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(['console/icon.svg', 'console/index.html']));
    const site = join(folder, 'console');
    const kept = readdirSync(join(site, 'assets'));
    expect(kept.filter((name) => !/-[A-Z0-9]{8}\.\w+$/.test(name))).toEqual([]);
    for (const page of ['index.html', 'signed-out.html']) {
      const named = [...readFileSync(join(site, page), 'utf8').matchAll(/(?:href|src)="assets\/([^"]+)"/g)];
      const files = named.map(([, name = '']) => name);
      expect(new Set(files.map((name) => name.replace(/^.*\./, '')))).toEqual(new Set(['css', 'js', 'svg']));
      expect(kept).toEqual(expect.arrayContaining(files));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
