/** The fields of a configuration that say how people reach Glasshammer: Slack, API and web console. */
interface Doors {
  readonly slack?: unknown;
  readonly api?: unknown;
  readonly console?: unknown;
  readonly identity: { readonly emailDomains: readonly string[] };
  readonly reservedConcurrency: { readonly accessRequested?: number | undefined };
  readonly customDomain?: unknown;
  readonly personas: { readonly auditors: readonly string[]; readonly operators: readonly string[] };
  readonly policyChanges?: { readonly fourEyes: boolean } | undefined;
  readonly groups: readonly { readonly id: string }[];
  readonly retired: { readonly groups: readonly { readonly id: string }[] };
}

type Problems = readonly { readonly path: readonly (string | number)[]; readonly message: string }[];

/** At least one of Slack, API and web console is required, and settings of a missing one are refused. */
export function doorProblems(doors: Doors): Problems {
  return [
    ...(doors.slack === undefined ? withoutSlack(doors) : []),
    ...personaProblems(doors),
    ...leasedOperators(doors),
    ...changeProblems(doors),
  ];
}

function personaProblems({ api, console, personas }: Doors): Problems {
  const isUsed = personas.auditors.length + personas.operators.length > 0;
  if (!isUsed || api !== undefined || console !== undefined) return [];
  return [
    {
      path: ['personas'],
      message: 'have more to do at the API and in the console alone; write api or console, or leave this out',
    },
  ];
}

/**
 * Membership in a group of operators must not be temporary: for its time, the member could change policies and
 * everybody's access.
 */
function leasedOperators({ personas, groups, retired }: Doors): Problems {
  const given = new Set([...groups, ...retired.groups].map(({ id }) => id));
  return personas.operators.flatMap((id, index) =>
    given.has(id)
      ? [
          {
            path: ['personas', 'operators', index],
            message:
              'is a group that people are put into for a time (groups, retired.groups), and would be operators meanwhile; write one that Glasshammer does not give',
          },
        ]
      : [],
  );
}

function changeProblems({ api, console, personas, policyChanges }: Doors): Problems {
  if (policyChanges?.fourEyes !== true) return [];
  if (api === undefined && console === undefined)
    return [
      {
        path: ['policyChanges', 'fourEyes'],
        message:
          'operators propose and accept at the API and in the console alone; write api or console, or false here',
      },
    ];
  if (personas.operators.length > 0) return [];
  return [
    {
      path: ['policyChanges', 'fourEyes'],
      message:
        'nobody could propose or accept anything; write the ids of the groups of operators into personas.operators, or false here',
    },
  ];
}

function withoutSlack({ api, console, identity, reservedConcurrency, customDomain }: Doors): Problems {
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
    ...(customDomain === undefined
      ? []
      : [
          {
            path: ['customDomain'],
            message:
              'is the address that Slack calls, and there is no slack; leave it out (console.domain is that of the console)',
          },
        ]),
  ];
}
