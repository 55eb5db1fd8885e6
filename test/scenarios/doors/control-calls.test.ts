import { runDriftCommand } from '../support/drift-commands.ts';
import { BREAK_GLASS, Driver, PRODUCTION, READ_ONLY, STAGING } from '../support/driver.ts';

let driver: Driver;
beforeAll(async () => {
  driver = await Driver.start();
});
afterAll(() => driver.stop());
beforeEach(() => driver.reset());

describe('a wrong call to the sandbox is answered with what to change', () => {
  it.each<[string, string, unknown, RegExp]>([
    ['POST', '/sandbox/access-records', [{}], /0\.id: needs its id as/],
    ['POST', '/sandbox/access-records', [{ id: { S: '' } }], /0\.id: needs its id as/],
    ['POST', '/sandbox/access-records', [{ id: { N: '1' } }], /0\.id: needs its id as/],
    ['POST', '/sandbox/access-records', [{ id: { S: 'policy#a' }, who: { Q: 1 } }], /attribute|empty|type/i],
    ['POST', '/sandbox/access-records', [{ id: { S: `policy#${'a'.repeat(3000)}` } }], /2048/],
    ['POST', '/sandbox/access-records', { id: { S: 'policy#a' } }, /must be a list of items/],
    ['POST', '/sandbox/access-records', null, /must be a list of items/],
    ['POST', '/sandbox/access-records', [null], /0: /],
    ['DELETE', '/sandbox/access-records', { id: '' }, /id: /],
    ['DELETE', '/sandbox/access-records', { id: 'a'.repeat(3000) }, /2048/],
    ['POST', '/sandbox/clock', { advance: 5 }, /advance: /],
    ['POST', '/sandbox/clock', { advance: 'P99999D' }, /more than a year/],
    ['POST', '/sandbox/clock', null, /body: /],
    ['POST', '/sandbox/faults', null, /object/],
    ['POST', '/sandbox/activity', 7, /JSON object/],
    ['POST', '/sandbox/activity', [null], /JSON object/],
    ['POST', '/sandbox/activity', { userIdentity: null }, /eventTime is missing/],
    ['POST', '/sandbox/assignments', { principalId: 'user-ana' }, /accountId: /],
    [
      'POST',
      '/sandbox/assignments',
      { principalId: 'nobody', accountId: STAGING, permissionSetArn: READ_ONLY },
      /no user nobody/,
    ],
    [
      'POST',
      '/sandbox/assignments',
      { principalId: 'group-sre', principalType: 'USER', accountId: STAGING, permissionSetArn: READ_ONLY },
      /no user group-sre/,
    ],
    ['POST', '/sandbox/executions/%E0%A4%A/kill', {}, /percent sign/],
    ['POST', '/sandbox/executions/nope/kill', {}, /no execution nope/],
  ])('%s %s %j', async (method, path, body, words) => {
    const { status, json } = await driver.call(method, path, body);
    expect({ status, error: json.error }).toEqual({ status: 400, error: expect.stringMatching(words) });
  });

  it.each([
    ['an assignment without parameters', [], { eventName: 'CreateAccountAssignment', requestParameters: null }],
    [
      'a membership without a valid member',
      [],
      { eventName: 'CreateGroupMembership', requestParameters: { memberId: 7 } },
    ],
    [
      'an assignment with values of the wrong types, which cannot be read,',
      ['drift.failed'],
      { eventName: 'DeleteAccountAssignment', requestParameters: 'x', userIdentity: 'y' },
    ],
  ])('a malformed CloudTrail record is accepted and starts nothing: %s logs %j', async (_what, logged, fields) => {
    const { homeAccountId } = driver.running.current().world;
    const record = {
      ...{ eventTime: (await driver.state()).now, eventSource: 'sso.amazonaws.com', awsRegion: 'eu-central-1' },
      ...{ recipientAccountId: homeAccountId, userIdentity: { type: 'IAMUser' }, ...fields },
    };
    await driver.must('POST', '/sandbox/activity', record);
    await driver.advance('PT1M');
    const { requests, assignments, messages, calls } = await driver.state();
    expect({ requests, assignments, messages }).toEqual({ requests: [], assignments: [], messages: [] });
    // The function has noted that a record has come, and has done nothing else.
    expect(Object.keys(calls)).toEqual(['dynamodb:PutItem']);
    const events = [...(await driver.logs()).matchAll(/"event":"([^"]+)"/g)].map(([, event]) => event);
    expect(events).toEqual(logged);
  });

  it('an address that is no path is answered with 404', async () => {
    expect((await driver.call('GET', '//')).status).toBe(404);
    await driver.state();
  });

  it('unknown fields are ignored', async () => {
    await driver.must('POST', '/sandbox/clock', { advance: 'PT1S', by: 'me' });
    await driver.must('POST', '/sandbox/faults', { operation: 'sesv2:SendEmail', error: 'Throttling', note: 'x' });
    const ben = { principalId: 'user-ben', accountId: STAGING, permissionSetArn: READ_ONLY };
    await driver.must('POST', '/sandbox/assignments', { ...ben, note: 'x' });
    expect((await driver.state()).assignments).toHaveLength(1);
  });
});

it("an assignment of a group, made with such a call, is reported as the group's and never removed as drift", async () => {
  await runDriftCommand(driver, 'drift confirm');
  const sre = { principalId: 'group-sre', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS };
  await driver.must('POST', '/sandbox/assignments', sre);
  await driver.must('POST', '/sandbox/assignments', { ...sre, principalType: 'GROUP', permissionSetArn: READ_ONLY });
  await driver.breakGlass('U0ANA');
  await driver.advance('PT3H');
  const { assignments, messages, calls } = await driver.state();
  expect(assignments).toEqual(
    [BREAK_GLASS, READ_ONLY].map((permissionSetArn) => ({ principalType: 'GROUP', ...sre, permissionSetArn })),
  );
  expect(calls['sso-admin:DeleteAccountAssignment']).toBe(1);
  const told = messages
    .filter(({ text }) => text.includes('utside of Glasshammer'))
    .map(({ blocks }) => JSON.stringify(blocks));
  expect(told).toHaveLength(2);
  for (const words of told) expect(words).toMatch(/the group \*SRE\*.*Access by groups is never removed/);
  expect((await driver.must('DELETE', '/sandbox/assignments', sre)).removed).toBe(true);
});

it('GET /sandbox/state answers over HTTP what the tests read in process, and every key that its contract names', async () => {
  await driver.ask('U0BEN', { account: STAGING, permissionSet: READ_ONLY, duration: '30m', reason: 'for work' });
  await driver.advance('PT1H');
  const { now, ...told } = await driver.must('GET', '/sandbox/state');
  const { now: before, ...seen } = { ...(await driver.state()) };
  expect(told).toEqual(seen);
  expect(Date.parse(String(now))).toBeLessThanOrEqual(Date.parse(before));
  const named =
    'requests accesses assignments memberships messages ephemerals views emails executions archive alarms calls';
  expect(Object.keys(told)).toEqual(expect.arrayContaining(named.split(' ')));
  expect(await driver.must('GET', '/sandbox/logs')).toEqual({ lines: driver.running.current().logs });
});
