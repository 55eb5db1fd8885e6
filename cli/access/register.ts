import type { Command } from 'commander';
import { WAITING_STATES } from '../../core/model/life-cycle.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { line } from '../terminal/terminal-text.ts';
import { type BuildApi, signedApi } from './api-client.ts';
import { askOnce } from './ask.ts';
import { type ApiOptions, asPerson, tellTo, withApi } from './command.ts';
import { execWithAccess } from './exec.ts';
import { EXIT } from './exit-codes.ts';
import { type AskOptions, asked, readDuration, registerRequest } from './request.ts';
import { profileOf } from './role-profile.ts';
import type { Session, ShownPreview, ShownRequest } from './session.ts';

/** Commands that people use with their own Identity Center session: ask, decide, end. None needs Slack. */
export function registerAccess(program: Command, io: CliIo, build: BuildApi = signedApi): void {
  const as = asPerson(io, build);
  const tell = tellTo(io);

  registerRequest(program, io, as);

  withApi(program.command('exec'))
    .description('ask for access, run a program with it, and end it')
    .argument('<account>', 'id, name or a part of it')
    .argument('<permission-set>', 'name or a part of it')
    .argument('<duration>', 'such as 30m or 1h')
    .argument('<command...>', 'behind --')
    .option('--reason <text>', 'why; without, the program that is run')
    .option('--ticket <id>', 'where a policy wants one')
    .option('--break-glass', 'yes, without approval: every approver is told, and it is reviewed')
    .action(async (account, permissionSet, duration, command: string[], options: AskOptions & { reason?: string }) =>
      as(async (session, services) => {
        const reason = options.reason ?? `to run ${command[0] ?? ''}`;
        const target = await session.target(account, permissionSet);
        const body = { ...target, duration: readDuration(duration), reason, ...asked(options) };
        // Checked before the ask: access that the program cannot use is of no help.
        await profileOf({ ...target, accountName: account, permissionSet }, io, true);
        const show = (request: ShownRequest) => options.json === true && tell(request, options);
        io.exitWith(await execWithAccess(command, body, show, { session, services, io }));
      })(options),
    );

  withApi(program.command('approve'))
    .description('approve a request that waits for you')
    .argument('<request>', 'its id or the beginning of it')
    .option('--duration <duration>', 'for less than was asked')
    .option('--note <text>', 'for the person who asked')
    .action(async (id: string, options: ApiOptions & { duration?: string; note?: string }) =>
      as(async (session) => {
        const { duration, note } = options;
        const body = { vote: 'approve', ...(duration && { duration: readDuration(duration) }), ...(note && { note }) };
        tell(await session.act(await idOf(id, 'pending', session), 'votes', body), options);
      })(options),
    );

  withApi(program.command('deny'))
    .description('deny a request that waits for you')
    .argument('<request>', 'its id or the beginning of it')
    .argument('<note>', 'why, for the person who asked')
    .action(async (id: string, note: string, options: ApiOptions) =>
      as(async (session) => {
        tell(await session.act(await idOf(id, 'pending', session), 'votes', { vote: 'deny', note }), options);
      })(options),
    );

  withApi(program.command('end'))
    .description('end access before its time, or take back a request that waits')
    .argument('[request]', 'its id or the beginning of it; without, the only one you have')
    .option('--note <text>', "why; needed for somebody else's access")
    .action(async (id: string | undefined, options: ApiOptions & { note?: string }) =>
      as(async (session) => {
        const request = await session.get(await idOf(id, 'requests', session));
        const waits = WAITING_STATES.some((state) => state === request.state);
        const body = waits || options.note === undefined ? {} : { note: options.note };
        tell(await session.act(request.id, waits ? 'cancel' : 'end', body), options);
      })(options),
    );

  withApi(program.command('extend'))
    .description('ask for more time on access you have')
    .argument('<request>', 'its id or the beginning of it')
    .argument('<duration>', 'such as 30m or 1h')
    .argument('[reason]', 'why', '')
    .option('--ticket <id>', 'where a policy wants one')
    .option('--break-glass', 'yes, without approval: every approver is told, and it is reviewed')
    .option('--key <key>', 'of an ask whose answer was lost: tells what came of it, and asks only if nothing did')
    .action(async (id: string, duration: string, reason: string, options: AskOptions & { key?: string }) =>
      as(async (session, services) => {
        const body = { duration: readDuration(duration), reason, ...asked(options) };
        const root = await idOf(id, 'requests', session);
        const ask = (key: string) => session.extend(root, body, key);
        tell(await askOnce(ask, options.key ?? io.newId(), services), options);
      })(options),
    );

  for (const [name, which, description, none] of [
    ['mine', 'requests', 'your open requests: what you have, and what you wait for', 'you have and wait for nothing'],
    ['pending', 'pending', 'requests that wait for your vote', 'nothing waits for you'],
  ] as const)
    withApi(program.command(name))
      .description(description)
      .action(async (options: ApiOptions) =>
        as(async (session) => {
          const requests = await session.list(which);
          for (const request of requests) tell(request, options);
          if (requests.length === 0 && options.json !== true) io.about(line(none));
        })(options),
      );

  withApi(program.command('why-not'))
    .description('what would come of a request, and why; nothing is asked for')
    .argument('<account>', 'id, or a name you may ask for')
    .argument('<permission-set>', 'name')
    .argument('[duration]', 'such as 30m or 1h')
    .action(async (account: string, permissionSet: string, duration: string | undefined, options: ApiOptions) =>
      as(async (session) => {
        const target = await session.targetForWhyNot(account, permissionSet);
        const preview = await session.evaluate({ ...target, ...(duration && { duration: readDuration(duration) }) });
        io.stdout(options.json === true ? `${JSON.stringify(preview)}\n` : line(previewWords(preview)));
        if (preview.outcome !== 'granted')
          io.exitWith(preview.outcome === 'refused' ? EXIT.refused : EXIT.needsApproval);
      })(options),
    );
}

/** @param text an id, the beginning of one, or `undefined` where there is only one request */
async function idOf(text: string | undefined, which: 'requests' | 'pending', session: Session): Promise<string> {
  if (text !== undefined && /^req-[0-9a-f]{30}$/.test(text)) return text;
  const all = await session.list(which);
  const meant = all.filter(({ id }) => text === undefined || id.startsWith(text) || id.startsWith(`req-${text}`));
  const [one] = meant;
  const where = which === 'pending' ? 'pending' : 'mine';
  if (one === undefined)
    throw new UsageError(`there is no request ${text ?? 'of yours'} among those of glasshammer ${where}`);
  if (meant.length > 1)
    throw new UsageError(`${meant.length} requests are meant: name one; glasshammer ${where} lists them`);
  return one.id;
}

function previewWords(preview: ShownPreview): string {
  const { outcome, problems, nearest, longest, approvers, approverCount, votesNeeded, breakGlass } = preview;
  const most = longest === null ? '' : `, for ${longest} at most`;
  if (outcome === 'granted')
    return breakGlass
      ? `would be given at once, as a broken glass that is reviewed${most}`
      : `would be given at once${most}`;
  if (outcome === 'needs-approval') {
    const others = approverCount > approvers.length ? ` and ${approverCount - approvers.length} more` : '';
    return `would need ${votesNeeded === 1 ? 'an approval' : `${votesNeeded} approvals`} by ${approvers.join(', ')}${others}${most}`;
  }
  const instead = nearest === null ? '' : ` Nearest: ${nearest}.`;
  return `would be refused: ${problems.map(({ sentence }) => sentence).join(' ')}${instead}`;
}
