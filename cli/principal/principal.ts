import type { Command } from 'commander';
import { PRINCIPAL_PREFIX, principalRecordId } from '../../core/model/stored-ids.ts';
import { findUsers } from '../../core/policy/authoring/organization.ts';
import type { AccessChange, AccessTableWriter } from '../../core/policy/authoring/ports.ts';
import { parsePrincipalRecord } from '../../core/policy/records/access-records.ts';
import { operatorName } from '../deployment/operator-name.ts';
import { type TableOptions, tableNames } from '../deployment/tables.ts';
import { readOrganization } from '../policy/explain.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { withTables } from '../terminal/options.ts';
import { line, row } from '../terminal/terminal-text.ts';
import { pushPrincipals, SLACK_USER } from './principal-push.ts';

/** `glasshammer principal …`: which Identity Center user a Slack user is. */
export function registerPrincipal(program: Command, io: CliIo): void {
  const principal = program.command('principal').description('which Identity Center user a Slack user is');

  withTables(principal.command('set'))
    .description('write that a Slack user is this Identity Center user')
    .argument('<slack-id>', 'such as U0123ABCD')
    .argument('<user>', 'id; with --directory or --aws also user name or e-mail')
    .option('--directory <file>', 'users, groups, accounts and permission sets')
    .option('--aws', 'read them from AWS')
    .action((slackId: string, user: string, options) => setPrincipal(slackId, user, options, io));

  withTables(principal.command('push'))
    .description('make the access table hold exactly the Slack users of a file: a map of their ids to people')
    .argument('<file>', 'YAML or JSON, such as U0123ABCD: ana@example.com')
    .option('--directory <file>', 'users, groups, accounts and permission sets')
    .option('--aws', 'read them from AWS')
    .option('--yes', 'write; without, only say what would change')
    .option('--allow-removing <n>', 'records that may be removed; without, three')
    .action((path: string, options) => pushPrincipals(path, options, io));

  withTables(principal.command('list'))
    .description('every Slack user with a record')
    .action((options) => listPrincipals(options, io));

  withTables(principal.command('remove'))
    .description('remove the record of a Slack user')
    .argument('<slack-id>', 'such as U0123ABCD')
    .action((slackId: string, options) => removePrincipal(slackId, options, io));
}

type WhereOptions = TableOptions & { readonly directory?: string; readonly aws?: boolean };

async function setPrincipal(slackId: string, user: string, options: WhereOptions, io: CliIo): Promise<void> {
  const id = recordId(slackId);
  const ssoPrincipal = await principalIdOf(user, options, io);
  const after = { id, ssoPrincipal };
  const parsed = parsePrincipalRecord(after);
  if ('malformed' in parsed)
    throw new UsageError(`user must be an Identity Center user id, not ${user}; names need --directory FILE or --aws`);
  const table = await io.accessTable(tableNames(options, io));
  const before = await find(table, id);
  if (before?.ssoPrincipal === ssoPrincipal) {
    io.stdout(line(`${slackId} is ${ssoPrincipal} already`));
    return;
  }
  await write(table, { id, after, before }, 'principal-set', io);
  io.stdout(
    line(`${slackId} is ${ssoPrincipal}${before === undefined ? '' : `, no longer ${String(before.ssoPrincipal)}`}`),
  );
}

async function listPrincipals(options: TableOptions, io: CliIo): Promise<void> {
  const table = await io.accessTable(tableNames(options, io));
  const items = [...(await table.list(PRINCIPAL_PREFIX))].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const item of items) {
    const parsed = parsePrincipalRecord(item);
    const who = 'malformed' in parsed ? `cannot be read: ${parsed.malformed}` : parsed.principalId;
    io.stdout(row(item.id.slice(PRINCIPAL_PREFIX.length), who));
  }
}

async function removePrincipal(slackId: string, options: TableOptions, io: CliIo): Promise<void> {
  const id = recordId(slackId);
  const table = await io.accessTable(tableNames(options, io));
  const before = await find(table, id);
  if (before === undefined) {
    io.stdout(line(`${slackId} has no record`));
    return;
  }
  await write(table, { id, before }, 'principal-removed', io);
  io.stdout(line(`${slackId} is no longer ${String(before.ssoPrincipal)}`));
}

function recordId(slackId: string): string {
  if (!SLACK_USER.test(slackId))
    throw new UsageError(`slack-id must be the id of a Slack user, such as U0123ABCD, not ${slackId}`);
  return principalRecordId(slackId);
}

async function principalIdOf(user: string, options: WhereOptions, io: CliIo): Promise<string> {
  if (options.directory === undefined && options.aws !== true) return user;
  const found = findUsers(await readOrganization(options, io), user);
  const [one] = found;
  if (one === undefined) throw new UsageError(`there is no user ${user} in the directory`);
  if (found.length > 1)
    throw new UsageError(`${user} is more than one user: ${found.map(({ id }) => id).join(', ')}; name the id`);
  return one.id;
}

async function find(table: AccessTableWriter, id: string) {
  return (await table.list(id)).find((item) => item.id === id);
}

async function write(
  table: AccessTableWriter,
  change: AccessChange,
  type: 'principal-set' | 'principal-removed',
  io: CliIo,
): Promise<void> {
  const result = await table.apply([change], {
    type,
    at: io.now().toISOString(),
    by: await operatorName(io),
    ids: [change.id],
  });
  if (!result.applied) throw new UsageError(`somebody else has changed ${change.id} meanwhile; look again`);
}
