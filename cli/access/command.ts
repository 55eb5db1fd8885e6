import type { Command } from 'commander';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { line, row } from '../terminal/terminal-text.ts';
import type { ApiServices, BuildApi } from './api-client.ts';
import { ApiProblemError, Session, type ShownRequest } from './session.ts';
import { waitingWords } from './wait.ts';

/** The options of every command that uses the API. */
export interface ApiOptions {
  readonly api?: string;
  readonly json?: boolean;
}

type Work = (session: Session, services: ApiServices) => Promise<void>;

/**
 * Runs a command in the caller's session. A refusal becomes a line and an exit code; with `--json` also the API's
 * problem as JSON.
 */
export function asPerson(io: CliIo, build: BuildApi): (work: Work) => (options: ApiOptions) => Promise<void> {
  return (work) => async (options) => {
    const url = options.api ?? io.env.GLASSHAMMER_API;
    if (!url)
      throw new UsageError(
        'name the API: --api URL, or GLASSHAMMER_API in the environment; the stack has it as output ApiUrl',
      );
    try {
      const services = await build(url, io.env);
      await work(await Session.begin(services), services);
    } catch (error) {
      if (!(error instanceof ApiProblemError)) throw error;
      if (options.json === true) io.stdout(`${JSON.stringify(error.problem ?? null)}\n`);
      io.stderr(line(error.message));
      io.exitWith(error.exitCode);
    }
  };
}

/** Prints a request in one line, or as JSON as the API answered it. */
export function tellTo(io: CliIo): (request: ShownRequest, options: ApiOptions) => void {
  return (request, { json }) => io.stdout(json === true ? `${JSON.stringify(request)}\n` : row(...cellsOf(request)));
}

/** Adds the options of every command that uses the API. */
export function withApi(command: Command): Command {
  return command
    .option('--api <url>', 'without, GLASSHAMMER_API')
    .option('--json', 'as JSON, as docs/api/openapi.json describes it');
}

function cellsOf(request: ShownRequest): readonly string[] {
  const { id, requester, target, reason } = request;
  const what =
    target.accountId === undefined
      ? `group ${target.groupName ?? target.groupId ?? ''}`
      : `${target.permissionSet ?? ''} in ${target.accountName ?? ''} ${target.accountId}`;
  return [id, requester.userName, what, request.duration, waitingWords(request), reason];
}
