import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './repository.ts';

/** One diagnostic of the linter. */
export interface Complaint {
  readonly path: string;
  /** Such as `lint/style/noRestrictedImports`. */
  readonly rule: string;
  readonly message: string;
}

interface Report {
  readonly diagnostics: readonly {
    readonly category: string;
    readonly message: string;
    readonly location: { readonly path: string };
  }[];
}

/**
 * Lints texts as if they were files of this repository: in a temporary folder, with the repository's configuration.
 * Returns only diagnostics that name one of the files. Type-aware rules are off, because imported files do not exist.
 */
export function lint(files: Readonly<Record<string, string>>): Complaint[] {
  const folder = mkdtempSync(join(tmpdir(), 'glasshammer-lint-'));
  try {
    const { vcs: _, ...config } = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8')) as Record<string, unknown>;
    const linter = { ...Object(config.linter), domains: {} };
    writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...config, linter }));
    cpSync(join(ROOT, 'scripts/lint'), join(folder, 'scripts/lint'), { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { stdout } = spawnSync(
      join(ROOT, 'node_modules/.bin/biome'),
      ['lint', '--reporter=json', '--max-diagnostics=none', '.'],
      { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    const report = JSON.parse(stdout) as Report;
    return report.diagnostics
      .map(({ category, message, location }) => ({ path: location.path, rule: category, message }))
      .filter(({ path }) => path in files);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
