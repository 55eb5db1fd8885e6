import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../cli/access/run-program.ts';
import { exitCodeOf, takeSignals } from '../../cli/access/signals.ts';

const CONFIG = '[profile x]\nsso_session = company\n';
const NO_SIGNALS = { passTo: () => () => {} };
const node = (script: string) => [process.execPath, '-e', script];

test('a program can read its AWS config file while it runs, other users cannot, and the file is deleted afterwards', async () => {
  const looks = `const fs = require('fs');
    const text = fs.readFileSync(process.env.AWS_CONFIG_FILE, 'utf8');
    const isPrivate = (fs.statSync(process.env.AWS_CONFIG_FILE).mode & 0o077) === 0;
    fs.writeFileSync(process.env.SEEN, process.env.AWS_CONFIG_FILE);
    process.exit(text === process.env.WANTED && isPrivate ? 7 : 1);`;
  const folder = mkdtempSync(join(tmpdir(), 'seen-'));
  const seen = join(folder, 'path');
  expect(await runProgram(node(looks), { ...process.env, WANTED: CONFIG, SEEN: seen }, CONFIG, NO_SIGNALS)).toBe(7);
  expect(existsSync(readFileSync(seen, 'utf8'))).toBe(false);
  rmSync(folder, { recursive: true });
});

test('a program ended by a signal gives the exit code that a shell gives, and a missing program is reported', async () => {
  expect(
    await runProgram(
      node("process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 9e3)"),
      process.env,
      '',
      NO_SIGNALS,
    ),
  ).toBe(143);
  await expect(runProgram(['no-such-program-here'], process.env, '', NO_SIGNALS)).rejects.toThrow(
    'no-such-program-here cannot be run',
  );
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s ends the program, and the command waits for that and goes on',
  async (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'begun-'));
    const begun = join(folder, 'begun');
    const waits = "require('fs').writeFileSync(process.env.BEGUN, ''); setTimeout(() => {}, 9e3)";
    const signals = takeSignals();
    try {
      const running = runProgram(node(waits), { ...process.env, BEGUN: begun }, '', signals);
      while (!existsSync(begun)) await new Promise((done) => setTimeout(done, 20));
      process.emit(name, name);
      expect([await running, signals.first(), signals.stopped.aborted]).toEqual([exitCodeOf(name), name, true]);
    } finally {
      signals.release();
      rmSync(folder, { recursive: true });
    }
  },
);
