import { Command, CommanderError } from 'commander';
import { registerAudit } from './audit.ts';
import { registerDrift } from './drift.ts';
import { registerLock } from './guard/lock.ts';
import { registerGuard } from './guard/register.ts';
import { type CliIo, type Register, UsageError } from './io.ts';
import { registerOperator } from './operator/register.ts';
import { registerPolicy } from './policy/register.ts';
import { registerPrincipal } from './principal.ts';
import { register as registerSlackManifest } from './slack-manifest.ts';

/** Every group of commands. */
const GROUPS: readonly Register[] = [
  registerPolicy,
  registerPrincipal,
  registerOperator,
  registerGuard,
  registerLock,
  registerAudit,
  registerDrift,
  registerSlackManifest,
];

/** Exit code for input that cannot be worked with. */
const BAD_INPUT = 2;

/**
 * Runs one command.
 *
 * @param argv what follows the name of the program
 * @returns the exit code: 0, or what the command documents; 2 for input that cannot be worked with, said in one line
 */
export async function main(
  argv: readonly string[],
  io: Omit<CliIo, 'exitWith'>,
  groups: readonly Register[] = GROUPS,
): Promise<number> {
  let exitCode = 0;
  const program = new Command('glasshammer')
    .description('Temporary AWS access: policies, principals, requests.')
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: () => {} })
    .showSuggestionAfterError(false);
  const withExit: CliIo = {
    ...io,
    exitWith: (code) => {
      exitCode = code;
    },
  };
  for (const register of groups) register(program, withExit);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return afterParsing(error, program, argv, io);
    if (error instanceof UsageError) {
      io.stderr(`${oneLine(error.message)}\n`);
      return BAD_INPUT;
    }
    io.stderr(`${error instanceof Error ? `${error.name}: ${oneLine(error.message)}` : String(error)}\n`);
    return 1;
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
    // Nothing, or only a group, was named: say what there is instead of failing without a word.
    io.stderr(
      `${argv.join(' ') || 'glasshammer'}: name a command; glasshammer ${[...argv, '--help'].join(' ')} lists them\n`,
    );
    return BAD_INPUT;
  }
  io.stderr(`${oneLine(error.message.replace(/^error: /, ''))}; see ${program.name()} --help\n`);
  return BAD_INPUT;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
