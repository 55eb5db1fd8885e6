import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../io.ts';

/** Runs a program in this terminal, with these variables and this AWS configuration as its file; answers its exit code. */
export type RunProgram = (
  command: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  awsConfig: string,
) => Promise<number>;

/** @throws UsageError when there is no such program */
export const runProgram: RunProgram = async ([program = '', ...words], env, awsConfig) => {
  const folder = await mkdtemp(join(tmpdir(), 'glasshammer-'));
  try {
    const file = join(folder, 'config');
    await writeFile(file, awsConfig, { mode: 0o600 });
    return await exitCodeOf(program, words, { ...env, AWS_CONFIG_FILE: file });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

function exitCodeOf(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  return new Promise((done, failed) => {
    const child = spawn(program, words, { stdio: 'inherit', env: { ...env } });
    // The terminal interrupts both of us; this one goes on until access is ended.
    const interrupted = () => {};
    const terminated = () => void child.kill('SIGTERM');
    process.on('SIGINT', interrupted);
    process.on('SIGTERM', terminated);
    const over = () => {
      process.off('SIGINT', interrupted);
      process.off('SIGTERM', terminated);
    };
    child.once('error', () => {
      over();
      failed(new UsageError(`${program} cannot be run: is it installed?`));
    });
    child.once('close', (code, signal) => {
      over();
      // As shells say it: 128 and the number of the signal.
      done(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}
