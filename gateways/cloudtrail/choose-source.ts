import type { ActivitySource } from '../../core/activity/ports.ts';

/** The names of the sources that activity can be read from. */
export type SourceName = 'lookup' | 'logs' | 'athena';

/** One source for each account, as configured. A source that no account needs is not created. */
export function chooseSource(options: {
  readonly sources: Readonly<Record<SourceName, () => ActivitySource>>;
  /** For accounts that `sourceByAccount` does not name. */
  readonly source: SourceName;
  readonly sourceByAccount: Readonly<Record<string, SourceName>>;
}): ActivitySource {
  const built = new Map<SourceName, ActivitySource>();

  function sourceOf(accountId: string): ActivitySource {
    const name = Object.hasOwn(options.sourceByAccount, accountId)
      ? (options.sourceByAccount[accountId] ?? options.source)
      : options.source;
    const source = built.get(name) ?? options.sources[name]();
    built.set(name, source);
    return source;
  }

  return {
    name: sourceOf('').name,
    about: (accountId) => sourceOf(accountId).about?.(accountId),
    page: (query) => sourceOf(query.accountId).page(query),
    enabledRegions: (accountId, requestId) => sourceOf(accountId).enabledRegions(accountId, requestId),
  };
}
