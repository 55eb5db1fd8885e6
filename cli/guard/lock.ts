import type { Command } from 'commander';
import { compareText } from '../../core/model/text.ts';
import { accountsWithSessions, lockSessions } from '../../core/sessions/lock-person.ts';
import { operatorName, operatorNameInEmergency } from '../deployment/tables.ts';
import { revoke } from '../operator/revoke.ts';
import { awsServices, type BuildServices, type OperatorServices } from '../operator/services.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { awsGuard, awsLocks, type BuildGuardServices, type BuildLocks, type GuardServices } from './services.ts';

interface Options {
  readonly user: string;
  readonly reason: string;
  readonly requestTable?: string;
  readonly stateMachine?: string;
}

/** How the services are built; tests hand in others. */
export interface BuildLockServices {
  readonly operator: BuildServices;
  readonly guard: BuildGuardServices;
  readonly locks: BuildLocks;
}

const REAL: BuildLockServices = { operator: awsServices, guard: awsGuard, locks: awsLocks };

/** `glasshammer lock` and `unlock`: for the day a laptop is stolen. Neither needs Slack. */
export function registerLock(program: Command, io: CliIo, build: BuildLockServices = REAL): void {
  withNames(program.command('lock'))
    .description('deny every session of a person in every guarded account, end their access, refuse new requests')
    .requiredOption('--user <user>', 'id, user name or e-mail')
    .requiredOption('--reason <text>', 'shown to the person when they ask, and kept in the audit')
    .action(async (options: Options) => lock(options, io, build));
  withNames(program.command('unlock'))
    .description('allow sessions and new requests of a person again; access that was ended stays ended')
    .requiredOption('--user <user>', 'id, user name or e-mail')
    .option('--reason <text>', 'for the audit', '')
    .action(async (options: Options) => unlock(options, io, build));
}

/** New requests first, then what is there, then the sessions: nothing comes in behind. Run again, it finishes what is left. */
async function lock(options: Options, io: CliIo, build: BuildLockServices): Promise<void> {
  const names = namesOf(options, io);
  const principalId = await principalOf(options.user, io);
  const turn = { by: await operatorNameInEmergency(io), at: io.now().toISOString(), reason: options.reason };
  const locks = await build.locks(names);
  const isNew = await locks.lock(principalId, turn, 'denied');
  // One that was made without denying sessions must from now on be lifted by whoever allows them again.
  if (!isNew) await locks.noteAccounts(principalId, []);
  const known = isNew ? turn : await locks.get(principalId);
  io.stdout(
    isNew
      ? `${principalId} is locked: every new request is refused\n`
      : `${principalId} is locked already, since ${known?.at ?? '?'} by ${known?.by ?? '?'}\n`,
  );
  const operator = await build.operator({ ...names, now: io.now });
  await revoke({ user: principalId }, operator, io).catch((error: unknown) => {
    // Who has never asked has nothing that could be ended; their sessions are denied all the same.
    if (!(error instanceof UsageError)) throw error;
    io.stdout('nothing to end: the person has never asked for access\n');
  });
  const guard = await build.guard(names);
  const accounts = await accountsOf(principalId, operator, guard, io);
  // Before the first is asked: the unlock has to know of each.
  const isLocked = await locks.noteAccounts(principalId, accounts).catch((error: Error) => {
    io.stderr(`the accounts could not be written down (${error.name}): note them for the unlock\n`);
    return true;
  });
  if (!isLocked) {
    io.stderr('somebody has unlocked the person meanwhile: no session is denied; run the same command again\n');
    io.exitWith(1);
    return;
  }
  await sessions(principalId, true, accounts, guard, io);
}

async function unlock(options: Options, io: CliIo, build: BuildLockServices): Promise<void> {
  const names = namesOf(options, io);
  const principalId = await principalOf(options.user, io);
  const locks = await build.locks(names);
  const [guard, operator, known] = await Promise.all([
    build.guard(names),
    build.operator({ ...names, now: io.now }),
    locks.get(principalId),
  ]);
  const accounts = new Set([...(known?.accounts ?? []), ...(await accountsOf(principalId, operator, guard, io))]);
  // Sessions first: were the lock gone and they still denied, nobody would know why.
  if ((await sessions(principalId, false, [...accounts].sort(compareText), guard, io)) > 0) {
    io.stdout(`${principalId} stays locked: the lock is what knows in which accounts sessions are denied\n`);
    return;
  }
  const turn = { by: await operatorName(io), at: io.now().toISOString(), reason: options.reason };
  const wasLocked = await locks.unlock(principalId, turn, 'allowed');
  io.stdout(wasLocked ? `${principalId} is unlocked: they may ask again\n` : `${principalId} was not locked\n`);
}

/** Where the person has sessions by what they were given, and every account that anybody may have some in. */
async function accountsOf(
  principalId: string,
  { requests }: Pick<OperatorServices, 'requests'>,
  { desk }: GuardServices,
  io: CliIo,
): Promise<readonly string[]> {
  const found = new Set(await accountsWithSessions(principalId, requests, io.now().toISOString()));
  const { permissionSets } = await io.organization();
  for (const { arn } of permissionSets) for (const account of await desk.accountsOf(arn)) found.add(account);
  return [...found].sort(compareText);
}

async function sessions(
  principalId: string,
  locked: boolean,
  accounts: readonly string[],
  { ask }: GuardServices,
  io: CliIo,
): Promise<number> {
  let failures = 0;
  for await (const { accountId, outcome, why } of lockSessions(principalId, locked, {
    accounts: async () => accounts,
    ask,
  })) {
    const done = locked ? 'every session is denied' : 'sessions are no longer denied';
    if (outcome === 'failed') failures += 1;
    io.stdout(
      `${accountId}\t${outcome === 'done' ? done : outcome === 'failed' ? `FAILED: ${why ?? ''}` : 'no session guard: sessions live until they run out'}\n`,
    );
  }
  if (failures > 0) {
    io.stderr(`${failures} ${failures === 1 ? 'account' : 'accounts'} failed; run the same command again\n`);
    io.exitWith(1);
  }
  return failures;
}

async function principalOf(user: string, io: CliIo): Promise<string> {
  const { users } = await io.organization();
  const wanted = user.toLowerCase();
  const found = users.filter(
    ({ id, userName, email }) => id === user || [userName, email].some((name) => name.toLowerCase() === wanted),
  );
  const [one, ...more] = found;
  if (one === undefined) throw new UsageError(`--user ${user}: there is no user of this id, user name or e-mail`);
  if (more.length > 0)
    throw new UsageError(`--user ${user}: ${found.map(({ id }) => id).join(', ')} are called so; name one by id`);
  return one.id;
}

function namesOf({ requestTable, stateMachine }: Options, { env, newId }: CliIo) {
  const table = requestTable ?? env.REQUEST_TABLE;
  const stateMachineArn = stateMachine ?? env.STATE_MACHINE_ARN;
  if (!table) throw new UsageError('name the request table: --request-table NAME, or REQUEST_TABLE in the environment');
  if (!stateMachineArn)
    throw new UsageError('name the workflow: --state-machine ARN, or STATE_MACHINE_ARN in the environment');
  return { requestTable: table, stateMachineArn, newId };
}

function withNames(command: Command): Command {
  return command
    .option('--request-table <name>', 'without, REQUEST_TABLE')
    .option('--state-machine <arn>', 'without, STATE_MACHINE_ARN');
}
