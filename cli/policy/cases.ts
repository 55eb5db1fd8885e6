import { dirname, resolve } from 'node:path';
import type { Decision } from '../../core/model/decision.ts';
import { parseDuration, toIsoDuration } from '../../core/model/duration.ts';
import { compareText } from '../../core/model/text.ts';
import { findUsers, type Organization } from '../../core/policy/authoring/organization.ts';
import { didYouMean } from '../../core/policy/records/near.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { line } from '../terminal/terminal-text.ts';
import { type Case, readCases } from './cases-file.ts';
import { readDirectory, readEntries, readRecords, soundPolicySet } from './inputs.ts';
import { reachedAllTheSame } from './never.ts';
import { answer } from './request-input.ts';

export interface CasesOptions {
  readonly file?: readonly string[];
  readonly directory?: string;
  readonly records?: string;
}

/** Runs the cases of a file. Exit code 1 when one differs from what it expects. */
export async function testCases(path: string, options: CasesOptions, io: CliIo): Promise<void> {
  const { policies, directory, records, at, cases, never, placeOf } = await readCases(path, io);
  const beside = (file: string) => resolve(dirname(path), file);
  const files = options.file ?? [policies ?? []].flat().map(beside);
  if (files.length === 0)
    throw new UsageError(`${path}: say which policies to test: policies in the file, or --file FILE`);
  const directoryFile = options.directory ?? (directory === undefined ? undefined : beside(directory));
  if (directoryFile === undefined)
    throw new UsageError(`${path}: say who people are: directory in the file, or --directory FILE`);
  const recordsFile = options.records ?? (records === undefined ? undefined : beside(records));
  const world = {
    policySet: soundPolicySet(await readEntries(files, io)),
    records: recordsFile === undefined ? [] : await readRecords(recordsFile, io),
    organization: await readDirectory(directoryFile, io),
  };
  let failed = 0;
  const fail = (place: string, name: string, lines: readonly string[]) => {
    failed++;
    io.stdout(line(`${place}: failed: ${name}`));
    for (const one of lines) io.stdout(`  ${line(one)}`);
  };
  for (const [index, one] of cases.entries()) {
    const place = placeOf(`cases[${index}]`);
    const decision = await answerCase(place, { at, ...one }, world, io);
    const differences = differencesIn(one.expect, decision, place, world.organization);
    if (differences.length > 0) fail(place, one.name, [...differences, `it was told: ${decision.reason}`]);
  }
  for (const [index, one] of never.entries()) {
    const place = placeOf(`never[${index}]`);
    const reached = reachedAllTheSame(one, place, world, io.now().toISOString());
    if (reached.length > 0) fail(place, one.name, reached);
  }
  io.stdout(
    line(
      `${cases.length} ${cases.length === 1 ? 'case' : 'cases'}${never.length === 0 ? '' : ` and ${never.length} never`}, ${failed} failed`,
    ),
  );
  if (failed > 0) io.exitWith(1);
}

async function answerCase(place: string, one: Case, world: Parameters<typeof answer>[1], io: CliIo): Promise<Decision> {
  const { name, expect: _expect, ...written } = one;
  try {
    return (await answer(written, world, io.now())).decision;
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${place}: case "${name}": ${error.message}`);
    throw error;
  }
}

function differencesIn(
  expected: Case['expect'],
  decision: Decision,
  place: string,
  organization: Organization,
): string[] {
  const differences: string[] = [];
  const hold = (field: string, wanted: string | undefined, came: string | undefined) => {
    if (wanted !== undefined && wanted !== came)
      differences.push(`${field}: expected ${wanted}, came ${came ?? 'none'}`);
  };
  hold('outcome', expected.outcome, decision.outcome);
  hold('path', expected.path, decision.path);
  hold(
    'approvers',
    expected.approvers && called(idsOf(expected.approvers, place, organization), organization),
    called(decision.approvers, organization),
  );
  hold(
    'maxDuration',
    expected.maxDuration && iso(expected.maxDuration, place),
    decision.maxDurationSeconds === undefined ? undefined : toIsoDuration(decision.maxDurationSeconds),
  );
  if (
    expected.reason !== undefined &&
    expected.reason !== decision.refusal?.reason &&
    !decision.reason.includes(expected.reason)
  ) {
    differences.push(`reason: expected ${expected.reason}, came ${decision.refusal?.reason ?? 'no refusal'}`);
  }
  if (expected.nearest !== undefined && decision.nearest?.includes(expected.nearest) !== true) {
    differences.push(`nearest: expected ${expected.nearest}, came ${decision.nearest ?? 'none'}`);
  }
  return differences;
}

/** @throws UsageError for a name that no user has, or more than one */
function idsOf(names: readonly string[], place: string, organization: Organization): readonly string[] {
  return names.map((name) => {
    const [one, other] = findUsers(organization, name);
    if (one === undefined) {
      const known = organization.users.flatMap(({ userName, email }) => [userName, email]);
      throw new UsageError(`${place}: expect.approvers: there is no user ${name}${didYouMean(name, known)}`);
    }
    if (other !== undefined)
      throw new UsageError(`${place}: expect.approvers: ${name} is more than one user; name the id`);
    return one.id;
  });
}

/** User names in a fixed order, so that two lists can be compared as texts. */
function called(ids: readonly string[], { users }: Organization): string {
  return [...ids]
    .sort(compareText)
    .map((id) => users.find((user) => user.id === id)?.userName || id)
    .join(', ');
}

function iso(text: string, place: string): string {
  const seconds = parseDuration(text);
  if (seconds === undefined)
    throw new UsageError(`${place}: expect.maxDuration must be a duration with a unit, such as 1h, not ${text}`);
  return toIsoDuration(seconds);
}
