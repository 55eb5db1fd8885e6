import * as z from 'zod/mini';
import { fileProblems } from '../../core/policy/authoring/file-problems.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { readYaml } from './inputs.ts';
import { withPlace } from './places.ts';

const expectSchema = z.strictObject({
  outcome: z.enum(['granted', 'needs-approval', 'refused']),
  /** The code of a refusal, or a part of the sentence. */
  reason: z.optional(z.string()),
  path: z.optional(z.string()),
  /** Everyone whose vote can still count, by id, user name or e-mail, in any order. */
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
  /** What the person holds or held of the target, each `START/END`. */
  held: z.optional(z.array(z.string())),
  /** It asks for more time on what lasts. */
  extends: z.optional(z.boolean()),
  expect: expectSchema,
});

/** Who must never have what. The fields that say so are a policy's own, and are read as a policy's are. */
const neverSchema = z.strictObject({
  name: z.string(),
  /** With no second person, which is what is meant without it; `at-all`: however many approve. */
  how: z._default(z.enum(['alone', 'at-all']), 'alone'),
  who: z.optional(z.unknown()),
  accounts: z.optional(z.unknown()),
  permissionSets: z.optional(z.unknown()),
  groups: z.optional(z.unknown()),
});

const fileNames = z.union([z.string(), z.array(z.string())]);
const casesSchema = z.strictObject({
  /** Files, relative to this one. */
  policies: z.optional(fileNames),
  directory: z.optional(z.string()),
  records: z.optional(z.string()),
  /** The instant of cases that name none. */
  at: z.optional(z.string()),
  cases: z._default(z.array(caseSchema), []),
  never: z._default(z.array(neverSchema), []),
});

export type Case = z.output<typeof caseSchema>;
export type Never = z.output<typeof neverSchema>;

/** What belongs where, for the message about what does not. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(casesSchema.shape),
  'cases[]': Object.keys(caseSchema.shape),
  'cases[].expect': Object.keys(expectSchema.shape),
  'never[]': Object.keys(neverSchema.shape),
};

/**
 * Reads a file of cases: a map, or a list of cases alone.
 *
 * @returns its content, and what says where a part of it stands
 * @throws UsageError for the first thing that is wrong with it
 */
export async function readCases(
  path: string,
  io: CliIo,
): Promise<z.output<typeof casesSchema> & { readonly placeOf: (path: string) => string }> {
  const read = await readYaml(path, io);
  const [content, list] = Array.isArray(read) ? [{ cases: read }, read] : [read, undefined];
  // Of a list alone, the places are those of the list.
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
