import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { DEFAULT_SEED } from './default-seed.ts';
import { type Seed, seedSchema } from './seed-schema.ts';

/** The seed cannot be used. Each line of the message names a field and its problem. */
export class InvalidSeedError extends Error {
  override readonly name = 'InvalidSeedError';
}

/** The seed for sandboxes without one of their own. */
export function defaultSeed(): Seed {
  return readSeed({});
}

/**
 * Loads a seed from a JSON or YAML file and merges it into the default seed: objects are merged key by key, lists and
 * values are replaced, and what the file leaves out stays.
 *
 * @throws InvalidSeedError when the file cannot be read or contradicts itself.
 */
export function loadSeed(file: string): Seed {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidSeedError(`${file} cannot be read: ${(error as Error).message}`);
  }
  let override: unknown;
  try {
    // JSON is a subset of YAML, so one parser reads both.
    override = parse(text);
  } catch (error) {
    throw new InvalidSeedError(`${file} is neither JSON nor YAML: ${(error as Error).message}`);
  }
  return readSeed(override ?? {});
}

/** Completes a partial seed, as `loadSeed` does. @throws InvalidSeedError naming each field. */
export function readSeed(override: unknown): Seed {
  if (!isObject(override)) throw new InvalidSeedError('a seed is an object');
  const parsed = seedSchema.safeParse(merge(DEFAULT_SEED, override));
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) =>
      path.length === 0 ? message : `${writePath(path)}: ${message}`,
    );
    throw new InvalidSeedError(lines.join('\n'));
  }
  const problems = findContradictions(parsed.data);
  if (problems.length > 0) throw new InvalidSeedError(problems.join('\n'));
  return parsed.data;
}

/** Finds problems that involve several fields: duplicate names, and references to things that do not exist. */
function findContradictions(seed: Seed): string[] {
  const problems: string[] = [];
  const unique = (list: readonly object[], field: string, name: string) => {
    const seen = new Set<unknown>();
    for (const [index, entry] of list.entries()) {
      const value = (entry as Record<string, unknown>)[name];
      if (value !== undefined && seen.has(value))
        problems.push(`${field}[${index}].${name}: ${String(value)} is there twice`);
      seen.add(value);
    }
  };
  const known = (value: string, set: ReadonlySet<string>, field: string, what: string) => {
    if (!set.has(value)) problems.push(`${field}: there is no ${what} ${value}`);
  };
  const ids = (list: readonly { id: string }[]) => new Set(list.map((entry) => entry.id));

  unique(seed.accounts, 'accounts', 'id');
  unique(seed.organizationalUnits, 'organizationalUnits', 'id');
  unique(seed.permissionSets, 'permissionSets', 'arn');
  unique(seed.permissionSets, 'permissionSets', 'name');
  for (const name of ['id', 'userName', 'email']) unique(seed.users, 'users', name);
  for (const name of ['id', 'displayName']) unique(seed.groups, 'groups', name);
  unique(seed.slack.users, 'slack.users', 'id');
  unique(seed.slack.channels, 'slack.channels', 'id');

  const accounts = ids(seed.accounts);
  const { rootId, managementAccountId, homeAccountId } = seed.organization;
  known(managementAccountId, accounts, 'organization.managementAccountId', 'account');
  known(homeAccountId, accounts, 'organization.homeAccountId', 'account');
  const parents = ids(seed.organizationalUnits).add(rootId);
  for (const [index, { ou }] of seed.accounts.entries())
    known(ou, parents, `accounts[${index}].ou`, 'organizational unit');
  const above = new Map(seed.organizationalUnits.map((unit) => [unit.id, unit.parent]));
  for (const [index, { id, parent }] of seed.organizationalUnits.entries()) {
    const field = `organizationalUnits[${index}].parent`;
    known(parent, parents, field, 'organizational unit');
    const passed = new Set([id]);
    for (let at = above.get(id); at !== undefined; at = above.get(at)) {
      if (passed.has(at)) {
        problems.push(`${field}: ${id} lies within itself`);
        break;
      }
      passed.add(at);
    }
  }
  const [users, groups, sets] = [ids(seed.users), ids(seed.groups), new Set(seed.permissionSets.map(({ arn }) => arn))];
  for (const [index, { members }] of seed.groups.entries())
    for (const [place, member] of members.entries()) known(member, users, `groups[${index}].members[${place}]`, 'user');
  for (const [index, held] of seed.assignments.entries()) {
    const isUser = held.principalType === 'USER';
    known(held.accountId, accounts, `assignments[${index}].accountId`, 'account');
    known(held.permissionSetArn, sets, `assignments[${index}].permissionSetArn`, 'permission set');
    known(held.principalId, isUser ? users : groups, `assignments[${index}].principalId`, isUser ? 'user' : 'group');
  }
  const people = ids(seed.slack.users);
  for (const [index, { members }] of seed.slack.channels.entries())
    for (const [place, member] of members.entries())
      known(member, people, `slack.channels[${index}].members[${place}]`, 'Slack user');
  return problems;
}

function merge(base: unknown, override: unknown): unknown {
  if (!isObject(base) || !isObject(override)) return override;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(override)) merged[key] = key in base ? merge(base[key], value) : value;
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function writePath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');
}
