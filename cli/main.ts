import { Command, CommanderError } from 'commander';
import { checkoutVersion } from '../lib/config/version.ts';
import { registerOversight } from './access/oversee.ts';
import { registerAccess } from './access/register.ts';
import { registerAudit } from './audit/audit.ts';
import { errorInWords } from './deployment/aws-errors.ts';
import { register as registerSlackManifest } from './deployment/slack-manifest.ts';
import { environmentOf, offerStack } from './deployment/stack.ts';
import { registerDoctor } from './doctor/register.ts';
import { registerDrift } from './drift.ts';
import { registerLock } from './guard/lock.ts';
import { registerGuard } from './guard/register.ts';
import { registerOperator } from './operator/register.ts';
import { registerPolicy } from './policy/register.ts';
import { registerPrincipal } from './principal/principal.ts';
import { registerActivity } from './report/activity.ts';
import { registerReport } from './report/report.ts';
import { registerCompletion } from './terminal/completion.ts';
import { showExamples } from './terminal/examples.ts';
import { type CliIo, type Register, UsageError } from './terminal/io.ts';
import { forTerminal, line } from './terminal/terminal-text.ts';

/** Every group of commands. */
export const GROUPS: readonly Register[] = [
  registerAccess,
  registerOversight,
  registerPolicy,
  registerPrincipal,
  registerOperator,
  registerReport,
  registerActivity,
  registerGuard,
  registerLock,
  registerAudit,
  registerDrift,
  registerDoctor,
  registerSlackManifest,
  registerCompletion,
];

/** The exit code for input that is not usable; docs/cli.md lists them. */
const BAD_INPUT = 2;

/**
 * Runs one command.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code: 0, or one that the command documents; 2 for invalid input and 5 for a refusal by AWS, each
 * explained in one line
 */
export async function main(
  argv: readonly string[],
  outside: Omit<CliIo, 'exitWith'>,
  groups: readonly Register[] = GROUPS,
): Promise<number> {
  const io = {
    ...outside,
    stdout: (text: string) => outside.stdout(forTerminal(text)),
    stderr: (text: string) => outside.stderr(forTerminal(text)),
    about: (text: string) => outside.about(forTerminal(text)),
    ...(outside.progress && { progress: (text: string) => outside.progress?.(forTerminal(text)) }),
  };
  let exitCode = 0;
  const program = new Command('glasshammer')
    .description('Temporary AWS access: policies, principals, requests.')
    .version(checkoutVersion(), '--version', 'the version of this checkout')
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: () => {} })
    .showSuggestionAfterError(true);
  let env = io.env;
  const withExit: CliIo = {
    ...io,
    get env() {
      return env;
    },
    exitWith: (code) => {
      exitCode = code;
    },
  };
  for (const register of groups) register(program, withExit);
  offerStack(program);
  showExamples(program);
  program.hook('preAction', async (_program, command) => {
    env = await environmentOf(command, io);
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return afterParsing(error, program, argv, io);
    if (error instanceof UsageError) {
      io.stderr(line(error.message));
      return BAD_INPUT;
    }
    const { text, exitCode: failed } = errorInWords(error, withExit);
    io.stderr(line(text));
    return failed;
  }
}

function afterParsing(
  error: CommanderError,
  program: Command,
  argv: readonly string[],
  io: Pick<CliIo, 'stdout' | 'stderr'>,
): number {
  if (error.exitCode === 0) return 0;
  if (error.code === 'commander.help') {
    // No command or only a group was named: print how to list the commands.
    io.stderr(
      line(
        `${argv.join(' ') || 'glasshammer'}: name a command; glasshammer ${[...argv, '--help'].join(' ')} lists them`,
      ),
    );
    return BAD_INPUT;
  }
  // Commander appends its suggestion on its own line, in brackets.
  const [what = '', meant] = error.message.replace(/^error: /, '').split(/\n\(Did you mean |\?\)$/);
  const help = meant === undefined ? `see ${program.name()} --help` : `did you mean ${meant}?`;
  io.stderr(line(`${what}; ${help}`));
  return BAD_INPUT;
}
