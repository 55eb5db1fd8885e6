import { stringify } from 'yaml';
import type { AccessItem } from '../../core/model/access-item.ts';
import { ACCESS_PREFIX, POLICY_PREFIX } from '../../core/model/stored-ids.ts';
import type { Finding } from '../../core/policy/authoring/check.ts';
import { batchesOf, comparePolicies, type PolicyDifference, policyOfItem } from '../../core/policy/authoring/plan.ts';
import type { AccessTableWriter } from '../../core/policy/authoring/ports.ts';
import { unannouncedRemovals } from '../../core/policy/authoring/removals.ts';
import { misplaced, recordKind } from '../../core/policy/records/record-kind.ts';
import { recordProblem } from '../../core/policy/records/record-problem.ts';
import { operatorName } from '../deployment/operator-name.ts';
import { type TableOptions, tableNames } from '../deployment/tables.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { line } from '../terminal/terminal-text.ts';
import { type CheckOptions, findIn, report } from './check.ts';
import { readEntries, soundPolicySet } from './inputs.ts';

/** Prints what pushing the files would change. */
export async function diffPolicies(files: readonly string[], options: TableOptions, io: CliIo): Promise<void> {
  const entries = await readEntries(files, io);
  soundPolicySet(entries);
  const table = await io.accessTable(tableNames(options, io));
  tell(comparePolicies(await storedPolicies(table, io), entries), io);
}

/**
 * The policies of the access table. Warns about records with an unknown id prefix: no push would touch them, and some
 * refuse requests.
 */
export async function storedPolicies(table: AccessTableWriter, io: CliIo): Promise<readonly AccessItem[]> {
  const items = await table.policiesAndStrays();
  const strays = items.filter(({ id }) => recordKind(id) === undefined);
  const findings = strays.map(({ id }): Finding => ({ severity: 'warning', text: misplaced(id) }));
  report(findings, io);
  return items.filter(({ id }) => recordKind(id) === 'policy');
}

export interface PushOptions extends TableOptions, Omit<CheckOptions, 'records'> {
  readonly yes?: boolean;
  /** How many policies may be removed. @default - a few, and none that denies or requires */
  readonly allowRemoving?: string;
}

/**
 * Makes the table hold exactly the policies of the files. It checks them first as `policy check` does, with the records
 * that are in the table, and prints the changes. It writes only with `--yes`, and each record only if it has not changed
 * since it was read. A second push changes nothing.
 */
export async function pushPolicies(files: readonly string[], options: PushOptions, io: CliIo): Promise<void> {
  const entries = await readEntries(files, io);
  const table = await io.accessTable(tableNames(options, io));
  const findings = await findIn(entries, await soundRecords(table), options, io);
  report(
    findings.filter(({ severity }) => severity !== 'note'),
    io,
  );
  if (findings.some(({ severity }) => severity === 'error')) {
    io.exitWith(2);
    return;
  }
  const differences = comparePolicies(await storedPolicies(table, io), entries);
  tell(differences, io);
  if (differences.length === 0) return;
  refuseRemovals(differences, options.allowRemoving);
  if (options.yes !== true)
    throw new UsageError('nothing is written yet: look at the changes above, then repeat with --yes');
  for (const batch of batchesOf(differences)) {
    const ids = batch.map(({ id }) => id);
    const result = await table.apply(batch, {
      type: 'policy-pushed',
      at: io.now().toISOString(),
      by: await operatorName(io),
      ids,
    });
    if (!result.applied) {
      throw new UsageError(
        `somebody else has changed ${result.changedMeanwhile.join(', ')} meanwhile; look at policy diff again`,
      );
    }
  }
  io.stdout(line(`${differences.length} written`));
}

/** The access and person records of the table. What is wrong with the others is not for a push of policies to tell. */
async function soundRecords(table: AccessTableWriter): Promise<readonly AccessItem[]> {
  const persons = (await table.policiesAndStrays()).filter(({ id }) => recordKind(id) === 'person');
  return [...persons, ...(await table.list(ACCESS_PREFIX))].filter((item) => recordProblem(item) === undefined);
}

/** @throws UsageError where a push would remove more than was allowed: many policies, or one that denies or requires */
function refuseRemovals(differences: readonly PolicyDifference[], allowed: string | undefined): void {
  if (allowed !== undefined && !/^\d+$/.test(allowed))
    throw new UsageError(`--allow-removing must be a number of policies, not ${allowed}`);
  const unannounced = unannouncedRemovals(differences, allowed === undefined ? undefined : Number(allowed));
  if (unannounced === undefined) return;
  throw new UsageError(
    `this ${unannounced.sentence}; if that is meant, repeat with --allow-removing ${unannounced.count}`,
  );
}

/** Prints the policies of the table as a policy file. */
export async function pullPolicies(options: TableOptions & { readonly out?: string }, io: CliIo): Promise<void> {
  const table = await io.accessTable(tableNames(options, io));
  const items = [...(await table.list(POLICY_PREFIX))].sort((a, b) => (a.id < b.id ? -1 : 1));
  const text = stringify(items.map(policyOfItem));
  if (options.out === undefined) io.stdout(text);
  else await io.writeFile(options.out, text);
}

/**
 * Prints the differences between policy files and the table: a line for each policy, and one for each field below it.
 */
export function tell(differences: readonly PolicyDifference[], io: CliIo): void {
  if (differences.length === 0) io.stdout('the table holds exactly these policies\n');
  for (const { name, kind, fields } of differences) {
    io.stdout(line(`${kind} ${name}`));
    for (const { field, before, after } of fields) {
      io.stdout(`  ${line(`${field}: ${written(before)} -> ${written(after)}`)}`);
    }
  }
}

function written(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
