import { createHmac } from 'node:crypto';
import { Driver, legacyPress, PRODUCTION } from '../support/driver.ts';
import { expectQuietLogs, said } from '../support/private-words.ts';
import { SHORT_ACCESS } from '../support/short-access.ts';
import { expectAllOver } from '../support/sound.ts';
import type { State } from '../support/state.ts';

const press = (ts: string) =>
  `payload=${encodeURIComponent(
    JSON.stringify(
      legacyPress({
        user: 'U0ANA',
        ts,
        account: PRODUCTION,
        value: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-12345',
        actionTs: ts.replace('1700000000', '1700000001'),
      }),
    ),
  )}`;

/** AWS and Slack calls that read or did something; reading the secret is needed to check a signature. */
const callsOf = ({ calls }: State) =>
  Object.fromEntries(Object.entries(calls).filter(([name]) => name !== 'secrets-manager:GetSecretValue'));

describe('a call that Slack did not send, or not now', () => {
  let driver: Driver;
  let presses = 0;
  const fresh = () => {
    presses += 1;
    return press(`1700000000.5${String(presses).padStart(5, '0')}`);
  };
  beforeAll(async () => {
    driver = await Driver.start(SHORT_ACCESS);
    // The first forged call of each kind is recorded once an hour; later ones of the same hour write nothing.
    await driver.alignToHour();
    await driver.alignToSecond();
    await driver.send('interactivity', fresh(), { 'content-type': 'application/x-www-form-urlencoded' });
    for (const signing of [
      { headers: { 'x-slack-signature': 'v0=00' } },
      { skewSeconds: -301 },
      { skewSeconds: 301 },
      { secret: 'another-secret' },
    ])
      await driver.slack('interactivity', fresh(), signing);
  });
  afterAll(async () => {
    await expectAllOver(driver);
    await expectQuietLogs(driver);
    await driver.stop();
  });

  async function expectTurnedAway(status: number, answer: Promise<{ status: number; text: string }>): Promise<void> {
    const before = await driver.state();
    const { status: given, text } = await answer;
    expect({ given, text }).toMatchObject({ given: status });
    expect(said({ text }).length).toBeGreaterThan(20);
    const after = await driver.state();
    expect(callsOf(after)).toEqual(callsOf(before));
    expect(after.requests).toEqual(before.requests);
    expect(after.executions).toEqual(before.executions);
  }

  it.each([
    ['no signature', { 'x-slack-signature': '' }],
    ['no timestamp', { 'x-slack-request-timestamp': '' }],
    ['neither', { 'x-slack-signature': '', 'x-slack-request-timestamp': '' }],
    ['a signature of another version', { 'x-slack-signature': `v1=${'0'.repeat(64)}` }],
    ['a signature that is too short', { 'x-slack-signature': 'v0=00' }],
    ['a signature of zeros', { 'x-slack-signature': `v0=${'0'.repeat(64)}` }],
    ['a timestamp that is not a number', { 'x-slack-request-timestamp': 'now' }],
    ['a timestamp in exponents', { 'x-slack-request-timestamp': '1e9' }],
  ])('is refused with %s', async (_what, headers) => {
    await expectTurnedAway(401, driver.slack('interactivity', fresh(), { headers }));
  });

  it("is refused without any of Slack's headers", async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await expectTurnedAway(401, driver.send('interactivity', fresh(), headers));
  });

  it('is refused when it is signed with another secret or with an empty one', async () => {
    await expectTurnedAway(401, driver.slack('interactivity', fresh(), { secret: 'another-secret' }));
    await driver.alignToSecond();
    const body = fresh();
    const headers = await driver.headersFor(body);
    const empty = createHmac('sha256', '').update(`v0:${headers['x-slack-request-timestamp']}:${body}`).digest('hex');
    await expectTurnedAway(401, driver.send('interactivity', body, { ...headers, 'x-slack-signature': `v0=${empty}` }));
  });

  it('is refused when the account, the person or the time of a recorded call was altered', async () => {
    const body = fresh();
    const headers = await driver.headersFor(body);
    const other = body.replace(PRODUCTION, '234567890123');
    const person = body.replace('U0ANA', 'U0BEN');
    expect(other).not.toBe(body);
    expect(person).not.toBe(body);
    await expectTurnedAway(401, driver.send('interactivity', other, headers));
    await expectTurnedAway(401, driver.send('interactivity', person, headers));
    await expectTurnedAway(401, driver.send('interactivity', `${body}&x=1`, headers));
    const later = String(Number(headers['x-slack-request-timestamp']) + 1);
    await expectTurnedAway(401, driver.send('interactivity', body, { ...headers, 'x-slack-request-timestamp': later }));
  });

  it('is refused when it is 301 seconds old or 301 seconds ahead', async () => {
    await driver.alignToSecond();
    await expectTurnedAway(403, driver.slack('interactivity', fresh(), { skewSeconds: -301 }));
    await driver.alignToSecond();
    await expectTurnedAway(403, driver.slack('interactivity', fresh(), { skewSeconds: 301 }));
  });

  it('is refused when a recorded call is sent again after five minutes', async () => {
    const body = press('1700000000.600000').replace('U0ANA', 'U0GUS');
    const headers = await driver.headersFor(body);
    expect((await driver.send('interactivity', body, headers)).status).toBe(200);
    await driver.advance('PT5M2S');
    await expectTurnedAway(403, driver.send('interactivity', body, headers));
  });

  it('leaves one audit event an hour for each thing that is wrong, with nothing of its content', async () => {
    const forged = async () => {
      const { archive } = (await driver.must('GET', '/sandbox/state')) as {
        archive: { type: string; note?: string }[];
      };
      return archive.filter(({ type }) => type === 'call-forged').map(({ note }) => note);
    };
    await driver.advance('PT1H');
    const before = await forged();
    for (let n = 0; n < 3; n++) await driver.slack('commands', 'text=hunter2', { secret: 'another-secret' });
    await driver.slack('commands', 'text=hunter2', { headers: { 'x-slack-signature': 'v0=00' } });
    await driver.advance('PT5S');
    const news = (await forged()).slice(before.length);
    expect(new Set(news)).toEqual(new Set(['commands: malformed', 'commands: mismatch']));
    expect(news).toHaveLength(2);
    expect(new Set(before)).toEqual(
      new Set(['missing', 'malformed', 'stale', 'future', 'mismatch'].map((why) => `interactivity: ${why}`)),
    );
  });

  it.each(['commands', 'options', 'events'])('is refused at /slack/%s too', async (route) => {
    await expectTurnedAway(401, driver.slack(route, 'command=%2Faccess&user_id=U0ANA', { secret: 'another-secret' }));
  });

  it('is answered when it is exactly 300 seconds old or 300 seconds ahead', async () => {
    await driver.alignToSecond();
    expect(said(await driver.slack('interactivity', fresh(), { skewSeconds: -300 }))).toContain('Glass broken');
    // After the first access is over the next press asks for new access, not for an extension.
    await expectAllOver(driver);
    await driver.alignToSecond();
    expect(said(await driver.slack('interactivity', fresh(), { skewSeconds: 300 }))).toContain('Glass broken');
  });

  it('starts nothing new when a recorded call is sent again at once', async () => {
    await expectAllOver(driver);
    const body = fresh();
    const headers = await driver.headersFor(body);
    expect(said(await driver.send('interactivity', body, headers))).toContain('Glass broken');
    const before = await driver.state();
    expect(said(await driver.send('interactivity', body, headers))).toContain('nothing new was started');
    const after = await driver.state();
    expect(after.requests).toHaveLength(before.requests.length);
    expect(after.executions).toHaveLength(before.executions.length);
  });
});
