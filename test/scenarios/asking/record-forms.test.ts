import { BREAK_GLASS, Driver, PRODUCTION, STAGING } from '../support/driver.ts';
import { said } from '../support/private-words.ts';
import { expectAllOver } from '../support/sound.ts';

const byId = (principal: string, account = PRODUCTION) => `access#${account}#${BREAK_GLASS}#${principal}`;
const byName = (account = PRODUCTION) => `access#${account}#BreakGlassAdmin#${BREAK_GLASS}`;

describe('access records as an operator types them into the DynamoDB console', () => {
  let driver: Driver;
  /** Ids of the running test's records, which are deleted after it. */
  const written: string[] = [];
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  afterEach(async () => {
    for (const id of written.splice(0)) await driver.dropRecord(id);
  });

  async function record(id: string, fields: Record<string, unknown> = {}): Promise<void> {
    written.push(id);
    await driver.putRecords({ id: { S: id }, ...fields });
  }

  it.each<[string, string, Record<string, unknown>]>([
    ['for the person', byId('user-ben'), {}],
    ['for a group of the person', byId('group-developers'), {}],
    ['by name, with the person in its principals', byName(), { principals: { SS: ['user-dan', 'user-ben'] } }],
    ['by name, with a group of the person in its principals', byName(), { principals: { SS: ['group-developers'] } }],
    ['by name, with its principals as a list', byName(), { principals: { L: [{ S: 'user-ben' }] } }],
    ['for the person, with a longest duration', byId('user-ben'), { maxDuration: { S: '2h' } }],
  ])('give access: a record %s', async (_what, id, fields) => {
    await record(id, fields);
    const answer = await driver.breakGlass('U0BEN');
    expect(said(answer)).toContain('Glass broken');
    await driver.advance('PT10S');
    expect((await driver.state()).assignments).toEqual([
      { principalType: 'USER', principalId: 'user-ben', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS },
    ]);
    await driver.press('U0BEN', { actionId: 'request.done', value: (await driver.requestFrom(answer.ts)).id });
    await expectAllOver(driver, { wait: 'PT1M' });
  });

  it.each<[string, string, Record<string, unknown>, string]>([
    ['by name, without principals', byName(), {}, 'not-allowed'],
    ['by name, for others', byName(), { principals: { SS: ['user-ana', 'group-sre'] } }, 'not-allowed'],
    ['for a group the person is not in', byId('group-leads'), {}, 'not-allowed'],
    ['for another account', byId('user-ben', STAGING), {}, 'not-allowed'],
    ['with a space at the end of its id', `${byId('user-ben')} `, {}, 'not-allowed'],
    ['with a space in its account', `access# ${PRODUCTION}#${BREAK_GLASS}#user-ben`, {}, 'not-allowed'],
    ['with a wrong ARN', byId('user-ben').replace('ps-12345', 'ps-1234'), {}, 'not-allowed'],
    ['with an id in place of its ARN', `access#${PRODUCTION}#ps-12345#user-ben`, {}, 'not-allowed'],
    [
      'by a wrong name',
      `access#${PRODUCTION}#Breakglassadmin#${BREAK_GLASS}`,
      { principals: { SS: ['user-ben'] } },
      'not-allowed',
    ],
    ['with an unknown field', byId('user-ben'), { expires: { S: '2020-01-01' } }, 'malformed-record'],
    ['with a duration without a unit', byId('user-ben'), { maxDuration: { N: '4' } }, 'malformed-record'],
    ['with spaces in its principals', byName(), { principals: { SS: [' user-ben'] } }, 'malformed-record'],
    ['with its principals in one text', byName(), { principals: { S: 'user-ben' } }, 'malformed-record'],
    [
      'with principals where its id names a person',
      byId('user-ben'),
      { principals: { SS: ['user-ben'] } },
      'malformed-record',
    ],
  ])('give no access: a record %s', async (_what, id, fields, reason) => {
    await record(id, fields);
    const answer = await driver.breakGlass('U0BEN');
    expect(answer.status).toBe(200);
    expect(said(answer)).toMatch(/^:no_entry: .*\.$/);
    expect(await driver.requestFrom(answer.ts)).toMatchObject({ state: 'refused', refusal: { reason } });
    expect((await driver.state()).assignments).toEqual([]);
  });

  it('give access although a malformed record for the same target stands beside them', async () => {
    await record(byId('group-developers'), { maxDuration: { S: 'for ever' } });
    await record(byId('user-ben'));
    const answer = await driver.breakGlass('U0BEN');
    expect(said(answer)).toContain('Glass broken');
    await expectAllOver(driver);
  });

  it('shorten a request without a duration to the longest allowed, and refuse a longer one', async () => {
    await record(byId('user-ben'), { maxDuration: { S: '20m' } });
    await driver.ask('U0BEN', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '21m' });
    expect(await driver.request()).toMatchObject({ state: 'refused', refusal: { reason: 'too-long' } });
    const answer = await driver.breakGlass('U0BEN');
    expect(said(answer)).toContain('Glass broken');
    const request = await driver.requestFrom(answer.ts);
    expect(request.durationSeconds).toBe(1200);
    await expectAllOver(driver, { wait: 'PT21M' });
  });

  it('give no more access as soon as they are deleted', async () => {
    await record(byId('user-ben'));
    expect(said(await driver.breakGlass('U0BEN'))).toContain('Glass broken');
    await driver.dropRecord(byId('user-ben'));
    expect(said(await driver.breakGlass('U0BEN'))).toContain('No policy lets you have this');
    await expectAllOver(driver);
  });

  it('raise an alarm for the operator when one is written that cannot be read', async () => {
    await driver.reset();
    await driver.putRecords({ id: { S: byId('user-ben') }, maxDuration: { S: '4' } });
    expect((await driver.state()).alarms).toEqual([
      expect.objectContaining({ id: 'malformed-record', state: 'ALARM' }),
    ]);
    await driver.advance('PT6M');
    expect((await driver.state()).alarms).toEqual([expect.objectContaining({ id: 'malformed-record', state: 'OK' })]);
  });
});
