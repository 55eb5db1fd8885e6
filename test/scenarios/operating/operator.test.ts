import { main } from '../../../cli/main.ts';
import { nodeIo } from '../../../cli/terminal/node-io.ts';
import { Driver, POWER, STAGING } from '../support/driver.ts';
import { does, sends, statusMessageOf, wordsOf } from '../support/people.ts';
import { expectSound } from '../support/sound.ts';

/** The operator, as AWS names the owner of the credentials. */
const OPERATOR =
  'cli:arn:aws:sts::456789012345:assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/administrator';

describe('an operator, with nothing but AWS credentials', () => {
  const environment = process.env;
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => {
    process.env = environment;
    return driver.stop();
  });
  beforeEach(() => driver.reset());

  /** Runs a command as an operator at a terminal that reaches the sandbox's AWS. */
  async function glasshammer(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
    const { url } = driver.running;
    process.env = {
      ...environment,
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIAOPERATOR',
      AWS_SECRET_ACCESS_KEY: 'operator',
    };
    const said = { out: '', err: '' };
    const { world } = driver.running.current();
    const code = await main(argv, {
      ...nodeIo(),
      stdout: (text) => {
        said.out += text;
      },
      about: (text) => {
        said.out += text;
      },
      stderr: (text) => {
        said.err += text;
      },
      now: () => driver.running.current().clock.now(),
      env: {
        // The shell's USER is no proof of who the operator is.
        USER: 'somebody-else',
        ACCESS_TABLE: 'glasshammer-access',
        REQUEST_TABLE: 'glasshammer-requests',
        STATE_MACHINE_ARN: `arn:aws:states:${world.region}:${world.homeAccountId}:stateMachine:glasshammer-access`,
      },
    });
    return { code, ...said };
  }

  it('explains a decision with the access that the person holds at that moment, and with the freeze', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT2M');
    const [request] = (await driver.state()).requests;
    const ana = [
      '--aws',
      '--user',
      'ana@example.com',
      '--account',
      'Production',
      '--permission-set',
      'BreakGlassAdmin',
    ];
    expect((await glasshammer('policy', 'explain', ...ana)).out).toContain(
      `held: since ${request?.startsAt}, until ${request?.endsAt}`,
    );
    await glasshammer('freeze', '--reason', 'incident 42');
    const frozen = await glasshammer('policy', 'explain', ...ana, '--json');
    expect([frozen.code, JSON.parse(frozen.out)]).toMatchObject([4, { refusal: 'frozen' }]);
  });

  it('cancels scheduled access, and the message says at once which operator did it', async () => {
    const start = String(Math.floor(Date.parse((await driver.state()).now) / 1000) + 3 * 3600);
    await does(driver, 'U0BEN', 'command', { command: '/access', channel: 'C0ALERTS' });
    await sends(driver, 'U0BEN', {
      account: STAGING,
      'permission-set': POWER,
      duration: '1800',
      reason: 'The change',
      start,
    });
    await driver.advance('PT5S');
    const planned = await driver.request();
    expect(planned.state).toBe('scheduled');
    await glasshammer('revoke', '--user', 'ben@example.com', '--reason', 'The change is off');
    await driver.advance('PT10S');
    const story = wordsOf(await statusMessageOf(driver, planned));
    expect(story).toContain('*Cancelled* by the operator `administrator`');
    expect(story).toContain('The change is off');
    expect(story).not.toMatch(/cancelled by an operator|arn:aws:sts/);
    const told = (await driver.state()).messages.find(({ text }) => text.includes('was cancelled by'));
    expect(told?.text).toContain('<@U0BEN>');
  });

  it('stops every new grant at once with freeze, and allows them again with thaw', async () => {
    expect(await glasshammer('freeze', '--reason', 'incident 42')).toMatchObject({ code: 0 });
    const refused = await driver.breakGlass('U0ANA');
    expect(refused.text).toContain('incident 42');
    expect(await driver.request()).toMatchObject({ state: 'refused', refusal: { reason: 'frozen' } });
    expect((await glasshammer('freeze', '--reason', 'again')).out).toContain('frozen already');

    expect((await glasshammer('thaw')).out).toContain('given again');
    expect((await glasshammer('thaw')).out).toContain('nothing was frozen');
    await driver.breakGlass('U0ANA');
    await driver.advance('PT10S');
    expect(await driver.request()).toMatchObject({ state: 'active' });
  });

  it('refuses a grant that was decided just before the freeze', async () => {
    await driver.fault({ operation: 'lambda:grant-access', error: 'Crash', times: 1 });
    await driver.breakGlass('U0ANA');
    await glasshammer('freeze', '--reason', 'incident 42');
    await driver.advance('PT2M');
    const state = await driver.state();
    expect(state.requests[0]).toMatchObject({ state: 'refused', refusal: { reason: 'frozen' } });
    expect(state.assignments).toEqual([]);
  });

  it('ends everything of a user, in an account, or everywhere, while Slack is down', async () => {
    for (const selection of [['--user', 'ANA@example.com'], ['--account', '123456789012'], ['--all']]) {
      await driver.reset();
      await driver.breakGlass('U0ANA');
      await driver.advance('PT10S');
      await driver.fault({ operation: 'slack:chat.postMessage', error: 'Timeout', times: 'forever' });
      await driver.fault({ operation: 'slack:chat.update', error: 'Timeout', times: 'forever' });
      const { code, out } = await glasshammer('revoke', ...selection);
      expect({ code, first: out.split('\t')[0] }).toEqual({ code: 0, first: 'ending' });
      await driver.advance('PT30S');
      const state = await driver.state();
      expect(state.assignments).toEqual([]);
      expect(state.requests[0]?.events.find(({ type }) => type === 'ending')).toMatchObject({ by: OPERATOR });
    }
  });

  it('lists open requests and never shows a task token', async () => {
    expect((await glasshammer('requests')).out).toBe('no open request\n');
    await driver.breakGlass('U0ANA');
    await driver.advance('PT10S');
    const { id } = await driver.request();
    expect((await glasshammer('requests')).out).toContain(id);
    expect((await glasshammer('requests', '--json')).out).not.toContain('tokens');
    for (const mine of [['--user', 'ANA@example.com'], ['--account', '123456789012'], ['--all']])
      expect((await glasshammer('requests', ...mine)).out).toContain(id);
    for (const others of [
      ['--user', 'ben@example.com'],
      ['--account', '234567890123', '--all'],
    ])
      expect((await glasshammer('requests', ...others)).out).toMatch(/^no (open )?request\n$/);
    expect((await glasshammer('revoke', '--request', id, '--reason', 'wrong account')).code).toBe(0);
    expect((await driver.request()).events.at(-1)).toMatchObject({ note: 'ended by an operator: wrong account' });
    await driver.advance('PT4H');
    const state = await driver.state();
    expect(state.requests[0]?.state).toBe('reported');
    // A request that is over is listed only with --all.
    expect((await glasshammer('requests')).out).toBe('no open request\n');
    expect((await glasshammer('requests', '--all')).out).toContain(id);
    expectSound(state);
  });

  it('refuses a mistyped user, request or account, and says when there is nothing to end', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT10S');
    const { id } = await driver.request();
    for (const [option, value] of [
      ['--user', 'anna@example.com'],
      ['--request', 'nope'],
      ['--account', '999999999998'],
    ] as const) {
      const { code, out, err } = await glasshammer('revoke', option, value);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(new RegExp(`^${option} ${value}: .*\n$`));
    }
    expect((await driver.state()).assignments).toHaveLength(1);

    const ended = await glasshammer('revoke', '--user', 'ana@example.com');
    expect(ended.out).toMatch(/^ending\t.*\tending\t.*\n1 request ending: AWS is taking the access back/);
    await driver.advance('PT30S');
    for (const selection of [
      ['--user', 'ana@example.com'],
      ['--account', '123456789012'],
      ['--request', id],
      ['--all'],
    ])
      expect(await glasshammer('revoke', ...selection)).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^nothing to end: /),
      });
  });

  it('cancels a request that waits, and reads that no access was given', async () => {
    await driver.ask('U0BEN', { account: '123456789012', permissionSet: 'AdministratorAccess', reason: 'a look' });
    expect((await glasshammer('revoke', '--all')).out).toContain('1 request cancelled: no access was given');
  });
});
