import type * as z from 'zod/mini';
import { didYouMean } from '../records/near.ts';

/** A problem in a file that people write: a sentence, and the path of the value, such as `users[0].id`. */
export interface FileProblem {
  readonly path: string;
  readonly text: string;
}

/**
 * The issues of a schema with the content of a file, worded for the author of the file.
 *
 * @param fields the known fields by path, with `[]` for any index
 */
export function fileProblems(
  issues: readonly z.core.$ZodIssue[],
  content: unknown,
  fields: Readonly<Record<string, readonly string[]>>,
): readonly FileProblem[] {
  // A misspelt field is reported as missing as well; the misspelling is the better message, so it comes first.
  const misspeltFirst = issues.toSorted((a, b) => Number(b.code === UNKNOWN) - Number(a.code === UNKNOWN));
  return misspeltFirst.flatMap((issue) => {
    const path = pathOf(issue.path);
    const where = `${path}${nameAt(content, issue.path)}`;
    if (issue.code === UNKNOWN)
      return issue.keys.map((key): FileProblem => {
        const known = fields[path.replace(/\d+/g, '')] ?? [];
        const meant = didYouMean(key, known) || (known.length === 0 ? '' : `; fields are ${known.join(', ')}`);
        return { path: joined(path, key), text: `${where === '' ? '' : `${where}: `}${key} is not a field${meant}` };
      });
    return [{ path, text: `${where === '' ? 'the file' : where} ${complaint(issue, content)}` }];
  });
}

const UNKNOWN = 'unrecognized_keys';

function complaint(issue: z.core.$ZodIssue, content: unknown): string {
  const value = valueAt(content, issue.path);
  if (issue.code === 'custom') return issue.message;
  if (value === undefined) return 'is missing';
  if (issue.code === 'invalid_value') return `must be ${oneOf(issue.values.map(String))}, not ${shown(value)}`;
  if (issue.code === 'too_small') return 'must not be empty';
  if (issue.code === 'invalid_type') return `must be ${KINDS[issue.expected] ?? issue.expected}, not ${shown(value)}`;
  return `cannot be ${shown(value)}`;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  boolean: 'true or false',
  number: 'a number',
};

function oneOf(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : joined(text, String(key))),
    '',
  );
}

function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** The name of a list member, in brackets, because an index alone is hard to find in a file. */
function nameAt(content: unknown, path: readonly PropertyKey[]): string {
  const index = path.findLastIndex((key) => typeof key === 'number');
  const member = valueAt(content, path.slice(0, index + 1));
  if (index < 0 || typeof member !== 'object' || member === null) return '';
  const { name, userName, id } = member as {
    readonly name?: unknown;
    readonly userName?: unknown;
    readonly id?: unknown;
  };
  const called = [name, userName, id].find((text) => typeof text === 'string' && text !== '');
  return called === undefined ? '' : ` (${String(called)})`;
}

function valueAt(content: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null | undefined)?.[key], content);
}
