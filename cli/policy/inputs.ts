import { LineCounter, parseAllDocuments, visit } from 'yaml';
import type { AccessItem } from '../../core/model/access-item.ts';
import { type Organization, parseOrganization } from '../../core/policy/authoring/organization.ts';
import { hasLostItsZero, policiesIn, withoutByteOrderMark } from '../../core/policy/changing/policy-file.ts';
import { type PolicySet, policySetOf } from '../../core/policy/records/policy-set.ts';
import { readItem } from '../../gateways/dynamodb/read-item.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { rememberPlaces, withPlace } from './places.ts';

/** An entry of a policy file, as written. */
export type PolicyEntry = Readonly<Record<string, unknown>>;

async function readText(path: string, io: CliIo): Promise<string> {
  try {
    return await io.readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw new UsageError(`${path}: there is no such file`);
    if (code === 'EISDIR') throw new UsageError(`${path}: is a folder; name the files`);
    throw new UsageError(`${path}: cannot be read (${String(error)})`);
  }
}

/**
 * Reads a YAML (or JSON) file in YAML's core schema, in which `no` and `08:00` are texts. `null` for an empty file.
 *
 * @throws UsageError, with line and column where they are known
 */
export async function readYaml(path: string, io: CliIo): Promise<unknown> {
  const text = withoutByteOrderMark(await readText(path, io));
  const lines = new LineCounter();
  const [document, second] = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  if (document === undefined || !('contents' in document)) return null;
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  if (second !== undefined) {
    throw new UsageError(`${place(second.range[0])}: one document only; remove the --- or make two files`);
  }
  const [error] = document.errors;
  if (error !== undefined) {
    const [twice = ''] = error.code === 'DUPLICATE_KEY' ? (/^[^\s:]+/.exec(text.slice(error.pos[0])) ?? []) : [];
    const what = twice === '' ? `is no YAML: ${error.message.split('\n')[0]}` : `${twice} is there twice`;
    throw new UsageError(`${place(error.pos[0])}: ${what}`);
  }
  visit(document, {
    Scalar: (_key, { value, source = '', range }) => {
      if (!hasLostItsZero(value, source)) return;
      const at = place(range?.[0] ?? 0);
      throw new UsageError(`${at}: YAML took ${source} for a number and lost its zero; write "${source}"`);
    },
  });
  try {
    const content: unknown = document.toJS();
    rememberPlaces(path, document, content, lines);
    return content;
  } catch (wrong) {
    throw new UsageError(`${path}: is no YAML: ${wrong instanceof Error ? wrong.message : String(wrong)}`);
  }
}

/**
 * The entries of policy files: each file is a list, or a map with a list under `policies`.
 *
 * @throws UsageError for a file that cannot be read, is no such list, or has no policy
 */
export async function readEntries(paths: readonly string[], io: CliIo): Promise<readonly PolicyEntry[]> {
  const files = await Promise.all(paths.map((path) => readYaml(path, io)));
  return files.flatMap((content, index) => {
    const list = policiesIn(content);
    // A file emptied by mistake must not remove all policies.
    if (list === null || list === undefined || (Array.isArray(list) && list.length === 0))
      throw new UsageError(`${paths[index]}: holds no policy; what is to go is left out of a file that holds others`);
    if (!Array.isArray(list))
      throw new UsageError(`${paths[index]}: must be a list of policies, or a map with policies`);
    return list as PolicyEntry[];
  });
}

/**
 * Policies that must be valid: the first problem ends the command.
 *
 * @throws UsageError for a policy that is malformed, or has the name of another
 */
export function soundPolicySet(entries: readonly PolicyEntry[]): PolicySet {
  const policySet = policySetOf(entries);
  const [bad] = policySet.unreadable;
  if (bad !== undefined) {
    const more = policySet.unreadable.reduce((count, { problems }) => count + problems.length, 0) - 1;
    const text = `${bad.problems[0]}${more > 0 ? ` (and ${more} more; see policy check)` : ''}`;
    throw new UsageError(withPlace(text, bad.entry, bad.fields?.[0]));
  }
  const names = policySet.policies.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    const text = `policy "${twice}": the name is used more than once; each policy needs its own`;
    throw new UsageError(
      withPlace(
        text,
        entries.findLast(({ name }) => name === twice),
        'name',
      ),
    );
  }
  return policySet;
}

/**
 * The users, groups, accounts and permission sets of a directory file.
 *
 * @throws UsageError with the first problem and the number of further ones
 */
export async function readDirectory(path: string, io: CliIo): Promise<Organization> {
  const content = await readYaml(path, io);
  const parsed = parseOrganization(content);
  if (!('problems' in parsed)) return parsed;
  const [first] = parsed.problems;
  const more = parsed.problems.length - 1;
  const text = `${first?.text ?? ''}${more > 0 ? ` (and ${more} more)` : ''}`;
  const told = withPlace(text, content, first?.path);
  throw new UsageError(told === text ? `${path}: ${text}` : told);
}

/**
 * Access records from a file: a list of items as the DynamoDB console shows them, in DynamoDB JSON or as plain JSON.
 *
 * @throws UsageError for anything else
 */
export async function readRecords(path: string, io: CliIo): Promise<readonly AccessItem[]> {
  const content = await readYaml(path, io);
  if (!Array.isArray(content)) throw new UsageError(`${path}: must be a list of records`);
  return content.map((raw: unknown) => {
    const item = isMarshalled(raw) ? readItem(raw as Parameters<typeof readItem>[0]) : raw;
    if (typeof item !== 'object' || item === null || !('id' in item) || typeof item.id !== 'string') {
      throw new UsageError(`${path}: every record needs an id`);
    }
    return item as AccessItem;
  });
}

function isMarshalled(raw: unknown): boolean {
  return typeof raw === 'object' && raw !== null && 'id' in raw && typeof raw.id === 'object';
}
