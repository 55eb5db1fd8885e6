/** What decides whether a release can be made. */
export interface ReleaseState {
  readonly version: string;
  /** The version in package.json. */
  readonly current: string;
  readonly changelog: string;
  readonly branch: string;
  /** Lines of `git status --porcelain`. */
  readonly uncommitted: readonly string[];
  readonly tags: readonly string[];
  /** Empty where git has no signing key. */
  readonly signingKey: string;
}

const VERSION = /^\d+\.\d+\.\d+$/;

/** Why a release cannot be made yet, one sentence each; empty when it can. */
export function releaseProblems(state: ReleaseState): readonly string[] {
  const { version, current, changelog, branch, uncommitted, tags, signingKey } = state;
  if (!VERSION.test(version)) return ['name the version, such as 0.2.0'];
  const [top = ''] = /^## .*$/m.exec(changelog) ?? [];
  return [
    ...(compare(version, current) < 0 ? [`${version} is older than ${current} in package.json`] : []),
    ...(branch === 'main' ? [] : [`this is ${branch || 'no branch'}, not main`]),
    ...(uncommitted.length === 0 ? [] : [`${uncommitted.length} files are not committed`]),
    ...(tags.includes(`v${version}`) ? [`the tag v${version} is there already`] : []),
    ...(signingKey === '' ? ['git knows no key to sign the tag with (user.signingkey)'] : []),
    ...(new RegExp(`^## ${version.replaceAll('.', '\\.')} \\(\\d{4}-\\d\\d-\\d\\d\\)$`).test(top)
      ? []
      : [`the first entry of CHANGELOG.md is "${top}"; write "## ${version} (YYYY-MM-DD)"`]),
  ];
}

/** A version's entry in the changelog, without its heading. @throws Error where it has none */
export function notesFor(version: string, changelog: string): string {
  const entry = changelog.split(/^## /m).find((part) => part.startsWith(`${version} `));
  const notes = entry?.slice(entry.indexOf('\n')).trim();
  if (!notes) throw new Error(`CHANGELOG.md says nothing of ${version}`);
  return `${notes}\n`;
}

/** Compares the parts as numbers: 0.10.0 is newer than 0.9.0. */
function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}
