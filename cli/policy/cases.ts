import { dirname, resolve } from 'node:path';
import * as z from 'zod/mini';
import type { Decision } from '../../core/model/decision.ts';
import { parseDuration, toIsoDuration } from '../../core/model/duration.ts';
import { byCode } from '../../core/policy/decision/quorum.ts';
import { type CliIo, UsageError } from '../io.ts';
import { readDirectory, readEntries, readRecords, readYaml, soundPolicySet } from './inputs.ts';
import { answer } from './request-input.ts';

const expectSchema = z.strictObject({
  outcome: z.enum(['granted', 'needs-approval', 'refused']),
  /** The code of a refusal, or a part of the sentence. */
  reason: z.optional(z.string()),
  path: z.optional(z.string()),
  /** Ids of everyone whose vote can still count, in any order. */
  approvers: z.optional(z.array(z.string())),
  maxDuration: z.optional(z.string()),
  nearest: z.optional(z.string()),
});

const caseSchema = z.strictObject({
  name: z.string(),
  user: z.string(),
  account: z.optional(z.pipe(z.union([z.string(), z.number()]), z.transform(String))),
  permissionSet: z.optional(z.string()),
  group: z.optional(z.string()),
  duration: z.optional(z.string()),
  at: z.optional(z.string()),
  reason: z.optional(z.string()),
  ticket: z.optional(z.string()),
  votes: z.optional(z.array(z.string())),
  waited: z.optional(z.string()),
  expect: expectSchema,
});

const fileNames = z.union([z.string(), z.array(z.string())]);
const casesSchema = z.strictObject({
  /** Files, relative to this one. */
  policies: z.optional(fileNames),
  directory: z.optional(z.string()),
  records: z.optional(z.string()),
  /** The instant of cases that name none. */
  at: z.optional(z.string()),
  cases: z.array(caseSchema).check(z.minLength(1)),
});

type Case = z.output<typeof caseSchema>;

export interface CasesOptions {
  readonly file?: readonly string[];
  readonly directory?: string;
  readonly records?: string;
}

/** Runs the cases of a file. Exit code 1 when one comes out differently. */
export async function testCases(path: string, options: CasesOptions, io: CliIo): Promise<void> {
  const content = await readYaml(path, io);
  const parsed = casesSchema.safeParse(Array.isArray(content) ? { cases: content } : content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(`${path}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is no list of cases'}`);
  }
  const beside = (file: string) => resolve(dirname(path), file);
  const { policies, directory, records, at, cases } = parsed.data;
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
  for (const one of cases) {
    const decision = await answerCase(path, { ...(at === undefined ? {} : { at }), ...one }, world, io);
    const differences = differencesIn(one.expect, decision);
    if (differences.length === 0) continue;
    failed++;
    io.stdout(
      `failed: ${one.name}\n${differences.map((line) => `  ${line}\n`).join('')}  it was told: ${decision.reason}\n`,
    );
  }
  io.stdout(`${cases.length} cases, ${failed} failed\n`);
  if (failed > 0) io.exitWith(1);
}

async function answerCase(path: string, one: Case, world: Parameters<typeof answer>[1], io: CliIo): Promise<Decision> {
  const { name, expect: _expect, ...written } = one;
  try {
    return await answer(written, world, io.now());
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${path}: case "${name}": ${error.message}`);
    throw error;
  }
}

function differencesIn(expected: Case['expect'], decision: Decision): string[] {
  const differences: string[] = [];
  const hold = (field: string, wanted: string | undefined, came: string | undefined) => {
    if (wanted !== undefined && wanted !== came)
      differences.push(`${field}: expected ${wanted}, came ${came ?? 'none'}`);
  };
  hold('outcome', expected.outcome, decision.outcome);
  hold('path', expected.path, decision.path);
  hold(
    'approvers',
    expected.approvers && [...expected.approvers].sort(byCode).join(', '),
    decision.approvers.join(', '),
  );
  hold(
    'maxDuration',
    expected.maxDuration && iso(expected.maxDuration),
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

function iso(text: string): string {
  const seconds = parseDuration(text);
  if (seconds === undefined)
    throw new UsageError(`maxDuration must be a duration with a unit, such as 1h, not ${text}`);
  return toIsoDuration(seconds);
}
