import type { Command } from 'commander';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { line, row } from '../terminal/terminal-text.ts';
import { type BuildApi, signedApi } from './api-client.ts';
import { type ApiOptions, asPerson, tellTo, withApi } from './command.ts';
import type { Revoked } from './session.ts';

interface FindOptions extends ApiOptions {
  readonly user?: string;
  readonly account?: string;
  readonly set?: string;
  readonly state?: string;
  readonly from?: string;
  readonly to?: string;
  readonly breakGlass?: boolean;
  readonly reviewed?: boolean;
  readonly text?: string;
  readonly csv?: boolean;
}

interface OperateOptions extends ApiOptions {
  readonly reason?: string;
  readonly request?: string;
  readonly user?: string;
  readonly account?: string;
  readonly all?: boolean;
}

/**
 * Commands for reviewers, auditors and operators with their own Identity Center session. They need the API, but no
 * rights on the tables; the operators' commands of the same names without `operate` need those rights, but no API.
 */
export function registerOversight(program: Command, io: CliIo, build: BuildApi = signedApi): void {
  const as = asPerson(io, build);
  const tell = tellTo(io);

  withApi(program.command('reviews'))
    .description('broken glass whose review waits for you')
    .action(async (options: ApiOptions) =>
      as(async (session) => {
        const requests = await session.list('reviews');
        for (const request of requests) tell(request, options);
        if (requests.length === 0 && options.json !== true) io.about('no review waits for you\n');
      })(options),
    );

  withApi(program.command('review'))
    .description('say that what was done with broken glass is read, or ask about it')
    .argument('<request>', 'its id')
    .option('--question <text>', 'for the person to answer')
    .option('--note <text>', 'what is to be said of it')
    .action(async (id: string, options: ApiOptions & { question?: string; note?: string }) =>
      as(async (session) => {
        const { question, note } = options;
        if (question !== undefined && note !== undefined) throw new UsageError('give a question or a note, not both');
        const body =
          question === undefined ? { status: 'acknowledged', note } : { status: 'questioned', note: question };
        tell(await session.act(id, 'review', body), options);
      })(options),
    );

  withApi(program.command('answer'))
    .description('answer what a reviewer asked about your broken glass')
    .argument('<request>', 'its id')
    .argument('<answer>', 'what to say')
    .action(async (id: string, answer: string, options: ApiOptions) =>
      as(async (session) => tell(await session.act(id, 'answer', { answer }), options))(options),
    );

  withApi(program.command('find'))
    .description('all requests there ever were, refused ones too, the last first; for auditors and operators')
    .option('--user <user>', 'asked by: id, user name or e-mail')
    .option('--account <id>', 'for this account')
    .option('--set <name>', 'for this permission set or group')
    .option('--state <states>', 'in one of these states, with commas between')
    .option('--from <instant>', 'asked then or later; without, in the last 13 months')
    .option('--to <instant>', 'asked before')
    .option('--break-glass', 'only broken glass')
    .option('--reviewed', 'reviewed without a question')
    .option('--no-reviewed', 'whose review is owed or questioned')
    .option('--text <text>', 'part of a reason, a ticket, a name or an id')
    .option('--csv', 'as CSV with a heading')
    .action(async (options: FindOptions) =>
      as(async (session) => {
        const query = queryOf(options);
        if (options.csv === true) return session.exportAll(query, io.stdout);
        let found = 0;
        for await (const request of session.all(query)) {
          found += 1;
          tell(request, options);
        }
        if (found === 0 && options.json !== true) io.about('no such request\n');
      })(options),
    );

  const operate = program
    .command('operate')
    .description('stop access by the API, without rights on the tables; for operators');
  const verb = (name: 'freeze' | 'thaw' | 'revoke' | 'lock' | 'unlock', description: string) =>
    withApi(operate.command(name)).description(description);
  const act =
    (name: Parameters<typeof verb>[0], bodyOf: (options: OperateOptions) => object) =>
    async (options: OperateOptions) =>
      as(async (session) => {
        const answer = await session.operate(name, bodyOf(options));
        io.stdout(options.json === true ? `${JSON.stringify(answer)}\n` : operateWords(name, answer));
      })(options);

  verb('freeze', 'refuse every new grant, everywhere; access that is there stays')
    .requiredOption('--reason <text>', 'shown to everybody who asks')
    .action(act('freeze', ({ reason }) => ({ reason })));
  verb('thaw', 'give access again')
    .option('--reason <text>', 'for the audit', '')
    .action(act('thaw', ({ reason }) => ({ reason })));
  verb('revoke', 'end access now, and cancel what waits')
    .option('--request <id>', 'this request')
    .option('--user <user>', 'everything of this user')
    .option('--account <id>', 'everything in this account')
    .option('--all', 'everything')
    .requiredOption('--reason <text>', 'for its person and the audit')
    .action(
      act('revoke', ({ request, user, account, all, reason }) => ({
        requestId: request,
        user,
        accountId: account,
        ...(all === true ? { all } : {}),
        reason,
      })),
    );
  verb('lock', 'refuse every new request of a person, and end what they have')
    .requiredOption('--user <user>', 'id, user name or e-mail')
    .requiredOption('--reason <text>', 'shown to them')
    .action(act('lock', ({ user, reason }) => ({ user, reason })));
  verb('unlock', 'let the person ask again')
    .requiredOption('--user <user>', 'id, user name or e-mail')
    .option('--reason <text>', 'for the audit', '')
    .action(act('unlock', ({ user, reason }) => ({ user, reason })));
}

function queryOf(options: FindOptions): Readonly<Record<string, string>> {
  const { user, account, set, state, from, to, breakGlass, reviewed, text } = options;
  const given = { person: user, account, set, state, from, to, text };
  return {
    ...Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    ...(breakGlass === undefined ? {} : { breakGlass: String(breakGlass) }),
    ...(reviewed === undefined ? {} : { reviewed: String(reviewed) }),
  };
}

function operateWords(name: string, { changed, userName, revoked = [] }: Revoked): string {
  const already = changed === false ? ', as before' : '';
  const done = {
    freeze: `frozen${already}: no new access is given\n`,
    thaw: changed === false ? 'nothing was frozen\n' : 'thawed: access is given again\n',
    lock: line(
      `${userName ?? ''} is locked${already}: new requests are refused; running sessions go on until glasshammer lock`,
    ),
    unlock: line(`${userName ?? ''} ${changed === false ? 'was not locked' : 'may ask again'}`),
  }[name];
  const ended = revoked.map(({ outcome, request }) =>
    row(outcome, request.id, request.requester.userName, request.reason),
  );
  return `${done ?? (revoked.length === 0 ? 'nothing to end\n' : '')}${ended.join('')}`;
}
