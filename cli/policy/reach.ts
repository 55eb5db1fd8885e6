import { ACCESS_PREFIX } from '../../core/model/stored-ids.ts';
import { reachAlone } from '../../core/policy/authoring/check-reach.ts';
import type { Organization } from '../../core/policy/authoring/organization.ts';
import { comparePolicies } from '../../core/policy/authoring/plan.ts';
import { describeTarget, eachAlone, gained, type LoneReach } from '../../core/policy/authoring/reach.ts';
import { type PolicySet, parsePolicySet, withPersons } from '../../core/policy/records/policy-set.ts';
import { type TableOptions, tableNames } from '../deployment/tables.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { line } from '../terminal/terminal-text.ts';
import type { CheckOptions } from './check.ts';
import { readOrganization } from './explain.ts';
import { readEntries, readRecords, soundPolicySet } from './inputs.ts';
import { storedPolicies, tell } from './table.ts';

export interface ReachOptions extends CheckOptions {
  readonly account?: string;
  readonly json?: boolean;
  /** Names or ARNs of permission sets. */
  readonly failOn?: readonly string[];
}

/**
 * Prints who can have what without a second person, as a complete list. Exit code 1 where that includes a set of
 * `--fail-on`.
 */
export async function tellReach(files: readonly string[], options: ReachOptions, io: CliIo): Promise<void> {
  const entries = await readEntries(files, io);
  const organization = await readOrganization(options, io);
  const records = options.records === undefined ? [] : await readRecords(options.records, io);
  const accountId = accountNamed(options.account, organization);
  const policySet = withPersons(soundPolicySet(entries), records);
  const found = alone(policySet, records, organization, io).filter(
    ({ target }) => accountId === undefined || ('accountId' in target && target.accountId === accountId),
  );
  if (options.json === true) io.stdout(`${JSON.stringify(found)}\n`);
  else for (const sentence of sentences(found, organization)) io.stdout(line(sentence));
  const failing = new Set(setsNamed(options.failOn ?? [], organization));
  if (found.some(({ target }) => 'permissionSetArn' in target && failing.has(target.permissionSetArn))) io.exitWith(1);
}

/**
 * Prints what a push would change, field by field, and who would gain or lose what without a second person. Writes
 * nothing.
 */
export async function planPolicies(
  files: readonly string[],
  options: CheckOptions & TableOptions,
  io: CliIo,
): Promise<void> {
  const entries = await readEntries(files, io);
  const wanted = soundPolicySet(entries);
  const organization = await readOrganization(options, io);
  const table = await io.accessTable(tableNames(options, io));
  const [stored, everything, records] = [
    await storedPolicies(table, io),
    await table.policiesAndStrays(),
    await table.list(ACCESS_PREFIX),
  ];
  tell(comparePolicies(stored, entries), io);
  const before = alone(parsePolicySet(everything), records, organization, io);
  const after = alone(withPersons(wanted, everything), records, organization, io);
  for (const [word, changes] of [
    ['gains', gained(before, after)],
    ['loses', gained(after, before)],
  ] as const) {
    for (const sentence of sentences(changes, organization))
      io.stdout(line(`${word}, with no second person: ${sentence}`));
  }
}

function alone(
  policySet: PolicySet,
  records: Parameters<typeof reachAlone>[1],
  organization: Organization,
  io: CliIo,
): readonly LoneReach[] {
  const reaches = reachAlone(policySet, records, organization, io.now().toISOString(), Number.POSITIVE_INFINITY);
  return eachAlone(reaches ?? []);
}

function sentences(found: readonly LoneReach[], organization: Organization): readonly string[] {
  const nameOf = (id: string) => organization.users.find((user) => user.id === id)?.userName || id;
  return found.map(({ userId, target, path, breakGlass }) => {
    const how = breakGlass ? `by breaking glass, by ${path}` : `by ${path}`;
    return `${nameOf(userId)} can have ${describeTarget(target, organization)}, ${how}`;
  });
}

function accountNamed(name: string | undefined, { accounts }: Organization): string | undefined {
  if (name === undefined) return undefined;
  const found = accounts.filter((account) => account.id === name || account.name === name);
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new UsageError(`there is ${found.length === 0 ? 'no' : 'more than one'} account ${name} in the directory`);
  return only.id;
}

function setsNamed(names: readonly string[], { permissionSets }: Organization): readonly string[] {
  return names.flatMap((name) => {
    const found = permissionSets.filter((set) => set.arn === name || set.name === name);
    if (found.length === 0) throw new UsageError(`there is no permission set ${name} in the directory`);
    return found.map(({ arn }) => arn);
  });
}
