/** The fields that can be valid and still have no effect, or another effect than the operator meant. */
interface Written {
  readonly organization: { readonly managementAccountId: string; readonly includeManagementAccount: boolean };
  readonly accounts: '*' | readonly string[];
  readonly permissionSets: readonly { readonly name: string; readonly arn: string }[];
  readonly groups: readonly { readonly id: string }[];
  readonly retired: {
    readonly accounts: readonly string[];
    readonly permissionSets: readonly { readonly name: string; readonly arn: string }[];
    readonly groups: readonly { readonly id: string }[];
  };
  readonly report: {
    readonly to: readonly string[];
    readonly regions: readonly string[];
    readonly sourceByAccount: Readonly<Record<string, unknown>>;
  };
  readonly alarms: { readonly emails: readonly string[] };
  readonly budgets?: { readonly emails?: readonly string[] | undefined } | undefined;
  readonly sessionGuard: { readonly attachedTo: readonly string[] };
  readonly guardrail: {
    readonly targets: readonly string[];
    readonly policyWriters: readonly string[];
    readonly deployers: readonly string[];
  };
}

interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Settings without effect are refused, because the operator relies on them. */
export function noEffectProblems(config: Written): readonly Problem[] {
  return [...retiredProblems(config), ...sourceProblems(config), ...guardrailProblems(config.guardrail)];
}

/** A retired account, permission set or group that is also configured as givable would still be given. */
function retiredProblems({ organization, accounts, permissionSets, groups, retired }: Written): readonly Problem[] {
  const given: readonly (readonly [keyof Written['retired'], readonly string[], readonly string[]])[] = [
    ['accounts', retired.accounts, accounts === '*' ? [] : accounts],
    ['permissionSets', retired.permissionSets.map(({ arn }) => arn), permissionSets.map(({ arn }) => arn)],
    ['groups', retired.groups.map(({ id }) => id), groups.map(({ id }) => id)],
  ];
  const both = given.flatMap(([field, ids, ofGiven]) =>
    ids.flatMap((id, index) =>
      ofGiven.includes(id)
        ? [
            {
              path: ['retired', field, index],
              message: `"${id}" is in ${field} as well, and still given; remove it from one of them`,
            },
          ]
        : [],
    ),
  );
  const { includeManagementAccount, managementAccountId } = organization;
  // With `'*'`, only the management account can be retired: it was among all accounts and no longer is, once it is
  // excluded.
  const isGiven = (account: string) => includeManagementAccount || account !== managementAccountId;
  if (accounts !== '*' || !retired.accounts.some(isGiven)) return both;
  return [
    ...both,
    {
      path: ['retired', 'accounts'],
      message: "accounts is '*', so these are still given; deny them by a policy, and leave this out",
    },
  ];
}

function sourceProblems({ accounts, retired, report }: Written): readonly Problem[] {
  if (accounts === '*') return [];
  return Object.keys(report.sourceByAccount)
    .filter((account) => !accounts.includes(account) && !retired.accounts.includes(account))
    .map((account) => ({
      path: ['report', 'sourceByAccount'],
      message: `${account} is in neither accounts nor retired.accounts, so nothing is read there; remove it`,
    }));
}

function guardrailProblems({ targets, policyWriters, deployers }: Written['guardrail']): readonly Problem[] {
  if (targets.length > 0) return [];
  return Object.entries({ policyWriters, deployers })
    .filter(([, roles]) => roles.length > 0)
    .map(([field]) => ({
      path: ['guardrail', field],
      message: 'there is no guardrail that would let them through; name guardrail.targets, or leave it out',
    }));
}

/**
 * Duplicates in a list: the operator meant another value in one of the places, or AWS would refuse the second at
 * deployment.
 */
export function twiceProblems(config: Written): readonly Problem[] {
  const lists: readonly (readonly [path: readonly string[], values: readonly string[]])[] = [
    [['accounts'], config.accounts === '*' ? [] : config.accounts],
    [['permissionSets'], config.permissionSets.map(({ name }) => name)],
    [['permissionSets'], config.permissionSets.map(({ arn }) => arn)],
    [['groups'], config.groups.map(({ id }) => id)],
    [['report', 'regions'], config.report.regions],
    [['report', 'to'], config.report.to],
    [['alarms', 'emails'], config.alarms.emails],
    [['budgets', 'emails'], config.budgets?.emails ?? []],
    [['sessionGuard', 'attachedTo'], config.sessionGuard.attachedTo],
  ];
  return lists.flatMap(([path, values]) => {
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    return twice === undefined ? [] : [{ path, message: `"${twice}" is there twice; write it once` }];
  });
}
