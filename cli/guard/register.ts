import type { Command } from 'commander';
import {
  attachGuard,
  detachGuard,
  type GuardStatus,
  type GuardStep,
  guardStatus,
  isRefusal,
  type NamedSet,
} from '../../core/sessions/guard-permission-sets.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { type BuildProof, registerProve } from './prove.ts';
import { awsGuard, type BuildGuardServices, type GuardServices } from './services.ts';

interface Options {
  readonly stateMachine?: string;
  readonly permissionSet?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `glasshammer guard`: which permission sets lose their live sessions when access ends. */
export function registerGuard(
  program: Command,
  io: CliIo,
  build: BuildGuardServices = awsGuard,
  proof?: BuildProof,
): void {
  const guard = program.command('guard').description('permission sets whose live sessions are cut when access ends');

  withSets(guard.command('status'))
    .description('how each permission set stands in each account that has it')
    .option('--json', 'as JSON lines')
    .action(async (options: Options) => {
      const { desk } = await servicesOf(options, io, build);
      const sets = await setsOf({ ...options, all: options.permissionSet === undefined }, io);
      let found = 0;
      for await (const status of guardStatus(sets, desk)) {
        found += 1;
        io.stdout(`${options.json === true ? JSON.stringify(status) : statusLine(status)}\n`);
      }
      if (found === 0 && options.json !== true) io.stdout('no permission set is provisioned in any account\n');
    });

  withSets(guard.command('attach'))
    .description('make the guard the boundary of a permission set, and provision it')
    .option('--all', 'every permission set that has no boundary of its own')
    .action(async (options: Options) => change(attachGuard, await setsOf(options, io), options, io, build));

  withSets(guard.command('detach'))
    .description('take the guard away from a permission set, and provision it')
    .option('--all', 'every permission set')
    .action(async (options: Options) => change(detachGuard, await setsOf(options, io), options, io, build));

  registerProve(guard, io, proof);
}

/** One set after the other, so that a failing one stops none of the rest. Exit code 1 when something could not be done. */
async function change(
  work: typeof attachGuard,
  sets: readonly NamedSet[],
  options: Options,
  io: CliIo,
  build: BuildGuardServices,
): Promise<void> {
  const { desk } = await servicesOf(options, io, build);
  let refused = 0;
  for (const set of sets) {
    for await (const step of work(set, desk)) {
      io.stdout(`${set.name}\t${stepWords(step)}\n`);
      // With --all a boundary of somebody else's is no failure: it was not meant.
      if (isRefusal(step) && !(step.what === 'other' && options.all === true)) refused += 1;
    }
  }
  if (refused > 0) io.exitWith(1);
}

function stepWords(step: GuardStep): string {
  switch (step.what) {
    case 'already':
      return 'has the guard as its boundary already';
    case 'set':
      return 'the guard is its boundary now';
    case 'removed':
      return 'has no boundary any more';
    case 'none':
      return 'had no boundary';
    case 'other':
      return `left alone: it has a boundary of its own, ${step.boundary}`;
    case 'missing':
      return step.policy === 'missing'
        ? `not changed: account ${step.accountId} has no policy SessionGuard; deploy Member/ActivityReader there first`
        : `not changed: somebody has edited the policy SessionGuard of account ${step.accountId}`;
    case 'provisioned':
      return `provisioned in ${step.accountId}`;
    case 'failed':
      return `not provisioned in ${step.accountId}: ${step.why}`;
  }
}

function statusLine({ set, accountId, state }: GuardStatus): string {
  return `${set.name}\t${accountId}\t${STATES[state]}`;
}

const STATES: Readonly<Record<GuardStatus['state'], string>> = {
  attached: 'attached: live sessions are cut when access ends',
  drifted: 'drifted: the account has an older version of the set, or its policy was edited; glasshammer guard attach',
  missing: 'missing: the account has no policy SessionGuard; deploy Member/ActivityReader there',
  other: 'other boundary: left alone, sessions live until they run out',
  none: 'no guard: sessions live until they run out',
};

async function setsOf({ permissionSet, all }: Options, io: CliIo): Promise<readonly NamedSet[]> {
  if ((permissionSet === undefined) === (all !== true))
    throw new UsageError('say which: exactly one of --permission-set NAME and --all');
  const { permissionSets } = await io.organization();
  if (permissionSet === undefined) return permissionSets;
  const found = permissionSets.filter(({ name, arn }) => name === permissionSet || arn === permissionSet);
  if (found.length === 0)
    throw new UsageError(
      `--permission-set ${permissionSet}: there is none of this name or ARN; there are ${permissionSets.map(({ name }) => name).join(', ')}`,
    );
  return found;
}

function servicesOf({ stateMachine }: Options, io: CliIo, build: BuildGuardServices): Promise<GuardServices> {
  const stateMachineArn = stateMachine ?? io.env.STATE_MACHINE_ARN ?? '';
  if (stateMachineArn === '')
    throw new UsageError('name the workflow: --state-machine ARN, or STATE_MACHINE_ARN in the environment');
  return build({ stateMachineArn, newId: io.newId });
}

function withSets(command: Command): Command {
  return command
    .option('--permission-set <name>', 'name or ARN')
    .option('--state-machine <arn>', 'without, STATE_MACHINE_ARN');
}
