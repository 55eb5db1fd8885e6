import type { Command } from 'commander';
import type { AuditLog } from '../core/audit/ports.ts';
import type { DriftStore } from '../core/drift/ports.ts';
import { type DriftItem, type DriftMode, isReadable, readable } from '../core/drift/types.ts';
import { isGroupTarget } from '../core/model/target.ts';
import { operatorName } from './deployment/operator-name.ts';
import { type CliIo, UsageError } from './terminal/io.ts';
import { line } from './terminal/terminal-text.ts';

/** What the commands read and write. */
export interface DriftDesk {
  readonly drift: DriftStore;
  readonly audit: AuditLog;
}

/** Builds it for a request table. The AWS SDK is loaded only then, so that other commands start without it. */
export type BuildDriftDesk = (requestTable: string) => Promise<DriftDesk>;

interface Options {
  readonly requestTable?: string;
  readonly json?: boolean;
}

/**
 * `glasshammer drift`: shows assignments made outside of Glasshammer, and decides whether its rules may remove them.
 */
export function registerDrift(program: Command, io: CliIo, build: BuildDriftDesk = awsDesk): void {
  const drift = program.command('drift').description('access that was given outside of Glasshammer');
  withRequestTable(drift.command('status'))
    .description('what is known, what is removed when, and where the full pass stands')
    .option('--json', 'as JSON')
    .action(async (options: Options) => status(await deskOf(options, io, build), options.json === true, io));
  withRequestTable(drift.command('confirm'))
    .description('let the configuration decide: what a rule says to revoke is removed after its grace')
    .action(async (options: Options) => turn('enforcing', await deskOf(options, io, build), io));
  withRequestTable(drift.command('report-only'))
    .description('only tell of drift, as before the first confirm; nothing is removed any more')
    .action(async (options: Options) => turn('report-only', await deskOf(options, io, build), io));
}

async function status({ drift }: DriftDesk, json: boolean, io: CliIo): Promise<void> {
  const [mode, pass] = await Promise.all([drift.mode(), drift.pass()]);
  const items: DriftItem[] = [];
  for (const one of ['to-remove', 'told'] as const) for await (const item of drift.inStatus(one)) items.push(item);
  if (json) {
    io.stdout(`${JSON.stringify({ mode, pass: readable(pass), items }, null, 2)}\n`);
    return;
  }
  io.stdout(line(modeLine(mode)));
  if (pass === undefined) io.stdout('no full pass has begun yet\n');
  else if (!isReadable(pass))
    io.stdout('what is noted of the last full pass cannot be read; another begins within five minutes\n');
  else if (pass.finishedAt === undefined) io.stdout(line(`a full pass is under way since ${pass.startedAt}`));
  else
    io.stdout(
      line(
        `the last full pass began ${pass.startedAt}: ${pass.checked} pairs looked at, ${pass.failures} could not be`,
      ),
    );
  if (items.length === 0) io.stdout('nothing is known that no request accounts for\n');
  for (const item of items) io.stdout(line(itemLine(item)));
}

async function turn(mode: DriftMode['mode'], { drift, audit }: DriftDesk, io: CliIo): Promise<void> {
  const by = await operatorName(io);
  const at = io.now().toISOString();
  const before = await drift.mode();
  if (before.mode === mode) {
    io.stdout(line(modeLine(before)));
    return;
  }
  await drift.setMode({ mode, by, at });
  await audit.write(`drift-mode-${at}-${io.newId()}`, { type: 'drift-mode', at, by, note: mode });
  io.stdout(line(modeLine({ mode, by, at })));
  if (mode === 'enforcing')
    io.stdout('a full pass begins within five minutes; what it finds is told before anything is removed\n');
}

function modeLine({ mode, by, at }: DriftMode): string {
  const since = at === undefined ? '' : `, since ${at} by ${by ?? 'unknown'}`;
  return mode === 'enforcing'
    ? `enforcing${since}: what a rule says to revoke is removed after its grace`
    : `report-only${since}: nothing is removed; glasshammer drift confirm lets the configuration decide`;
}

function itemLine({
  assignment: { principalId, target },
  names,
  status: state,
  due,
  foundAt,
  made,
  action,
}: DriftItem) {
  const what = isGroupTarget(target)
    ? `group ${named(names.groupName, target.groupId)}`
    : `${named(names.permissionSetName, target.permissionSetArn)} in ${named(names.accountName, target.accountId)}`;
  const how = state === 'to-remove' ? `removed at ${due}` : action === 'revoke' ? 'would be removed' : 'stays';
  const through = made === undefined ? '' : `, made by ${made.by.name} (${made.by.id}) at ${made.at}`;
  const who = named(names.principalGone === true ? 'deleted' : names.principalName, principalId);
  return `${who}  ${what}  found ${foundAt}${through}  ${how}`;
}

function named(name: string | undefined, id: string): string {
  return name === undefined ? id : `${name} (${id})`;
}

function withRequestTable(command: Command): Command {
  return command.option('--request-table <name>', 'without, REQUEST_TABLE');
}

async function deskOf({ requestTable }: Options, { env }: CliIo, build: BuildDriftDesk): Promise<DriftDesk> {
  const table = requestTable ?? env.REQUEST_TABLE;
  if (!table) throw new UsageError('name the request table: --request-table NAME, or REQUEST_TABLE in the environment');
  return build(table);
}

const awsDesk: BuildDriftDesk = async (tableName) => {
  const [{ DynamoDBClient }, { documentClientOver }, { createDriftStore }, { createAuditLog }] = await Promise.all([
    import('@aws-sdk/client-dynamodb'),
    import('../gateways/dynamodb/document-client.ts'),
    import('../gateways/dynamodb/drift-store.ts'),
    import('../gateways/dynamodb/audit-log.ts'),
  ]);
  const client = documentClientOver(new DynamoDBClient({}));
  return { drift: createDriftStore({ client, tableName }), audit: createAuditLog({ client, tableName }) };
};
