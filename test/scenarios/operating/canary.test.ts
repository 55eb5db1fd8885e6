import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { BuildCanary } from '../../../cli/doctor/canary.ts';
import { registerDoctor } from '../../../cli/doctor/register.ts';
import { main } from '../../../cli/main.ts';
import { nodeIo } from '../../../cli/terminal/node-io.ts';
import { createCanaryFunction } from '../../../gateways/lambda/canary-function.ts';
import { Driver, READ_ONLY } from '../support/driver.ts';

const SANDBOX = '345678901234';
const TRIED = ['doctor', '--canary', '--account', SANDBOX, '--permission-set', 'ReadOnlyAccess'];

describe('the canary, which tries whether access is granted and removed', () => {
  const environment = process.env;
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start({ nightlyCanary: true }, { bundled: true });
    process.env = { ...environment, ...driver.running.environment() };
  });
  afterAll(() => {
    process.env = environment;
    return driver.stop();
  });

  /** The clock starts at the real time of day, which may be close to the hour of the nightly trial. */
  beforeEach(() => driver.fault({ operation: 'schedule:try-access', error: 'Missed', times: 9 }));

  /** @param onPause called instead of each pause; by default two seconds pass */
  async function doctor(argv: readonly string[], onPause: () => Promise<unknown> = () => driver.advance('PT2S')) {
    const said = { out: '', err: '' };
    const build: BuildCanary = async (functionName) => ({
      call: createCanaryFunction({ client: new LambdaClient({}), functionName }),
      pause: async () => {
        await onPause();
      },
    });
    const io = {
      ...nodeIo(),
      stdout: (text: string) => {
        said.out += text;
      },
      stderr: (text: string) => {
        said.err += text;
      },
      now: () => driver.running.current().clock.now(),
      env: { ...driver.running.environment() },
    };
    const code = await main(argv, io, [(program, inner) => registerDoctor(program, inner, undefined, build)]);
    return { code, ...said };
  }

  it('is granted access by its policy and loses it again, each with its seconds in the output', async () => {
    const { code, out } = await doctor(TRIED);
    expect(out).toMatch(
      /^ok +canary-grant: ReadOnlyAccess in 345678901234 was given \d+ s after .* Identity Center shows it$/m,
    );
    expect(out).toMatch(/^ok +canary-end: ReadOnlyAccess in 345678901234 was taken back \d+ s after/m);
    expect(code).toBe(0);
    const { assignments, requests } = await driver.state();
    expect(assignments).toEqual([]);
    expect(requests.at(-1)).toMatchObject({ state: 'ended', requester: { principalId: 'user-canary' } });
    await driver.advance('PT1M');
    const { archive } = await driver.must('GET', '/sandbox/state');
    const told = archive as { readonly type: string }[];
    expect(told.map(({ type }) => type)).toEqual(expect.arrayContaining(['requested', 'granted', 'ended']));
  });

  it("loses its access within ten minutes if the operator's terminal is closed", async () => {
    const died = new Error('the terminal was closed');
    const { code, out } = await doctor(TRIED, () => Promise.reject(died));
    expect(out).toMatch(/^UNSEEN +canary-grant: could not try: .*the terminal was closed/m);
    expect(code).toBe(1);
    await driver.advance('PT1M');
    expect((await driver.state()).assignments).toMatchObject([{ principalId: 'user-canary' }]);
    await driver.advance('PT11M');
    expect((await driver.state()).assignments).toEqual([]);
  });

  it('is refused what no policy gives it, which the doctor reports as a fault', async () => {
    const other = await doctor([...TRIED.slice(0, 3), '123456789012', '--permission-set', 'BreakGlassAdmin']);
    expect(other.out).toMatch(
      /^FAULT +canary-grant: the canary was refused BreakGlassAdmin in 123456789012: not-allowed/m,
    );
    expect(other.code).toBe(1);
    expect((await driver.state()).assignments).toEqual([]);
    // A request that would have to wait for approval is cancelled at once.
    await driver.must('POST', '/sandbox/access-records', [
      {
        id: { S: 'policy#canary-with-approval' },
        effect: { S: 'allow' },
        who: { S: 'user:user-canary' },
        groups: { S: 'group-oncall' },
        approval: { M: { approvers: { S: 'group:Leads' } } },
      },
    ]);
    const waiting = await doctor(['doctor', '--canary', '--group', 'On-call']);
    expect(waiting.out).toMatch(/^FAULT +canary-grant: the canary was refused group On-call: .*wait for approval/m);
    expect((await driver.request()).state).toBe('cancelled');
  });

  it('needs a target and the option --canary, and the error says which word is missing', async () => {
    for (const [argv, says] of [
      [['doctor', '--canary'], /--account ID --permission-set NAME, or --group NAME/],
      [['doctor', '--canary', '--account', SANDBOX], /--account and --permission-set together/],
      [['doctor', '--group', 'On-call'], /write --canary, too/],
      [['doctor', '--canary', '--account', 'Sandbox', '--permission-set', 'x'], /write its 12 digits/],
    ] as const)
      expect(await doctor(argv)).toMatchObject({ code: 2, err: expect.stringMatching(says) });
  });

  /** Calls the function as one of the two rules does at its hour. */
  const nightly = (what: 'ask' | 'judge') =>
    new LambdaClient({}).send(
      new InvokeCommand({
        FunctionName: 'glasshammer-try-access',
        Payload: new TextEncoder().encode(JSON.stringify({ nightly: what })),
      }),
    );

  it.each([
    [
      'would wait for approval',
      'would-wait',
      { approval: { M: { approvers: { S: 'group:Leads' } } } },
      /"because":"refused","requestId":/,
    ],
    ['would break the glass', 'break-glass', { breakGlass: { BOOL: true } }, /"because":"never-asked"/],
  ])('a nightly trial that %s is logged as that, and is one alarm', async (_what, because, more, judged) => {
    await driver.reset();
    await driver.fault({ operation: 'schedule:try-access', error: 'Missed', times: 9 });
    await driver.must('POST', '/sandbox/access-records', [
      {
        id: { S: 'policy#canary' },
        effect: { S: 'allow' },
        who: { S: 'user:user-canary' },
        accounts: { S: SANDBOX },
        permissionSets: { S: 'ReadOnlyAccess' },
        ...more,
      },
    ]);
    await nightly('ask');
    expect(await driver.logs()).toContain(`"event":"canary.failed","because":"${because}"`);
    await driver.advance('PT1H45M');
    await nightly('judge');
    expect(await driver.logs()).toMatch(judged);
    expect((await driver.state()).alarms.filter(({ id }) => id === 'canary-failed')).toHaveLength(1);
  });

  it('a nightly trial of what the canary holds already names the request that holds it', async () => {
    await driver.reset();
    await driver.fault({ operation: 'schedule:try-access', error: 'Missed', times: 9 });
    await doctor(TRIED, () => Promise.reject(new Error('the terminal was closed')));
    await driver.advance('PT1M');
    const { id } = await driver.request();
    await nightly('ask');
    expect(await driver.logs()).toContain(`"event":"canary.failed","because":"held","requestId":"${id}"`);
  });

  it('is tried every night, and an alarm is raised when access is not granted or not removed', async () => {
    await driver.reset();
    await driver.fault({ operation: 'schedule:try-access', error: 'Missed', times: 9 });
    const woken = async () => (await driver.state()).alarms.filter(({ id }) => id === 'canary-failed');

    // Judged before access was requested: a trial that was not seen to succeed counts as failed.
    await nightly('judge');
    expect(await driver.logs()).toMatch(/canary\.failed.*never-asked/);
    await driver.advance('PT11M');

    await nightly('ask');
    // A rule may fire twice; that is still one trial.
    await nightly('ask');
    await driver.advance('PT5M');
    expect((await driver.state()).assignments).toMatchObject([{ accountId: SANDBOX, permissionSetArn: READ_ONLY }]);
    await nightly('judge');
    expect(await driver.logs()).toMatch(/canary\.failed.*still-there/);
    await driver.advance('PT15M');
    expect((await woken()).at(-1)).toMatchObject({ severity: 'high', state: 'OK' });
    await nightly('judge');
    expect((await driver.state()).requests).toMatchObject([{ requester: { principalId: 'user-canary' } }]);
    expect(await driver.logs()).toMatch(/canary\.right/);
    expect((await woken()).every(({ state }) => state === 'OK')).toBe(true);
  });
});
