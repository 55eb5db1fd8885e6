import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Terminal } from '../support/aws-cli.ts';
import { BREAK_GLASS, Driver, PRODUCTION, STAGING } from '../support/driver.ts';
import { asks, now, type Request } from '../support/people.ts';
import { said } from '../support/private-words.ts';
import { expectAllOver, expectSound } from '../support/sound.ts';
import { finalReports } from '../support/state.ts';

const runbook = readFileSync(join(import.meta.dirname, '../../../docs/runbook.md'), 'utf8');

/** Returns the scripts under a heading, in order, word for word. */
function scripts(heading: string): string[] {
  const section = runbook.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  const found = [...(section ?? '').matchAll(/```sh\n([\s\S]*?)```/g)].map(([, script = '']) => script);
  if (found.length === 0) throw new Error(`the runbook has nothing to type under "${heading}"`);
  return found;
}

/** Returns one of these scripts with the operator's values filled in. */
function script(heading: string, index: number, words: Readonly<Record<string, string>> = {}): string {
  let text = scripts(heading)[index] ?? '';
  for (const [word, value] of Object.entries(words)) text = text.replaceAll(word, value);
  return text;
}

describe('the AWS CLI commands that the runbook tells an operator to type', () => {
  let driver: Driver;
  let terminal: Terminal;
  beforeAll(async () => {
    driver = await Driver.start();
    terminal = new Terminal(driver);
  });
  afterAll(async () => {
    terminal.close();
    await driver.stop();
  });
  beforeEach(() => driver.fresh());

  const variables = () => {
    const { world } = driver.running.current();
    return {
      USER: 'olga',
      REQUESTS: 'glasshammer-requests',
      MACHINE: `arn:aws:states:${world.region}:${world.homeAccountId}:stateMachine:glasshammer-access`,
    };
  };
  const type = async (text: string): Promise<string> => {
    const { code, out, err } = await terminal.run(text, variables());
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return out;
  };
  const audit = async (type: string) => {
    await driver.advance('PT10S');
    const { archive } = (await driver.state()) as unknown as { archive: { type: string; by: string; note?: string }[] };
    return archive.findLast((event) => event.type === type);
  };
  const broken = async (): Promise<Request> => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    return driver.request();
  };

  it('stop new access, only once, and the audit names who did it by hand', async () => {
    const freeze = script('Stop new access by hand', 0);
    await type(freeze);
    expect(said(await driver.breakGlass('U0ANA'))).toContain('incident');
    expect((await driver.request()).refusal).toEqual({ reason: 'frozen', detail: 'incident' });
    expect(await audit('frozen')).toMatchObject({ by: 'olga', note: 'by hand: incident' });

    const again = await terminal.run(freeze, { ...variables(), USER: 'otto' });
    expect([again.code === 0, again.err]).toEqual([false, expect.stringContaining('ConditionalCheckFailedException')]);
    expect(await audit('frozen')).toMatchObject({ by: 'olga' });

    await type(script('Allow new access again by hand', 0));
    expect(await audit('thawed')).toMatchObject({ by: 'unknown', note: 'by hand' });
    expect((await broken()).state).toBe('active');
    await expectAllOver(driver);
  });

  it('refuse access that was approved but not granted yet, and leave active access alone', async () => {
    const open = await broken();
    await driver.fault({ operation: 'lambda:grant-access', error: 'Crash', times: 'forever' });
    const late = await asks(driver, 'U0BEN', { account: STAGING, permissionSet: 'PowerUserAccess', reason: 'Deploy' });
    await type(script('Stop new access by hand', 0));
    await driver.clearFaults();
    await driver.advance('PT1M');
    expect([(await now(driver, late)).state, (await now(driver, open)).state]).toEqual(['refused', 'active']);
    await type(script('Allow new access again by hand', 0));
    await expectAllOver(driver);
  });

  it('end one request by stopping its workflow; people are told, and it is reported', async () => {
    const { id } = await broken();
    await type(script('End one request by hand', 0, { REQUEST_ID: id }));
    await driver.advance('PT10S');
    const state = await driver.state();
    expect([state.requests[0]?.state, state.assignments]).toEqual(['ended', []]);
    expect(state.messages.some(({ text }) => text.includes('Ended'))).toBe(true);
    expect(await audit('workflow-stopped')).toMatchObject({ requestId: id, note: `${id} ABORTED` });
    const after = await expectAllOver(driver, { wait: 'PT1H30M' });
    expect([after.requests[0]?.state, finalReports(after).length]).toEqual(['reported', 1]);
  });

  it('end one request while Step Functions is down, by calling the revoke function; a clean-up then tells', async () => {
    const { id } = await broken();
    for (const operation of ['sfn:StartExecution', 'sfn:StopExecution'])
      await driver.fault({ operation, error: 'ServiceUnavailable', times: 'forever' });
    const revoke = script('End one request by hand', 1, { REQUEST_ID: id });
    expect(await type(revoke)).toContain('"next":"wait"');
    await driver.advance('PT5S');
    expect((await driver.state()).assignments).toEqual([]);
    await driver.clearFaults();
    await type(script('A workflow stopped', 1, { REQUEST_ID: id }));
    await driver.advance('PT1M');
    expect((await driver.request()).state).toBe('ended');
    expect(JSON.parse(await type(revoke))).toMatchObject({ next: 'done' });
    expect((await driver.state()).messages.some(({ text }) => text.includes('Ended'))).toBe(true);
    await expectAllOver(driver);
  });

  it('end everything of a user, in an account, or everywhere, and nothing else', async () => {
    const lines = script('End much by hand', 0).trim().split('\n');
    expect(lines).toHaveLength(3);
    // Each script ends more than the one before; what it must leave alone is still there for the next.
    const expected: Record<string, string[]> = {
      'WHAT=USER_ID': ['ana'],
      'WHAT=ACCOUNT_ID': ['ana', 'waiting'],
      'WHAT=never': ['ana', 'waiting', 'ben'],
    };
    const ana = await broken();
    const waiting = await asks(driver, 'U0BEN', {
      account: PRODUCTION,
      permissionSet: 'ReadOnlyAccess',
      reason: 'Look',
    });
    const ben = await asks(driver, 'U0BEN', { account: STAGING, permissionSet: 'PowerUserAccess', reason: 'Deploy' });
    await driver.advance('PT10S');
    for (const line of lines) {
      const filter = line.replace('USER_ID', 'user-ana').replace('ACCOUNT_ID', PRODUCTION);
      await type(`${filter}\n${script('End much by hand', 1)}`);
      await driver.advance('PT15S');
      const state = await driver.state();
      const over = Object.entries({ ana, waiting, ben }).filter(([, { id }]) =>
        ['ended', 'cancelled'].includes(state.requests.find((request) => request.id === id)?.state ?? ''),
      );
      expect(over.map(([name]) => name)).toEqual(expected[/(WHAT=\S+)/.exec(line)?.[1] ?? '']);
      expectSound(state);
    }
    expect((await driver.state()).assignments).toEqual([]);
  });

  it('remove an assignment without any function of Glasshammer; a clean-up then closes its request', async () => {
    const { id } = await broken();
    const { instanceArn } = driver.running.current().world;
    const words = {
      USER_ID: 'user-ana',
      ACCOUNT_ID: PRODUCTION,
      PERMISSION_SET_ARN: BREAK_GLASS,
      INSTANCE_ARN: instanceArn,
    };
    const [standing = '', remove = ''] = script('Take access back by hand', 0, words)
      .replaceAll('\\\n', '')
      .split('\n');
    expect(await type(standing)).toContain('false');
    expect(await type(remove)).toContain('IN_PROGRESS');
    await driver.advance('PT5S');
    expect((await driver.state()).assignments).toEqual([]);
    await type(script('A workflow stopped', 1, { REQUEST_ID: id }));
    await driver.advance('PT1M');
    expect((await now(driver, { id })).state).toBe('ended');
    await expectAllOver(driver);
  });
});
