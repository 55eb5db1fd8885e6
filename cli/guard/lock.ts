import type { Command } from 'commander';
import { compareText } from '../../core/model/text.ts';
import type { NamedSet } from '../../core/sessions/guard-permission-sets.ts';
import { leftOpen } from '../../core/sessions/left-open.ts';
import {
  accountsWithSessions,
  type LockedAccount,
  type LockSessionsServices,
  lockSessions,
} from '../../core/sessions/lock-person.ts';
import { operatorName, operatorNameInEmergency } from '../deployment/operator-name.ts';
import { revoke } from '../operator/revoke.ts';
import { awsServices, type BuildServices, type OperatorServices } from '../operator/services.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { line, row } from '../terminal/terminal-text.ts';
import {
  awsGuard,
  awsLocks,
  type BuildGuardServices,
  type BuildLocks,
  type GuardServices,
  guardsOf,
} from './services.ts';

interface Options {
  readonly user: string;
  readonly reason: string;
  readonly requestTable?: string;
  readonly stateMachine?: string;
}

/** How the services are built; tests supply others. */
export interface BuildLockServices {
  readonly operator: BuildServices;
  readonly guard: BuildGuardServices;
  readonly locks: BuildLocks;
}

const REAL: BuildLockServices = { operator: awsServices, guard: awsGuard, locks: awsLocks };

/** `glasshammer lock` and `unlock`, for example when a laptop was stolen. Neither needs Slack. */
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

/**
 * Refuses new requests first, then ends access, then denies sessions, so that nothing new begins meanwhile. Running it
 * again finishes what is left.
 */
async function lock(options: Options, io: CliIo, build: BuildLockServices): Promise<void> {
  const names = namesOf(options, io);
  const principalId = await principalOf(options.user, io);
  const act = { by: await operatorNameInEmergency(io), at: io.now().toISOString(), reason: options.reason };
  const locks = await build.locks(names);
  const isNew = await locks.lock(principalId, act, 'denied');
  // An existing lock may not deny sessions. From now on, only a command that allows sessions again can lift it.
  if (!isNew) await locks.noteAccounts(principalId, []);
  const known = isNew ? act : await locks.get(principalId);
  io.stdout(
    line(
      isNew
        ? `${principalId} is locked: every new request is refused`
        : `${principalId} is locked already, since ${known?.at ?? '?'} by ${known?.by ?? '?'}`,
    ),
  );
  const operator = await build.operator({ ...names, now: io.now });
  await revoke({ user: principalId }, operator, io).catch((error: unknown) => {
    // A person who has never asked has no access to end; their sessions are denied all the same.
    if (error instanceof UsageError) io.stdout('nothing to end: the person has never asked for access\n');
    else failed(`their access could not be ended (${wordsOf(error)})`, io);
  });
  const guard = await build.guard(names);
  const places = await placesOf(principalId, operator, guard, io);
  const accounts = accountsIn(places);
  // Recorded before the first account is asked, because unlock must know every account.
  const isLocked = await locks.noteAccounts(principalId, accounts).catch((error: Error) => {
    io.stderr(line(`the accounts could not be written down (${error.name}): note them for the unlock`));
    return true;
  });
  if (!isLocked) {
    io.stderr('somebody has unlocked the person meanwhile: no session is denied; run the same command again\n');
    io.exitWith(1);
    return;
  }
  const { policies } = guardsOf(names.stateMachineArn);
  const locked = await sessions(principalId, true, accounts, { ask: guard.ask, policies }, io);
  const changes = new Map(
    locked.flatMap(({ accountId, changes: made }) => (made === undefined ? [] : [[accountId, made] as const])),
  );
  let open = 0;
  for await (const { set, why, accounts: there } of leftOpen(places, { desk: guard.desk, changes, policies })) {
    open += 1;
    io.stdout(row('OPEN', set.name, `${why}${there.length === 0 ? '' : `: ${there.join(', ')}`}`));
  }
  if (open === 0) return;
  io.stderr(
    'what is OPEN is not denied: sessions live until they run out, and new ones begin where it is assigned; disable the user in Identity Center as well\n',
  );
  io.exitWith(1);
}

/** Reports a failure at once; the command continues, so that every session that can be denied is denied. */
function failed(what: string, io: CliIo): void {
  io.stderr(line(`${what}; run the same command again`));
  io.exitWith(1);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
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
  const places = await placesOf(principalId, operator, guard, io);
  const act = { by: await operatorName(io), at: io.now().toISOString(), reason: options.reason };
  // Recorded before the first guard is changed: cut-sessions allows sessions again only when an operator has begun to
  // unlock.
  if (known !== undefined) await locks.beginUnlock(principalId, act);
  const accounts = new Set([...(known?.accounts ?? []), ...accountsIn(places)]);
  // Sessions are allowed first: without the lock, nothing would explain why they are still denied.
  const asked = { ask: guard.ask, policies: guardsOf(names.stateMachineArn).policies };
  const unlocked = await sessions(principalId, false, [...accounts].sort(compareText), asked, io);
  if (unlocked.some(({ outcome }) => outcome === 'failed')) {
    io.stdout(line(`${principalId} stays locked: the lock is what knows in which accounts sessions are denied`));
    return;
  }
  if (await locks.unlock(principalId, act, 'allowed')) {
    io.stdout(line(`${principalId} is unlocked: they may ask again`));
    return;
  }
  if ((await locks.get(principalId)) === undefined) {
    io.stdout(line(`${principalId} was not locked`));
    return;
  }
  io.stdout(line(`${principalId} stays locked: somebody has locked them again meanwhile`));
  io.exitWith(1);
}

/** A permission set with the accounts in which the person may have sessions of it. */
interface Place {
  readonly set: NamedSet;
  readonly accounts: readonly string[];
}

/**
 * Where the person may have sessions: the accounts in which they were given access, and all accounts that have a
 * permission set. If a permission set's accounts cannot be read, this is reported and the others are still returned.
 */
async function placesOf(
  principalId: string,
  { requests }: Pick<OperatorServices, 'requests'>,
  { desk }: GuardServices,
  io: CliIo,
): Promise<readonly Place[]> {
  const given = await accountsWithSessions(principalId, requests, io.now().toISOString()).catch((error: unknown) => {
    failed(`what the person was given could not be read (${wordsOf(error)})`, io);
    return [];
  });
  const { permissionSets } = await io.organization();
  const named = new Map(permissionSets.map((set) => [set.arn, set]));
  // The permission set was deleted since, but its sessions may still be valid.
  for (const { permissionSetArn: arn } of given) if (!named.has(arn)) named.set(arn, { name: arn, arn });
  const places: Place[] = [];
  for (const set of named.values()) {
    const provisioned = await desk.accountsOf(set.arn).catch((error: unknown) => {
      failed(`the accounts that have ${set.name} could not be learned (${wordsOf(error)})`, io);
      return [];
    });
    const of = given.filter(({ permissionSetArn }) => permissionSetArn === set.arn).map(({ accountId }) => accountId);
    places.push({ set, accounts: [...new Set([...provisioned, ...of])].sort(compareText) });
  }
  return places;
}

function accountsIn(places: readonly Place[]): readonly string[] {
  return [...new Set(places.flatMap(({ accounts }) => accounts))].sort(compareText);
}

/** Asks for the change in each account, and prints the result. */
async function sessions(
  principalId: string,
  locked: boolean,
  accounts: readonly string[],
  services: Omit<LockSessionsServices, 'accounts'>,
  io: CliIo,
): Promise<readonly LockedAccount[]> {
  const all: LockedAccount[] = [];
  const words = {
    done: locked ? 'every session is denied, of each permission set with the guard' : 'sessions are no longer denied',
    unguarded: 'no session guard: sessions live until they run out',
  };
  for await (const account of lockSessions(principalId, locked, { ...services, accounts: async () => accounts })) {
    const { accountId, outcome, why } = account;
    all.push(account);
    io.stdout(row(accountId, outcome === 'failed' ? `FAILED: ${why ?? ''}` : words[outcome]));
  }
  const failures = all.filter(({ outcome }) => outcome === 'failed').length;
  if (failures > 0) failed(`${failures} ${failures === 1 ? 'account' : 'accounts'} failed`, io);
  return all;
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
