import * as z from 'zod/mini';
import { fileProblems } from '../../core/policy/authoring/file-problems.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { readYaml } from './inputs.ts';
import { withPlace } from './places.ts';

const expectSchema = z.strictObject({
  outcome: z.enum(['granted', 'needs-approval', 'refused']),
  /** The code of a refusal, or a part of its sentence. */
  reason: z.optional(z.string()),
  path: z.optional(z.string()),
  /** Every user whose vote can still count, by id, user name or e-mail, in any order. */
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
  /** Access to the target that the person has or had, each `START/END`. */
  held: z.optional(z.array(z.string())),
  /** The request extends existing access. */
  extends: z.optional(z.boolean()),
  expect: expectSchema,
});

/**
 * People who must never have certain targets. The fields for people and targets are those of a policy, and are read the
 * same way.
 */
const neverSchema = z.strictObject({
  name: z.string(),
  /** `alone`: without a second person; `at-all`: not even with approvals. */
  how: z._default(z.enum(['alone', 'at-all']), 'alone'),
  who: z.optional(z.unknown()),
  accounts: z.optional(z.unknown()),
  permissionSets: z.optional(z.unknown()),
  groups: z.optional(z.unknown()),
});

const fileNames = z.union([z.string(), z.array(z.string())]);
const casesSchema = z.strictObject({
  /** File names, relative to this file. */
  policies: z.optional(fileNames),
  directory: z.optional(z.string()),
  records: z.optional(z.string()),
  /** The instant of cases that have none. */
  at: z.optional(z.string()),
  cases: z._default(z.array(caseSchema), []),
  never: z._default(z.array(neverSchema), []),
});

export type Case = z.output<typeof caseSchema>;
export type Never = z.output<typeof neverSchema>;

/** The known fields of each place, for messages about unknown ones. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(casesSchema.shape),
  'cases[]': Object.keys(caseSchema.shape),
  'cases[].expect': Object.keys(expectSchema.shape),
  'never[]': Object.keys(neverSchema.shape),
};

/**
 * Reads a file of cases: a map, or only a list of cases.
 *
 * @returns the content, and a function that says where in the file a part of it is
 * @throws UsageError for the first problem
 */
export async function readCases(
  path: string,
  io: CliIo,
): Promise<z.output<typeof casesSchema> & { readonly placeOf: (path: string) => string }> {
  const read = await readYaml(path, io);
  const [content, list] = Array.isArray(read) ? [{ cases: read }, read] : [read, undefined];
  // In a file that is only a list, places refer to the list.
  const placed = (text: string, where: string) =>
    list === undefined ? withPlace(text, read, where) : withPlace(text, list, where.replace(/^cases/, ''));
  const parsed = casesSchema.safeParse(content);
  if (!parsed.success) {
    const problems = fileProblems(parsed.error.issues, content, FIELDS);
    const text = `${problems[0]?.text ?? 'is no list of cases'}${problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''}`;
    const told = placed(text, problems[0]?.path ?? '');
    throw new UsageError(told === text ? `${path}: ${text}` : told);
  }
  if (parsed.data.cases.length + parsed.data.never.length === 0)
    throw new UsageError(`${path}: holds no case; write some under cases, or under never`);
  return { ...parsed.data, placeOf: (where) => placed('', where).replace(/: $/, '') || path };
}
