import type { Command } from 'commander';
import {
  attachGuard,
  attachGuardBeside,
  detachGuard,
  type GuardStatus,
  type GuardStep,
  guardStatus,
  isRefusal,
  type NamedSet,
} from '../../core/sessions/guard-permission-sets.ts';
import type { GuardNames } from '../../core/sessions/guard-policy.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { row } from '../terminal/terminal-text.ts';
import { type BuildProof, registerProve } from './prove.ts';
import { awsGuard, type BuildGuardServices, type GuardServices, guardsOf } from './services.ts';

interface Options {
  readonly stateMachine?: string;
  readonly permissionSet?: string;
  readonly all?: boolean;
  readonly attached?: boolean;
  readonly acceptRisk?: boolean;
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
        if (status.state === 'unseen') io.exitWith(1);
        io.stdout(options.json === true ? `${JSON.stringify(status)}\n` : statusLine(status));
      }
      if (found === 0 && options.json !== true) io.stdout('no permission set is provisioned in any account\n');
    });

  withSets(guard.command('attach'))
    .description('make the guard the boundary of a permission set, and provision it')
    .option('--all', 'every permission set that has no boundary of its own')
    .option('--attached', 'attach it to a set that has a boundary of its own; says the risk, and wants --accept-risk')
    .option(
      '--accept-risk',
      'with --attached: you know that an attacker who steals the right to write the policy can grant by it',
    )
    .action(async (options: Options) => {
      if (options.attached === true) acceptRisk(options, io);
      const work = options.attached === true ? attachGuardBeside : attachGuard;
      await change(work, await setsOf(options, io), options, io, build);
    });

  withSets(guard.command('detach'))
    .description('take the guard away from a permission set, and provision it')
    .option('--all', 'every permission set')
    .action(async (options: Options) => change(detachGuard, await setsOf(options, io), options, io, build));

  registerProve(guard, io, proof);
}

/** Prints the risk each time, and stops unless the operator has accepted it. */
function acceptRisk(options: Options, io: CliIo): void {
  const { permissionSet, acceptRisk } = options;
  if (permissionSet === undefined)
    throw new UsageError(
      '--attached is for one permission set whose owner has opted in: name it with --permission-set',
    );
  io.stderr(riskOf(guardsOf(workflowOf(options, io))));
  if (acceptRisk !== true)
    throw new UsageError('nothing was changed: if you take this risk, run the same command with --accept-risk');
}

function riskOf({ policies, role }: GuardNames): string {
  return `An attached policy grants what it allows; a boundary never does. Glasshammer writes denials alone into ${policies.attached.name}, but
an attacker who steals the right to write it (the role ${role}, or an administrator of the account) can give with it, to
everybody who has this permission set in that account, whatever the set's own boundary lets through. docs/sessions.md says what
narrows this.
`;
}

/**
 * Changes one permission set after another; with `--all`, a failure does not stop the others. Exit code 1 if anything
 * failed.
 */
async function change(
  work: typeof attachGuard,
  sets: readonly NamedSet[],
  options: Options,
  io: CliIo,
  build: BuildGuardServices,
): Promise<void> {
  const { desk } = await servicesOf(options, io, build);
  const { policies } = guardsOf(workflowOf(options, io));
  const policy = options.attached === true ? policies.attached : policies.boundary;
  let refused = 0;
  for (const set of sets)
    try {
      for await (const step of work(set, desk)) {
        io.stdout(row(set.name, stepWords(step, policy.name)));
        // With --all, a permission set with another boundary was not meant, so it is no failure.
        if (isRefusal(step) && !(step.what === 'other' && options.all === true)) refused += 1;
      }
    } catch (error) {
      if (options.all !== true) throw error;
      const why = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
      io.stdout(row(set.name, `FAILED: ${why}; run the same command again`));
      refused += 1;
    }
  if (refused > 0) io.exitWith(1);
}

function stepWords(step: GuardStep, policy: string): string {
  switch (step.what) {
    case 'already':
      return 'has the guard as its boundary already';
    case 'set':
      return 'the guard is its boundary now';
    case 'removed':
      return 'has no boundary any more; sessions that were cut and have not run out work again';
    case 'none':
      return 'had no boundary';
    case 'other':
      return `left alone: it has a boundary of its own, ${step.boundary}`;
    case 'attached':
      return 'the guard is attached to it now, beside its own boundary';
    case 'attached-already':
      return 'has the guard attached already, beside its own boundary';
    case 'detached':
      return 'the guard is no longer attached to it; sessions that were cut and have not run out work again';
    case 'bounded':
      return 'has the guard as its boundary, which can grant nothing: it needs no other form';
    case 'unbounded':
      return 'not changed: it has no boundary of its own; attach the guard as its boundary, without --attached';
    case 'missing':
      return `not changed: ${lackWords(step, policy)}`;
    case 'provisioned':
      return `provisioned in ${step.accountId}`;
    case 'failed':
      return `not provisioned in ${step.accountId}: ${step.why}`;
  }
}

function lackWords({ accountId, policy }: Extract<GuardStep, { what: 'missing' }>, name: string): string {
  switch (policy) {
    case 'missing':
      return `account ${accountId} has no policy ${name}; deploy Member/ActivityReader there first`;
    case 'edited':
      return `somebody has edited the policy ${name} of account ${accountId}`;
    case 'grants':
      return `somebody has edited the policy ${name} of account ${accountId} so that it grants something`;
    case 'unnamed':
      return 'sessionGuard.attachedTo in glasshammer.config.ts does not name it; add it, deploy, and deploy Member/ActivityReader to the accounts';
  }
}

function statusLine({ set, accountId, state, why = '' }: GuardStatus): string {
  return row(set.name, accountId || '?', `${STATES[state]}${why}`);
}

const STATES: Readonly<Record<GuardStatus['state'], string>> = {
  attached: 'attached: live sessions are cut when access ends',
  'attached-form':
    'attached form: live sessions are cut when access ends; an attacker who steals the right to write its policy can grant by it',
  drifted: 'drifted: the account has an older version of the set, or its policy was edited; glasshammer guard attach',
  missing: 'missing: the account has no policy of the guard; deploy Member/ActivityReader there',
  grants: 'GRANTS: somebody has edited the attached policy so that it allows something; docs/runbook.md',
  unbounded:
    'attached form, without a boundary of its own: nothing limits what a stolen policy could grant; make the guard its boundary',
  unnamed:
    'attached form, and the configuration does not name the set in sessionGuard.attachedTo: nobody cuts, sessions live on',
  other: 'other boundary: left alone, sessions live until they run out',
  none: 'no guard: sessions live until they run out',
  unseen: 'UNSEEN: ',
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

function servicesOf(options: Options, io: CliIo, build: BuildGuardServices): Promise<GuardServices> {
  return build({ stateMachineArn: workflowOf(options, io), newId: io.newId });
}

/** The ARN of the deployment's workflow. */
function workflowOf({ stateMachine }: Options, { env }: CliIo): string {
  const stateMachineArn = stateMachine ?? env.STATE_MACHINE_ARN ?? '';
  if (stateMachineArn === '')
    throw new UsageError('name the workflow: --state-machine ARN, or STATE_MACHINE_ARN in the environment');
  return stateMachineArn;
}

function withSets(command: Command): Command {
  return command
    .option('--permission-set <name>', 'name or ARN')
    .option('--state-machine <arn>', 'without, STATE_MACHINE_ARN');
}
