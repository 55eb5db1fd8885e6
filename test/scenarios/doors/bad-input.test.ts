import { createHmac } from 'node:crypto';
import { ADMIN, BREAK_GLASS, Driver, legacyPress, PRODUCTION } from '../support/driver.ts';
import { expectQuietLogs, said } from '../support/private-words.ts';
import { SHORT_ACCESS } from '../support/short-access.ts';
import { expectAllOver } from '../support/sound.ts';

const SECRET_TEXT = 'quarterly-figures-of-a-customer';
const form = (payload: unknown) => `payload=${encodeURIComponent(JSON.stringify(payload))}`;
const press = (overrides: object = {}) =>
  legacyPress({
    user: 'U0ANA',
    ts: '1700000000.700001',
    account: PRODUCTION,
    value: BREAK_GLASS,
    actionTs: '1700000001.700001',
    overrides,
  });

describe('a correctly signed call with an invalid body', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(SHORT_ACCESS);
  });
  afterAll(() => driver.stop());

  async function expectTurnedAway(status: number, answer: { status: number; text: string }): Promise<void> {
    expect({ given: answer.status, text: answer.text }).toMatchObject({ given: status });
    expect(said(answer)).toMatch(/^[A-Z].*\.$/);
    expect(answer.text).not.toContain(SECRET_TEXT);
    const state = await driver.state();
    expect(state).toMatchObject({ requests: [], executions: [], assignments: [] });
    await expectQuietLogs(driver, SECRET_TEXT);
  }

  it.each([
    ['application/json', 415],
    ['text/plain', 415],
    ['multipart/form-data; boundary=x', 415],
    ['application/x-www-form-urlencoded-but-not', 415],
  ])('is refused when a press is sent as %s', async (contentType, status) => {
    await expectTurnedAway(status, await driver.slack('interactivity', form(press()), { contentType }));
  });

  it('is refused when an event is sent as a form', async () => {
    await expectTurnedAway(415, await driver.slack('events', form({ type: 'event_callback' })));
  });

  it.each([
    ['more than 100,000 bytes', 100_001],
    ['a megabyte', 1_000_000],
  ])('is refused unread when the body has %s', async (_what, bytes) => {
    const body = form(press({ padding: SECRET_TEXT })).padEnd(bytes, 'x');
    await expectTurnedAway(413, await driver.slack('interactivity', body));
  });

  it('is answered as not understood when the body is no JSON or no form', async () => {
    const bodies = [
      'payload=%7B%22type%22%3A',
      `payload=${SECRET_TEXT}`,
      'payload=',
      '',
      'payload=%7B%7D&payload=%7B%7D',
      'payload=%ZZ',
      'other=%7B%7D',
      '\u0000',
    ];
    for (const body of bodies) await expectTurnedAway(400, await driver.slack('interactivity', body));
    const contentType = 'application/json';
    await expectTurnedAway(400, await driver.slack('events', `{"type":"${SECRET_TEXT}`, { contentType }));
  });

  it('is answered as not understood when the payload has an unknown type or lacks what its type must have', async () => {
    const payloads = [
      { ...press(), type: 'a_new_kind' },
      { ...press(), type: undefined },
      { ...press(), type: 7 },
      { ...press(), type: '__proto__' },
      { ...press(), type: 'constructor' },
      { ...press(), actions: [] },
      { ...press(), actions: undefined },
      { ...press(), user: undefined },
      { ...press(), user: { id: 'U0ANA#x' } },
      { ...press(), callback_id: undefined },
      { ...press(), channel: { id: { nested: SECRET_TEXT } } },
      [press()],
      'text',
      null,
    ];
    for (const payload of payloads) {
      await expectTurnedAway(400, await driver.slack('interactivity', form(payload)));
    }
  });

  it('finds nothing at any other address', async () => {
    for (const route of ['', 'interactivity/x', '../interactivity2', 'admin']) {
      const answer = await driver.slack(route, form(press()));
      expect(answer.status).toBe(404);
    }
    expect((await driver.state()).requests).toEqual([]);
  });

  it('works with fields that Slack may add', async () => {
    const answer = await driver.interact({ ...press(), is_enterprise_install: false, new_field: { a: [1] } });
    expect(said(answer)).toContain('Glass broken');
    await expectAllOver(driver);
  });
});

describe('a body in the encodings of API Gateway', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(SHORT_ACCESS);
  });
  afterAll(() => driver.stop());

  /** Calls the function with an event of API Gateway, payload format 2.0. */
  async function invoke(body: string, signed: string, isBase64Encoded: boolean) {
    const sandbox = driver.running.current();
    const seconds = String(Math.floor(sandbox.clock.nowMs() / 1000));
    const signature = createHmac('sha256', 'sandbox-signing-secret').update(`v0:${seconds}:${signed}`).digest('hex');
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': seconds,
      'x-slack-signature': `v0=${signature}`,
    };
    const event = { version: '2.0', rawPath: '/slack/interactivity', headers, body, isBase64Encoded };
    return (await sandbox.host.invoke('access-requested', event)) as { statusCode: number; body: string };
  }

  it('is understood as text and in base64, and the same press in both starts one request', async () => {
    const body = form(press({ callback_id: `deployment_${PRODUCTION}_ümlaut` }));
    const plain = await invoke(body, body, false);
    expect([plain.statusCode, said({ text: plain.body })]).toEqual([200, expect.stringContaining('Glass broken')]);
    const encoded = await invoke(Buffer.from(body).toString('base64'), body, true);
    expect(said({ text: encoded.body })).toContain('nothing new was started');
    expect((await driver.state()).requests).toHaveLength(1);
  });

  it('is verified by the bytes that Slack signed, not by their encoding', async () => {
    const body = form(press({ action_ts: '1700000001.700009' }));
    const encoded = Buffer.from(body).toString('base64');
    expect((await invoke(encoded, encoded, true)).statusCode).toBe(401);
    expect((await invoke(encoded, encoded, false)).statusCode).toBe(400);
    await expectAllOver(driver);
  });
});

describe('a button of an alert that cannot be read', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(SHORT_ACCESS);
  });
  afterAll(() => driver.stop());

  async function expectRefused(reason: string): Promise<void> {
    const state = await driver.state();
    const request = await driver.request();
    expect(request).toMatchObject({ state: 'refused', refusal: { reason } });
    expect(request.events.at(-1)?.note).toContain(reason);
    expect(state).toMatchObject({ executions: [], assignments: [] });
  }

  it.each([
    ['no account', { callback_id: 'deployment_abc' }],
    ['an account of eleven digits', { callback_id: 'deployment_12345678901_abc' }],
    ['an account with too many digits', { callback_id: 'deployment_1234567890123_abc' }],
    ['another prefix', { callback_id: 'release_123456789012_abc' }],
    ['no permission set', { actions: [{ name: 'break_glass', type: 'button', value: '' }] }],
    ['text in place of a permission set', { actions: [{ name: 'break_glass', type: 'button', value: 'a b; DROP' }] }],
    ['the ARN of a role', { actions: [{ name: 'break_glass', value: 'arn:aws:iam::123456789012:role/x' }] }],
  ])('is refused with an explanation when its message has %s', async (_what, overrides) => {
    const answer = await driver.breakGlass('U0ANA', { overrides });
    expect([answer.status, said(answer)]).toEqual([200, expect.stringContaining('does not say what it gives')]);
    await expectRefused('unreadable-button');
  });

  it.each([
    ['{"account":"123456789012"}', 'unreadable-button'],
    ['{"account":123456789012,"permissionSet":"BreakGlassAdmin"}', 'unreadable-button'],
    ['{"account":"123456789012","permissionSet":"BreakGlassAdmin","for":"user-dan"}', 'unreadable-button'],
    ['{"account":"123456789012","permissionSet":', 'unreadable-button'],
    ['123456789012', 'unreadable-button'],
    ['{"account":"123456789012","permissionSet":"BreakGlassAdmin","duration":"long"}', 'malformed-duration'],
    ['123456789012/BreakGlassAdmin/60', 'malformed-duration'],
    [`123456789012/${ADMIN}/-1h`, 'malformed-duration'],
  ])('is refused with an explanation when its value is %s', async (value, reason) => {
    const before = (await driver.state()).ephemerals.length;
    const ts = '1700000004.800001';
    expect((await driver.press('U0ANA', { actionId: 'break_glass', value, channel: 'C0ALERTS', ts })).status).toBe(200);
    await expectRefused(reason);
    const { ephemerals } = await driver.state();
    expect(ephemerals.slice(before)).toEqual([
      expect.objectContaining({ user: 'U0ANA', channel: 'C0ALERTS', text: expect.stringMatching(/^:no_entry: .*\.$/) }),
    ]);
  });
});
