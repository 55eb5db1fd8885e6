import type { Command } from 'commander';
import { isSelected } from '../../core/access/lease/revoke/revoke-all.ts';
import { ALL_STATES, OPEN_STATES } from '../../core/model/life-cycle.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import { operatorName, operatorNameInEmergency } from '../deployment/operator-name.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { line, row } from '../terminal/terminal-text.ts';
import { cellsOf } from './request-line.ts';
import { accountIdOf, type RevokeOptions, revoke, selectionOf } from './revoke.ts';
import { awsServices, type BuildServices, type OperatorServices } from './services.ts';

interface FilterOptions {
  readonly user?: string;
  readonly account?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** States in which nothing more happens to the access. */
const OVER = ALL_STATES.filter((state) => !OPEN_STATES.includes(state));

interface NameOptions {
  readonly requestTable?: string;
  readonly stateMachine?: string;
}

/** `glasshammer requests`, `revoke`, `freeze`, `thaw`: commands for an operator in an emergency. None needs Slack. */
export function registerOperator(program: Command, io: CliIo, build: BuildServices = awsServices): void {
  withRequestTable(program.command('requests'))
    .description('the open requests: active ones first, and of these the one that ends first')
    .option('--user <user>', 'only of this user: id, user name or e-mail')
    .option('--account <id>', 'only for this account')
    .option('--all', 'those that are over as well, after the open ones')
    .option('--json', 'as JSON lines')
    .action(async (options: NameOptions & FilterOptions) => {
      const selected = filterOf(options);
      const { requests } = await services(options, io, build, false);
      let found = 0;
      for await (const request of requests.inStates(options.all === true ? [...OPEN_STATES, ...OVER] : OPEN_STATES)) {
        if (!selected(request)) continue;
        found += 1;
        io.stdout(options.json === true ? `${JSON.stringify(withoutTokens(request))}\n` : row(...cellsOf(request)));
      }
      if (found === 0 && options.json !== true) io.about(options.all === true ? 'no request\n' : 'no open request\n');
    });

  withStateMachine(withRequestTable(program.command('revoke')))
    .description('end access now: one request, everything of a user or in an account, or everything')
    .option('--request <id>', 'this request')
    .option('--user <user>', 'every open request of this user: id, user name or e-mail')
    .option('--account <id>', 'every open request for this account')
    .option('--all', 'every open request')
    .option('--reason <text>', 'why, for its person and the audit')
    .action(async (options: NameOptions & RevokeOptions) => {
      const selection = selectionOf(options);
      await revoke(selection, await services(options, io, build, true), io, options.reason);
    });

  withRequestTable(program.command('freeze'))
    .description('refuse every new grant, everywhere, at once; access that is there stays (see revoke)')
    .requiredOption('--reason <text>', 'shown to everybody who asks')
    .action(async (options: NameOptions & { reason: string }) => {
      const { freezes } = await services(options, io, build, false);
      const turned = await freezes.freeze({
        by: await operatorNameInEmergency(io),
        at: io.now().toISOString(),
        reason: options.reason,
      });
      const now = await freezes.frozen();
      io.stdout(
        line(
          turned ? 'frozen: no new access is given' : `frozen already, since ${now?.at ?? '?'} by ${now?.by ?? '?'}`,
        ),
      );
    });

  withRequestTable(program.command('index-requests'))
    .description('put requests made before there was the list of all into it; once, after an upgrade')
    .action(async (options: NameOptions) => {
      const { indexRequests } = await services(options, io, build, false);
      const put = await indexRequests();
      io.stdout(
        line(
          `${put} ${put === 1 ? 'request was' : 'requests were'} not in the list of all, and now ${put === 1 ? 'is' : 'are'}`,
        ),
      );
    });

  withRequestTable(program.command('thaw'))
    .description('give access again')
    .option('--reason <text>', 'for the audit', '')
    .action(async (options: NameOptions & { reason: string }) => {
      const { freezes } = await services(options, io, build, false);
      const turned = await freezes.thaw({
        by: await operatorName(io),
        at: io.now().toISOString(),
        reason: options.reason,
      });
      io.stdout(turned ? 'thawed: access is given again\n' : 'nothing was frozen\n');
    });
}

/** The requests that the options select; all requests without options. */
function filterOf({ user, account }: FilterOptions): (request: AccessRequest) => boolean {
  const accountId = account === undefined ? undefined : accountIdOf(account);
  return (request) =>
    (user === undefined || isSelected(request, { user })) &&
    (accountId === undefined || isSelected(request, { accountId }));
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

/** Task tokens never leave AWS, so they are not printed either. */
function withoutTokens({ tokens: _tokens, ...request }: AccessRequest): Omit<AccessRequest, 'tokens'> {
  return request;
}
