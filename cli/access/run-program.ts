import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../terminal/io.ts';
import { exitCodeOf, type TakenSignals } from './signals.ts';

/**
 * Runs a program in this terminal, with the given environment and a temporary file with the given AWS configuration.
 * Passes signals on to it, and returns its exit code.
 */
export type RunProgram = (
  command: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  awsConfig: string,
  signals: Pick<TakenSignals, 'passTo'>,
) => Promise<number>;

/** @throws UsageError when the program cannot be started */
export const runProgram: RunProgram = async ([program = '', ...words], env, awsConfig, signals) => {
  const folder = await mkdtemp(join(tmpdir(), 'glasshammer-'));
  try {
    const file = join(folder, 'config');
    await writeFile(file, awsConfig, { mode: 0o600 });
    return await run(program, words, { ...env, AWS_CONFIG_FILE: file }, signals);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

function run(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  signals: Pick<TakenSignals, 'passTo'>,
): Promise<number> {
  return new Promise((done, failed) => {
    const child = spawn(program, words, { stdio: 'inherit', env: { ...env } });
    const keep = signals.passTo((signal) => {
      // A terminal sends SIGINT to both processes; a second SIGINT makes many programs exit without cleaning up.
      if (signal !== 'SIGINT' || !hasTerminal()) child.kill(signal);
    });
    child.once('error', () => {
      keep();
      failed(new UsageError(`${program} cannot be run: is it installed?`));
    });
    child.once('close', (code, signal) => {
      keep();
      done(code ?? exitCodeOf(signal ?? 'SIGTERM'));
    });
  });
}

function hasTerminal(): boolean {
  return [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY === true);
}
