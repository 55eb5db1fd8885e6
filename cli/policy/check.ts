import { reachable } from '../../core/doctor/expected.ts';
import type { AccessItem } from '../../core/model/access-item.ts';
import { checkPolicies, type Finding } from '../../core/policy/authoring/check.ts';
import { policySetOf, withPersons } from '../../core/policy/records/policy-set.ts';
import { readExpected } from '../doctor/expected.ts';
import type { CliIo } from '../terminal/io.ts';
import { line } from '../terminal/terminal-text.ts';
import { readOrganization } from './explain.ts';
import { type PolicyEntry, readEntries, readRecords } from './inputs.ts';
import { placeOf } from './places.ts';

export interface CheckOptions {
  readonly directory?: string;
  readonly aws?: boolean;
  readonly records?: string;
  readonly config?: string;
}

/** Checks policy files. Prints all findings; an error makes the exit code 2. */
export async function checkFiles(files: readonly string[], options: CheckOptions, io: CliIo): Promise<void> {
  const entries = await readEntries(files, io);
  const records = options.records === undefined ? [] : await readRecords(options.records, io);
  const findings = await findIn(entries, records, options, io);
  report(findings, io);
  const count = (severity: Finding['severity']) => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings] = [count('error'), count('warning')];
  if (errors > 0) io.exitWith(2);
  else
    io.stdout(
      line(
        `${entries.length} ${entries.length === 1 ? 'policy' : 'policies'}, no errors, ${warnings} warning${warnings === 1 ? '' : 's'}`,
      ),
    );
}

/** Whether the named configuration gives access in an account. @throws UsageError where it cannot be read */
async function givenBy(path: string | undefined, io: CliIo): Promise<((accountId: string) => boolean) | undefined> {
  if (path === undefined) return undefined;
  const expected = await readExpected(path, io);
  return (accountId) => reachable(expected, [accountId]).includes(accountId);
}

/** A finding, with the place of its policy in a file. */
interface PlacedFinding extends Finding {
  /** `file:line`. */
  readonly place?: string;
}

/**
 * Findings, errors first.
 *
 * @param records access records and person records
 */
export async function findIn(
  entries: readonly PolicyEntry[],
  records: readonly AccessItem[],
  options: Omit<CheckOptions, 'records'>,
  io: CliIo,
): Promise<readonly PlacedFinding[]> {
  const known = options.directory !== undefined || options.aws === true;
  const isGiven = await givenBy(options.config, io);
  const organization = known ? await readOrganization(options, io) : undefined;
  const order: readonly Finding['severity'][] = ['error', 'warning', 'note'];
  const found = checkPolicies(
    withPersons(policySetOf(entries), records),
    records,
    organization,
    io.now().toISOString(),
    isGiven,
  );
  return [...found]
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
    .map((finding) => {
      const { policy, entry = entries.findLast(({ name }) => name === policy), field } = finding.about ?? {};
      const place = placeOf(entry, field);
      return place === '' ? finding : { ...finding, place };
    });
}

/** Prints errors to standard error, and other findings to standard output. */
export function report(findings: readonly PlacedFinding[], io: CliIo): void {
  for (const { severity, text, place } of findings) {
    const found = line(`${place === undefined ? '' : `${place}: `}${severity}: ${text}`);
    if (severity === 'error') io.stderr(found);
    else io.stdout(found);
  }
}
