import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';
import { expectAllOver } from '../support/sound.ts';

/**
 * AWS calls from the press to the access. A request is decided twice: at the press and before the grant. A target that
 * was held within the last day costs one call more, which checks that it is gone; the test starts with a reset, so none
 * was.
 */
const MOST_CALLS = 23;

describe('a Block Kit button of an alert', () => {
  let driver: Driver;
  let forms = 0;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  it.each([
    ['JSON with the name', '{"account":"123456789012","permissionSet":"BreakGlassAdmin"}', 3600, ''],
    ['JSON with the ARN', `{"accountId":"123456789012","permissionSetArn":"${BREAK_GLASS}"}`, 3600, ''],
    [
      'JSON with duration and reason',
      '{"account":"123456789012","permissionSet":"BreakGlassAdmin","duration":"30m","reason":"Deployment failed"}',
      1800,
      'Deployment failed',
    ],
    ['the short form', '123456789012/BreakGlassAdmin', 3600, ''],
    ['the short form with a duration', '123456789012/BreakGlassAdmin/30m', 1800, ''],
    ['the short form with the ARN', `123456789012/${BREAK_GLASS}/30m`, 1800, ''],
  ])('gives the access that its value names, written as %s', async (_form, value, durationSeconds, reason) => {
    forms += 1;
    const ts = `1700000004.91000${forms}`;
    const answer = await driver.press('U0ANA', { actionId: 'break_glass', value, channel: 'C0ALERTS', ts });
    expect([answer.status, answer.text]).toEqual([200, '']);
    await driver.advance('PT10S');
    const state = await driver.state();
    expect(state.requests).toEqual([expect.objectContaining({ state: 'active', durationSeconds, reason })]);
    expect(state.assignments).toEqual([
      { principalType: 'USER', principalId: 'user-ana', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS },
    ]);
    expect(state.ephemerals).toEqual([
      expect.objectContaining({ user: 'U0ANA', channel: 'C0ALERTS', text: expect.stringContaining('Glass broken') }),
    ]);
    expect(state.messages.find(({ threadTs }) => threadTs === ts)?.text).toContain('BreakGlassAdmin');
    await driver.press('U0ANA', { actionId: 'request.done', value: state.requests[0]?.id ?? '', channel: 'C0ALERTS' });
    await expectAllOver(driver, { wait: 'PT10S' });
  });

  it('posts the status message in the thread that the alert stands in', async () => {
    const threadTs = '1700000000.920000';
    await driver.interact({
      type: 'block_actions',
      team: { id: 'T0HOME' },
      user: { id: 'U0ANA', team_id: 'T0HOME' },
      channel: { id: 'C0ALERTS' },
      container: { type: 'message', message_ts: '1700000000.920001', thread_ts: threadTs, channel_id: 'C0ALERTS' },
      message: { ts: '1700000000.920001', thread_ts: threadTs },
      actions: [
        { action_id: 'break_glass:2', value: '123456789012/BreakGlassAdmin/15m', action_ts: '1700000001.920001' },
      ],
    });
    await driver.advance('PT10S');
    const told = (await driver.state()).messages.filter(({ text }) => text.includes('BreakGlassAdmin'));
    expect(told).toEqual([expect.objectContaining({ channel: 'C0ALERTS', threadTs })]);
    await expectAllOver(driver, { wait: 'PT15M' });
  });

  it(`costs at most ${MOST_CALLS} calls of AWS from the press to the access, so that nobody waits for more`, async () => {
    await driver.reset();
    // Nobody waits for what follows once access is there: the announcement, the events of CloudTrail and the audit.
    for (const name of ['announce-access', 'watch-assignments'])
      await driver.fault({ operation: `lambda:${name}`, error: 'Crash', times: 'forever' });
    await driver.breakGlass('U0ANA');
    await driver.advance('PT3S');
    const { calls, requests } = await driver.state();
    expect(requests[0]?.state).toBe('active');
    const ofAws = Object.entries(calls).flatMap(([name, count]) =>
      name.startsWith('slack:') ? [] : Array.from({ length: count }, () => name),
    );
    // The list itself, so that a failure shows what was called too often.
    expect(ofAws.slice(MOST_CALLS)).toEqual([]);
    await driver.clearFaults();
    await expectAllOver(driver);
  });
});
