import { PRINCIPAL_PREFIX, principalRecordId } from '../../core/model/stored-ids.ts';
import { findUsers, type Organization } from '../../core/policy/authoring/organization.ts';
import { type AccessChange, type AccessTableWriter, MOST_RECORDS_IN_BATCH } from '../../core/policy/authoring/ports.ts';
import { parsePrincipalRecord } from '../../core/policy/records/access-records.ts';
import { didYouMean } from '../../core/policy/records/near.ts';
import { operatorName } from '../deployment/operator-name.ts';
import { type TableOptions, tableNames } from '../deployment/tables.ts';
import { readOrganization } from '../policy/explain.ts';
import { readYaml } from '../policy/inputs.ts';
import { withPlace } from '../policy/places.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { during } from '../terminal/progress.ts';
import { line } from '../terminal/terminal-text.ts';

export interface PrincipalPushOptions extends TableOptions {
  readonly directory?: string;
  readonly aws?: boolean;
  readonly yes?: boolean;
  /** How many records may be removed. @default - a few */
  readonly allowRemoving?: string;
}

/** More removals probably mean that the file is cut off. */
const FEW_REMOVALS = 3;

/**
 * Makes the table hold exactly the Slack users of a file, as `policy push` does with policies. It prints the changes,
 * and writes only with `--yes`, each record only if it has not changed since it was read. A second push changes
 * nothing.
 */
export async function pushPrincipals(path: string, options: PrincipalPushOptions, io: CliIo): Promise<void> {
  const wanted = await readPrincipals(path, options, io);
  const table = await io.accessTable(tableNames(options, io));
  const changes = changesTo(await table.list(PRINCIPAL_PREFIX), wanted);
  for (const { id, before, after } of changes) {
    const [was, is] = [before, after].map((item) => String(item?.ssoPrincipal ?? 'nobody'));
    io.stdout(line(`${id.slice(PRINCIPAL_PREFIX.length)}: ${was} -> ${is}`));
  }
  if (changes.length === 0) {
    io.stdout('the table holds exactly these Slack users\n');
    return;
  }
  const gone = changes.filter(({ after }) => after === undefined).length;
  const allowed = options.allowRemoving ?? String(FEW_REMOVALS);
  if (!/^\d+$/.test(allowed)) throw new UsageError(`--allow-removing must be a number of records, not ${allowed}`);
  if (gone > Number(allowed))
    throw new UsageError(`this removes ${gone} records; if that is meant, repeat with --allow-removing ${gone}`);
  if (options.yes !== true)
    throw new UsageError('nothing is written yet: look at the changes above, then repeat with --yes');
  await during(io, 'writing', writeAll(table, changes, io));
  io.stdout(line(`${changes.length} written`));
}

/**
 * Writes new and changed records before it removes any: if the push stops half way, nobody who stays has lost their
 * record.
 */
async function writeAll(table: AccessTableWriter, changes: readonly AccessChange[], io: CliIo): Promise<void> {
  const by = await operatorName(io);
  for (const type of ['principal-set', 'principal-removed'] as const) {
    const some = changes.filter(({ after }) => (after === undefined) === (type === 'principal-removed'));
    for (let at = 0; at < some.length; at += MOST_RECORDS_IN_BATCH) {
      const batch = some.slice(at, at + MOST_RECORDS_IN_BATCH);
      const result = await table.apply(batch, { type, at: io.now().toISOString(), by, ids: batch.map(({ id }) => id) });
      if (!result.applied)
        throw new UsageError(`somebody else has changed ${result.changedMeanwhile.join(', ')} meanwhile; push again`);
    }
  }
}

/** The changes to the records; further fields of a record stay as they are. */
function changesTo(
  stored: Awaited<ReturnType<AccessTableWriter['list']>>,
  wanted: ReadonlyMap<string, string>,
): readonly AccessChange[] {
  const known = new Map(stored.map((item) => [item.id, item]));
  const set = [...wanted].flatMap(([id, ssoPrincipal]): AccessChange[] => {
    const before = known.get(id);
    if (before?.ssoPrincipal === ssoPrincipal) return [];
    return [{ id, before, after: { ...before, id, ssoPrincipal } }];
  });
  const gone = stored.filter(({ id }) => !wanted.has(id)).map((before): AccessChange => ({ id: before.id, before }));
  return [...set, ...gone].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * Identity Center user ids by record id, from a map of Slack users to people. @throws UsageError for the first invalid
 * entry
 */
async function readPrincipals(
  path: string,
  options: PrincipalPushOptions,
  io: CliIo,
): Promise<ReadonlyMap<string, string>> {
  const content = await readYaml(path, io);
  if (typeof content !== 'object' || content === null || Array.isArray(content) || Object.keys(content).length === 0)
    throw new UsageError(`${path}: must be a map of Slack users to people, such as U0123ABCD: ana@example.com`);
  const known = options.directory !== undefined || options.aws === true;
  const organization = known ? await readOrganization(options, io) : undefined;
  const fail = (slackId: string, text: string) => new UsageError(withPlace(text, content, slackId));
  return new Map(
    Object.entries(content).map(([slackId, user]) => {
      if (!SLACK_USER.test(slackId))
        throw fail(slackId, `${slackId} must be the id of a Slack user, such as U0123ABCD`);
      if (typeof user !== 'string' || user === '') throw fail(slackId, `${slackId}: say who it is, in a text`);
      const found = organization === undefined ? { id: user } : userIn(organization, user);
      if ('problem' in found) throw fail(slackId, `${slackId}: ${found.problem}`);
      const id = principalRecordId(slackId);
      if ('malformed' in parsePrincipalRecord({ id, ssoPrincipal: found.id }))
        throw fail(slackId, `${slackId}: ${user} is no Identity Center user id; names need --directory FILE or --aws`);
      return [id, found.id];
    }),
  );
}

/** The id of a Slack user, of a workspace or of an Enterprise Grid. */
export const SLACK_USER = /^[UW][A-Z0-9]+$/;

function userIn(organization: Organization, user: string): { readonly id: string } | { readonly problem: string } {
  const found = findUsers(organization, user);
  const [one] = found;
  if (one === undefined) {
    const names = organization.users.flatMap(({ userName, email }) => [userName, email]);
    return { problem: `there is no user ${user} in the directory${didYouMean(user, names)}` };
  }
  if (found.length > 1)
    return { problem: `${user} is more than one user: ${found.map(({ id }) => id).join(', ')}; name the id` };
  return one;
}
