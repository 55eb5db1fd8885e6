/** What of a configuration says by which doors people come. */
interface Doors {
  readonly slack?: unknown;
  readonly api?: unknown;
  readonly console?: unknown;
  readonly identity: { readonly emailDomains: readonly string[] };
  readonly reservedConcurrency: { readonly accessRequested?: number | undefined };
}

/** Without Slack people need another door, and nothing may be set that only Slack has a use for. */
export function doorProblems({ slack, api, console, identity, reservedConcurrency }: Doors): readonly {
  readonly path: readonly (string | number)[];
  readonly message: string;
}[] {
  if (slack !== undefined) return [];
  return [
    ...(api === undefined && console === undefined
      ? [
          {
            path: ['slack'],
            message:
              'nobody could ask for anything; write slack, or api for a terminal, or console for a browser (or several of them)',
          },
        ]
      : []),
    ...(identity.emailDomains.length > 0
      ? [{ path: ['identity', 'emailDomains'], message: 'is about Slack users, and there is no slack; leave it out' }]
      : []),
    ...(reservedConcurrency.accessRequested === undefined
      ? []
      : [
          {
            path: ['reservedConcurrency', 'accessRequested'],
            message: 'is for the function that answers Slack, and there is no slack; leave it out',
          },
        ]),
  ];
}
