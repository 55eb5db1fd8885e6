import type { Command } from 'commander';
import { parseDuration, toIsoDuration } from '../../core/model/duration.ts';
import { OPEN_STATES } from '../../core/model/life-cycle.ts';
import { type ApiServices, type BuildApi, signedApi } from '../access/api-client.ts';
import { type ApiOptions, asPerson } from '../access/command.ts';
import type { Session, Target } from '../access/session.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { line } from '../terminal/terminal-text.ts';
import { type Call, callAws } from './harmless-calls.ts';
import { openPortal } from './portal-credentials.ts';
import { type ProofStep, prove } from './prove-cut.ts';

interface Options extends ApiOptions {
  readonly account: string;
  readonly permissionSet: string;
  readonly duration: string;
  readonly reason: string;
  readonly ticket?: string;
  readonly breakGlass?: boolean;
  readonly limit: string;
}

/** How the services of a proof are built; tests supply others. */
export interface BuildProof {
  readonly api: BuildApi;
  readonly call: Call;
}

/**
 * `glasshammer guard prove` shows, with the caller's own access, that credentials fetched before its end are refused
 * after it.
 */
export function registerProve(guard: Command, io: CliIo, build: BuildProof = { api: signedApi, call: callAws }): void {
  const as = asPerson(io, build.api);
  guard
    .command('prove')
    .description('ask for access as yourself, fetch credentials, end it, and see that they are refused')
    .requiredOption('--account <account>', 'id, name or a part of it')
    .requiredOption('--permission-set <name>', 'name or a part of it')
    .option('--duration <duration>', 'asked for; it is ended at once', '15m')
    .option('--reason <text>', 'shown to approvers', 'to see that sessions are cut when access ends')
    .option('--ticket <id>', 'where a policy wants one')
    .option('--break-glass', 'yes, without approval: every approver is told, and it is reviewed')
    .option('--limit <duration>', 'how long after the end the credentials may still work', '5m')
    .option('--api <url>', 'without, GLASSHAMMER_API')
    .option('--json', 'as JSON lines')
    .action((options: Options) => as((session, services) => run(options, session, services, build.call, io))(options));
}

async function run(options: Options, session: Session, services: ApiServices, call: Call, io: CliIo): Promise<void> {
  const limitMs = secondsOf(options.limit) * 1000;
  const duration = toIsoDuration(secondsOf(options.duration));
  // After the first call of the API: the SDK renews the sign-in session there, which the portal needs too.
  const portal = await openPortal(io);
  const target = await session.target(options.account, options.permissionSet);
  const role = await roleNamed(target, session);
  const { reason, ticket, breakGlass } = options;
  const body = {
    ...target,
    duration,
    reason,
    ...(ticket === undefined ? {} : { ticket }),
    ...(breakGlass === true ? { confirmBreakGlass: true } : {}),
  };
  const tell = (step: ProofStep) =>
    io.stdout(options.json === true ? `${JSON.stringify(step)}\n` : line(`${step.at.slice(11, 19)}  ${step.words}`));
  const signals = services.takeSignals();
  try {
    io.exitWith(await prove({ body, role, limitMs, tell }, { session, services, portal, call, signals, io }));
  } finally {
    signals.release();
  }
}

/**
 * The permission set's name in the portal. @throws UsageError where the person has the access already: the proof must
 * not end it
 */
async function roleNamed({ accountId, permissionSet }: Target, session: Session) {
  const name = await session.permissionSetName(accountId, permissionSet);
  const mine = await session.list('requests');
  const known = mine.find(
    ({ state, target }) =>
      OPEN_STATES.some((open) => open === state) && target.accountId === accountId && target.permissionSet === name,
  );
  if (known !== undefined)
    throw new UsageError(`you have or wait for this access already: glasshammer end ${known.id}, then again`);
  return { accountId, permissionSet: name };
}

function secondsOf(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined) throw new UsageError(`${text} is no length of time: write 30m, 1h or 1h30m`);
  return seconds;
}
