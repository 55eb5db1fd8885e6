import { createHash } from 'node:crypto';
import type { Command } from 'commander';
import { parseDuration, toIsoDuration } from '../../core/model/duration.ts';
import { errorInWords } from '../deployment/aws-errors.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { line } from '../terminal/terminal-text.ts';
import type { ApiServices } from './api-client.ts';
import { askOnce } from './ask.ts';
import { type ApiOptions, type asPerson, tellTo, withApi } from './command.ts';
import { EXIT, WORST_FIRST } from './exit-codes.ts';
import { profileOf, roleOf } from './role-profile.ts';
import { ApiProblemError, type Session, type ShownRequest, type Target } from './session.ts';
import { waitForAccess } from './wait.ts';

/** Options of every ask. */
export interface AskOptions extends ApiOptions {
  readonly ticket?: string;
  readonly breakGlass?: boolean;
}

interface RequestOptions extends AskOptions {
  readonly account: readonly string[];
  readonly start?: string;
  readonly wait?: boolean;
  readonly key?: string;
}

/** Limit of accounts for one command: more are hardly a mistake, but too many for one ask. */
const MOST_ACCOUNTS = 20;

/** `glasshammer request`: asks for one permission set in one account, or in several at once. */
export function registerRequest(program: Command, io: CliIo, as: ReturnType<typeof asPerson>): void {
  withApi(program.command('request'))
    .description('ask for access to an account, or to several at once')
    .usage('[options] <account> <permission-set> <duration> <reason>')
    .argument('<account>', 'id, name or a part of it; may be left out with --account')
    .argument('<permission-set>', 'name or a part of it')
    .argument('<duration>', 'such as 30m or 1h')
    .argument('[reason]', 'why')
    .option(
      '--account <account>',
      'one more account, each asked for by itself; may be given several times',
      collect,
      [],
    )
    .option('--ticket <id>', 'where a policy wants one')
    .option('--start <instant>', 'when it shall begin, such as 2026-01-05T09:00:00Z; without, now')
    .option('--break-glass', 'yes, without approval: every approver is told, and it is reviewed')
    .option('--key <key>', 'of an ask whose answer was lost: tells what came of it, and asks only if nothing did')
    .option('--wait', 'until access is there; then how to use it')
    .action(async (first: string, second: string, third: string, fourth: string | undefined, options: RequestOptions) =>
      as(async (session, services) => {
        const words = wordsOf([first, second, third, fourth], options.account);
        const { accounts, permissionSet, reason } = words;
        const duration = readDuration(words.duration);
        const body = { duration, reason, ...(options.start && { startsAt: options.start }), ...asked(options) };
        // All targets are resolved first, so a mistake in the last account asks for none.
        const targets: Target[] = [];
        for (const account of accounts) targets.push(await session.target(account, permissionSet));
        const key = options.key ?? io.newId();
        const [target, ...others] = targets;
        const telling = { options, session, services, io };
        if (others.length > 0) return askForEach(targets, body, key, telling);
        const request = await askOnce((sent) => session.request({ ...target, ...body }, sent), key, services);
        const code = await tellRequest(request, telling);
        if (code !== 0) io.exitWith(code);
      })(options),
    );
}

interface Telling {
  readonly options: RequestOptions;
  readonly session: Session;
  readonly services: ApiServices;
  readonly io: CliIo;
}

/** Each account is its own request: a failure of one does not keep the others from being asked for, or told of. */
async function askForEach(targets: readonly Target[], body: object, key: string, telling: Telling): Promise<void> {
  const { options, session, services, io } = telling;
  const made: ShownRequest[] = [];
  const codes = new Set<number>();
  const attempt = async (accountId: string, work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      codes.add(tellFailure(accountId, error, telling));
    }
  };
  const each = dedupe(targets);
  // Approvers see the requests of one ask together. A key may contain any characters, so the ask's id is a hash of it.
  const ask = each.length < 2 ? {} : { ask: { id: askIdOf(key), size: each.length } };
  for (const target of each)
    await attempt(target.accountId, async () => {
      // Each account's key derives from the common key, so repeating the command asks for no account twice.
      const send = (sent: string) => session.request({ ...target, ...body, ...ask }, `${sent}-${target.accountId}`);
      const request = await askOnce(send, key, services);
      if (options.wait === true) made.push(request);
      else tellTo(io)(request, options);
    });
  // All requests are made before the first is waited for.
  for (const request of made)
    await attempt(request.target.accountId ?? request.id, async () => codes.add(await tellRequest(request, telling)));
  const worst = WORST_FIRST.find((code) => codes.has(code));
  if (worst !== undefined) io.exitWith(worst);
}

/** Says why one account failed. @returns the exit code of this failure */
function tellFailure(accountId: string, error: unknown, { options, io }: Telling): number {
  const isProblem = error instanceof ApiProblemError;
  const { text, exitCode } = isProblem ? { text: error.message, exitCode: error.exitCode } : errorInWords(error, io);
  const problem = isProblem ? Object(error.problem) : { detail: text };
  if (options.json === true) io.stdout(`${JSON.stringify({ ...problem, accountId })}\n`);
  io.stderr(line(`${accountId}: ${text}`));
  return exitCode;
}

/** @returns the exit code: 0, or that of access that was waited for and will not be given */
async function tellRequest(request: ShownRequest, { options, session, services, io }: Telling): Promise<number> {
  const isWaiting = options.wait === true;
  const waited = isWaiting ? await waitForAccess(request, session, services, io) : { active: false, request };
  tellTo(io)(waited.request, options);
  if (!isWaiting) return 0;
  if (!waited.active) return EXIT.refused;
  if (options.json !== true) io.stdout(await howToUse(waited.request, session, io));
  return 0;
}

/**
 * Sorts the command's words: with `--account`, the first word may be left out.
 *
 * @throws UsageError where a word is missing, or there are too many accounts
 */
function wordsOf(words: readonly (string | undefined)[], named: readonly string[]) {
  const given = words.filter((word) => word !== undefined);
  const isWhole = given.length === 4;
  if (!isWhole && named.length === 0) throw new UsageError('say why, at the end: "the checkout is down"');
  const [permissionSet = '', duration = '', reason = ''] = isWhole ? given.slice(1) : given;
  const accounts = [...(isWhole ? given.slice(0, 1) : []), ...named];
  if (accounts.length > MOST_ACCOUNTS) throw new UsageError(`at most ${MOST_ACCOUNTS} accounts are asked for at once`);
  return { accounts, permissionSet, duration, reason };
}

/** A hash of the key, in the characters that an ask's id may have. */
function askIdOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

function dedupe(targets: readonly Target[]): readonly Target[] {
  return targets.filter(({ accountId }, at) => targets.findIndex((other) => other.accountId === accountId) === at);
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** The fields of an ask that every asking command has. */
export function asked({ ticket, breakGlass }: AskOptions): object {
  return { ticket, ...(breakGlass === true ? { confirmBreakGlass: true } : {}) };
}

/** @throws UsageError for a text that is no duration */
export function readDuration(text: string): string {
  const seconds = parseDuration(text);
  if (seconds === undefined) throw new UsageError(`${text} is no length of time: write 30m, 1h or 1h30m`);
  return toIsoDuration(seconds);
}

/** How to use active access: a link to the access portal, and a profile. */
async function howToUse(request: ShownRequest, { portalUrl }: Session, io: CliIo): Promise<string> {
  const role = roleOf(request);
  if (role === undefined) return `${portalUrl}\n`;
  const query = new URLSearchParams({ account_id: role.accountId, role_name: role.permissionSet });
  const { text } = await profileOf(role, io, false);
  return `\n${portalUrl}/#/console?${query}\n\n${text}`;
}
