import * as z from 'zod';
import { nearestOf } from '../nearest.ts';

/** The configuration cannot be deployed. `message` lists every problem with its field and the fix, one per line. */
export class InvalidConfigError extends Error {
  override readonly name = 'InvalidConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`glasshammer.config.ts needs a correction:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Checks a value against a schema.
 *
 * @throws InvalidConfigError with one line per problem, `field: what is wrong and what to write`
 */
export function checkConfig<T>(value: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value, { error: defaultSentence, reportInput: true });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  // A misspelt required setting would be reported twice, as unknown and as missing; the second report is dropped.
  const meant = new Set(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => fieldName([...issue.path, nearestOf(key, knownKeys(schema, issue.path)) ?? '']))
        : [],
    ),
  );
  throw new InvalidConfigError(
    issues
      .filter((issue) => issue.input !== undefined || issue.code === 'custom' || !meant.has(fieldName(issue.path)))
      .map((issue) => `${fieldName(issue.path)}: ${sentence(issue, schema)}`),
  );
}

/** The message for a wrong type where the schema has none of its own. */
function defaultSentence(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === 'invalid_type'
    ? `write ${issue.expected === 'object' ? 'an object' : `a ${issue.expected}`} here`
    : undefined;
}

function sentence(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path);
    const nearest = issue.keys.map((key) => nearestOf(key, known));
    const keys = issue.keys.map((key) => `"${key}"`).join(', ');
    return nearest.every((name) => name !== undefined)
      ? `there is no setting ${keys}; did you mean ${nearest.join(', ')}?`
      : `there is no setting ${keys}; write one of ${known.join(', ')}, or remove it`;
  }
  return issue.input === undefined && issue.code !== 'custom' ? `is missing; ${issue.message}` : issue.message;
}

/** The field as it is written in the file: `report.to[0]`. */
function fieldName(path: readonly PropertyKey[]): string {
  const name = path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    '',
  );
  return name || 'config';
}

function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: z.ZodType | undefined = schema;
  for (const part of path) {
    const container = unwrap(at);
    at = container instanceof z.ZodArray ? (container.element as z.ZodType) : shapeOf(container)[String(part)];
  }
  return Object.keys(shapeOf(unwrap(at)));
}

function shapeOf(schema: z.ZodType | undefined): Record<string, z.ZodType> {
  return schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodType>) : {};
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return unwrap(schema.unwrap() as z.ZodType);
  }
  if (schema instanceof z.ZodPipe) return unwrap(schema.in as z.ZodType);
  return schema;
}
