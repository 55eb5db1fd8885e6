import { signedApi } from '../../../cli/access/api-client.ts';
import { callAws } from '../../../cli/guard/harmless-calls.ts';
import { registerGuard } from '../../../cli/guard/register.ts';
import { main } from '../../../cli/main.ts';
import type { CliIo } from '../../../cli/terminal/io.ts';
import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';
import { GUARDED_SETS } from '../support/guarded-sets.ts';
import { expectAllOver } from '../support/sound.ts';

/** An operator whose terminal has the environment variables that the sandbox prints. */
describe('glasshammer guard prove', () => {
  let driver: Driver;
  const environment = { ...process.env };
  beforeAll(async () => {
    driver = await Driver.start({ permissionSets: GUARDED_SETS });
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());
  afterEach(() => {
    process.env = environment;
  });

  /** @param onPause called instead of each pause of two seconds */
  async function run(line: string, onPause: (nth: number) => unknown = () => {}, stop = new AbortController()) {
    const { exports } = await driver.must('POST', '/sandbox/sign-in', { userName: 'ana@example.com' });
    const lines = String(exports).matchAll(/^export (\w+)='(.*)'$/gm);
    process.env = { ...environment, ...Object.fromEntries([...lines].map(([, name, value]) => [name, value])) };
    let [out, err, pauses, ids] = ['', '', 0, 0];
    let now = new Date((await driver.state()).now);
    const look = async () => {
      now = new Date((await driver.state()).now);
    };
    const outside = {
      stdout: (text: string) => {
        out += text;
      },
      stderr: (text: string) => {
        err += text;
      },
      about: () => {},
      readFile: () => Promise.reject(new Error('there is no file')),
      now: () => now,
      newId: () => `proof-${now.getTime()}-${++ids}`,
      env: process.env,
    };
    const api: typeof signedApi = async (url, env) => ({
      ...(await signedApi(url, env)),
      pause: async () => {
        await onPause(++pauses);
        await driver.advance('PT2S');
        await look();
      },
      takeSignals: () => ({
        stopped: stop.signal,
        first: () => (stop.signal.aborted ? 'SIGINT' : undefined),
        passTo: () => () => {},
        release: () => {},
      }),
    });
    const code = await main(line.split(' '), outside as unknown as CliIo, [
      (program, io) => registerGuard(program, io, undefined, { api, call: callAws }),
    ]);
    return { code, out, err };
  }

  const PROVE = 'guard prove --account Production --permission-set BreakGlass';

  it('shows the same call work with fetched credentials, and be refused within seconds of the end', async () => {
    const { code, out, err } = await run(PROVE);
    expect(out).toMatch(/^\d\d:\d\d:\d\d {2}asked for BreakGlassAdmin in 123456789012: req-/);
    expect(out).toMatch(
      /credentials fetched.*: ASIAPORTAL[^\n]*\n.*s3:ListAllMyBuckets works with them\n.*access is ended/,
    );
    const [, seconds] =
      /refused (\d+) s after the end: AccessDenied: .*explicit deny in a permissions boundary/.exec(out) ?? [];
    expect(Number(seconds)).toBeLessThan(30);
    expect([code, err.match(/FAILED|could not/)]).toEqual([0, null]);
    await expectAllOver(driver, { wait: 'PT1M' });
  });

  it('fails if nothing guards the permission set, says that the credentials still work, and leaves no access', async () => {
    const set = driver.running.current().world.permissionSets.find(({ arn }) => arn === BREAK_GLASS);
    delete set?.permissionsBoundary;
    const { code, out } = await run(`${PROVE} --limit 20s --json`);
    const steps = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(steps.map(({ step }) => step).filter((step, at, all) => step !== all[at - 1])).toEqual([
      'asked',
      'active',
      'fetched',
      'allowed',
      'ended',
      'still-allowed',
      'not-refused',
    ]);
    expect([code, (await driver.state()).assignments]).toEqual([1, []]);
  });

  it('leaves no access behind after Ctrl-C, and does not end access that was there before', async () => {
    const stop = new AbortController();
    const interrupted = await run(PROVE, (nth) => nth === 2 && stop.abort(), stop);
    expect(interrupted.code).toBe(130);
    await driver.advance('PT30S');
    expect((await driver.state()).assignments).toEqual([]);
    await driver.advance('PT1M');
    await driver.breakGlass('U0ANA');
    await driver.advance('PT10S');
    const again = await run(PROVE);
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('you have or wait for this access already') });
    const { assignments } = await driver.state();
    expect(assignments).toMatchObject([
      { principalId: 'user-ana', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS },
    ]);
  });
});
