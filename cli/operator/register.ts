import type { Command } from 'commander';
import type { AccessRequest, RequestState } from '../../core/access/request.ts';
import { type Selection, stopRequests } from '../../core/access/stop-everything.ts';
import { isGroupTarget } from '../../core/access/target.ts';
import { type CliIo, UsageError } from '../io.ts';
import { operatorName } from '../tables.ts';
import { awsServices, type BuildServices, type OperatorServices } from './services.ts';

interface NameOptions {
  readonly requestTable?: string;
  readonly stateMachine?: string;
}

interface StopOptions extends NameOptions {
  readonly request?: string;
  readonly user?: string;
  readonly account?: string;
  readonly all?: boolean;
}

const OPEN_STATES: readonly RequestState[] = ['pending', 'approved', 'scheduled', 'granting', 'active', 'ending'];

/** `glasshammer requests`, `revoke`, `freeze`, `thaw`: what an operator does in an emergency. None of it needs Slack. */
export function registerOperator(program: Command, io: CliIo, build: BuildServices = awsServices): void {
  withRequestTable(program.command('requests'))
    .description('the open requests, oldest end first')
    .option('--json', 'as JSON lines')
    .action(async (options: NameOptions & { json?: boolean }) => {
      const { requests } = await services(options, io, build, false);
      let found = 0;
      for await (const request of requests.inStates(OPEN_STATES)) {
        found += 1;
        io.stdout(`${options.json === true ? JSON.stringify(withoutTokens(request)) : lineOf(request)}\n`);
      }
      if (found === 0 && options.json !== true) io.stdout('no open request\n');
    });

  withStateMachine(withRequestTable(program.command('revoke')))
    .description('end access now: one request, everything of a user or in an account, or everything')
    .option('--request <id>', 'this request')
    .option('--user <user>', 'every open request of this user: id, user name or e-mail')
    .option('--account <id>', 'every open request for this account')
    .option('--all', 'every open request')
    .action((options: StopOptions) => revoke(options, io, build));

  withRequestTable(program.command('freeze'))
    .description('refuse every new grant, everywhere, at once; access that is there stays (see revoke)')
    .requiredOption('--reason <text>', 'shown to everybody who asks')
    .action(async (options: NameOptions & { reason: string }) => {
      const { switches } = await services(options, io, build, false);
      const turned = await switches.freeze({
        by: operatorName(io),
        at: io.now().toISOString(),
        reason: options.reason,
      });
      const now = await switches.frozen();
      io.stdout(
        turned ? 'frozen: no new access is given\n' : `frozen already, since ${now?.at ?? '?'} by ${now?.by ?? '?'}\n`,
      );
    });

  withRequestTable(program.command('thaw'))
    .description('give access again')
    .option('--reason <text>', 'for the audit', '')
    .action(async (options: NameOptions & { reason: string }) => {
      const { switches } = await services(options, io, build, false);
      const turned = await switches.thaw({ by: operatorName(io), at: io.now().toISOString(), reason: options.reason });
      io.stdout(turned ? 'thawed: access is given again\n' : 'nothing was frozen\n');
    });
}

async function revoke(options: StopOptions, io: CliIo, build: BuildServices): Promise<void> {
  const selection = selectionOf(options);
  const all = await services(options, io, build, true);
  const counts = { done: 0, again: 0 };
  for await (const { request, outcome } of stopRequests(selection, {
    ...all,
    now: io.now,
    operator: operatorName(io),
  })) {
    io.stdout(`${outcome}\t${lineOf(request)}\n`);
    if (outcome === 'changed-meanwhile') counts.again += 1;
    else counts.done += 1;
  }
  io.stdout(`${counts.done} ${counts.done === 1 ? 'request' : 'requests'} ended or cancelled\n`);
  if (counts.again > 0) {
    io.stderr(`${counts.again} changed meanwhile; run the same command again\n`);
    io.exitWith(1);
  }
}

function selectionOf({ request, user, account, all }: StopOptions): Selection {
  const given: Selection[] = [
    ...(request === undefined ? [] : [{ requestId: request }]),
    ...(user === undefined ? [] : [{ user }]),
    ...(account === undefined ? [] : [{ accountId: account }]),
    ...(all === true ? [{ all: true } as const] : []),
  ];
  const [one] = given;
  if (one === undefined || given.length > 1) {
    throw new UsageError('say what to end: exactly one of --request ID, --user USER, --account ID, --all');
  }
  if (account !== undefined && !/^\d{12}$/.test(account))
    throw new UsageError(`--account must be twelve digits, not ${account}`);
  return one;
}

function services(options: NameOptions, io: CliIo, build: BuildServices, starts: boolean): Promise<OperatorServices> {
  const requestTable = options.requestTable ?? io.env.REQUEST_TABLE;
  const stateMachineArn = options.stateMachine ?? io.env.STATE_MACHINE_ARN ?? '';
  if (!requestTable)
    throw new UsageError('name the request table: --request-table NAME, or REQUEST_TABLE in the environment');
  if (starts && stateMachineArn === '') {
    throw new UsageError('name the workflow: --state-machine ARN, or STATE_MACHINE_ARN in the environment');
  }
  return build({ requestTable, stateMachineArn, now: io.now, newId: io.newId });
}

function withRequestTable(command: Command): Command {
  return command.option('--request-table <name>', 'without, REQUEST_TABLE');
}

function withStateMachine(command: Command): Command {
  return command.option('--state-machine <arn>', 'without, STATE_MACHINE_ARN');
}

/** One request in one line, tab-separated. */
function lineOf(request: AccessRequest): string {
  const { id, state, requester, target, names, endsAt, reason } = request;
  const what = isGroupTarget(target)
    ? `group ${names.groupName ?? target.groupId}`
    : `${names.permissionSetName ?? target.permissionSetArn} in ${names.accountName ?? ''} ${target.accountId}`;
  const who = requester.userName || requester.slackId;
  return [id, state, who, what, `until ${endsAt}`, reason.replace(/\s+/g, ' ')].join('\t');
}

/** Task tokens never leave AWS, not even to an operator's terminal. */
function withoutTokens({ tokens: _tokens, ...request }: AccessRequest): Omit<AccessRequest, 'tokens'> {
  return request;
}
