import { main } from '../../../cli/main.ts';
import { nodeIo } from '../../../cli/terminal/node-io.ts';
import { browserCaller } from '../support/browser-caller.ts';
import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';
import { expectAllOver } from '../support/sound.ts';
import type { State } from '../support/state.ts';

describe('the activity so far', () => {
  const environment = process.env;
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => {
    process.env = environment;
    return driver.stop();
  });

  const ask = (user: string, value: string) =>
    driver.press(user, { actionId: 'access.so-far', value, channel: 'C0ALERTS' });
  const use = (action: string) =>
    driver.must('POST', '/sandbox/portal/use', {
      principalId: 'user-ana',
      accountId: PRODUCTION,
      permissionSetArn: BREAK_GLASS,
      action,
    });
  const lastTo = async (user: string) => (await driver.state()).ephemerals.filter((each) => each.user === user).at(-1);
  const isRead = async (user: string) => {
    for (let times = 0; times < 50; times += 1) {
      const said = await lastTo(user);
      if (said !== undefined && !said.text.startsWith(':mag: Reading')) return said.text;
      await driver.advance('PT1S');
    }
    throw new Error('nobody answered');
  };

  async function glasshammer(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
    process.env = {
      ...environment,
      AWS_ENDPOINT_URL: driver.running.url,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIAOPERATOR',
      AWS_SECRET_ACCESS_KEY: 'operator',
    };
    const said = { out: '', err: '' };
    const write = (to: 'out' | 'err') => (text: string) => {
      said[to] += text;
    };
    const outside = { ...nodeIo(), stdout: write('out'), about: write('err'), stderr: write('err'), env: {} };
    return { code: await main([...argv, '--stack', 'Glasshammer'], outside), ...said };
  }

  it('is one press away while access lasts, for those whom it concerns, and the report still comes', async () => {
    const { ts } = await driver.breakGlass('U0ANA');
    await driver.advance('PT10S');
    const { id } = await driver.request();
    const buttons = (state: State) =>
      state.messages
        .find(({ threadTs, blocks }) => threadTs === ts && blocks.length > 2)
        ?.blocks.flatMap((block) => block.elements ?? []);
    expect(buttons(await driver.state())).toContainEqual(
      expect.objectContaining({ action_id: 'access.so-far', value: id }),
    );
    await use('ec2:TerminateInstances');
    await driver.advance('PT20M');

    expect((await ask('U0ANA', id)).status).toBe(200);
    const said = await isRead('U0ANA');
    expect(said).toContain('1 write');
    expect((await lastTo('U0ANA'))?.channel).toBe('C0ALERTS');

    // The API returns the same reading for a minute without reading again.
    const byApi = async (user: string) => {
      const call = await browserCaller(driver, user);
      return (await call('GET', `/people/${user}/requests/${id}/activity`)).json;
    };
    expect(await byApi('user-ana')).toMatchObject({ status: 'read', done: { counts: { write: 1 } } });
    expect(await byApi('user-ben')).toMatchObject({ status: 404, reason: 'unknown-request' });

    // It is read once a minute for everybody together; a stranger gets nothing.
    await ask('U0ANA', id);
    expect(await isRead('U0ANA')).toContain('read a moment ago');
    await ask('U0BEN', id);
    expect((await lastTo('U0BEN'))?.text).toContain('Only the person who asked');
    expect(await glasshammer('activity', id)).toMatchObject({ code: 2, err: expect.stringContaining('a moment ago') });

    await driver.advance('PT2M');
    const { code, out } = await glasshammer('activity', id);
    expect(code).toBe(0);
    expect(out).toContain('ec2:TerminateInstances');
    expect(out).toContain('before the report: calls of the last minutes are missing');
    await driver.advance('PT2M');
    const json = JSON.parse((await glasshammer('activity', id, '--json')).out);
    expect(json.calls).toContainEqual(expect.objectContaining({ action: 'ec2:TerminateInstances' }));

    await use('s3:CreateBucket');
    await driver.advance('PT20M');
    expect(await byApi('user-dan')).toMatchObject({ status: 'reading' });
    await driver.advance('PT10S');
    const { status, done } = await byApi('user-ana');
    expect([status, done.counts.write, done.coverage.regionsNotRead]).toEqual(['read', 2, []]);
    expect(done.coverage.gaps.join(' ')).toContain('calls of the last minutes are missing');

    const state = await expectAllOver(driver, { wait: 'PT4H' });
    expect(state.emails.map(({ subject }) => subject)).toEqual([
      expect.stringContaining('2 writes'),
      expect.stringContaining('(final edition)'),
    ]);
    await ask('U0ANA', id);
    expect(await isRead('U0ANA')).toContain('its report is out');
    expect(await byApi('user-ana')).toMatchObject({ status: 409, reason: 'already-reported' });

    const again = await glasshammer('report', id, '--resend');
    expect(again).toMatchObject({ code: 0, out: 'sent to security@example.com\n' });
    const { emails, requests } = await driver.state();
    expect(emails.map(({ subject }) => subject).at(-1)).toContain('(sent again)');
    expect(requests.at(-1)?.events.at(-1)).toMatchObject({
      type: 'report-resent',
      by: expect.stringMatching(/^cli:arn:aws:sts::.*administrator$/),
    });
    expect(await driver.logs()).not.toMatch(/access-denied/);
  });
});
