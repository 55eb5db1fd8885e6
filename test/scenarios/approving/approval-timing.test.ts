import { Driver, STAGING } from '../support/driver.ts';
import {
  approvalFor,
  asks,
  clicks,
  now,
  putPolicies,
  type Request,
  statusMessageOf,
  wordsOf,
} from '../support/people.ts';
import { expectAllOver, expectSound } from '../support/sound.ts';

const READ = { account: STAGING, permissionSet: 'ReadOnlyAccess', reason: 'Look into the outage' };

describe('approvers who do not answer', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(async () => {
    await driver.reset();
    await putPolicies(driver, {
      name: 'staging-read',
      effect: 'allow',
      who: ['group:Developers'],
      accounts: [STAGING],
      permissionSets: ['ReadOnlyAccess'],
      approval: {
        approvers: ['user:cleo@example.com'],
        expires: '2h',
        remind: '10m',
        escalate: { after: '25m', to: ['group:Directors'] },
      },
    });
  });

  const remindersOf = async (request: Request): Promise<string[]> => {
    const { ts } = await approvalFor(driver, request);
    return (await driver.state()).messages.filter(({ threadTs }) => threadTs === ts).map(({ text }) => text);
  };
  /** The minutes, counted from the request, at which events of this type happened. */
  const minutesOf = ({ events, requestedAt }: Request & { requestedAt?: string }, type: string): number[] =>
    events
      .filter((event) => event.type === type)
      .map(({ at }) => Math.round((Date.parse(at) - Date.parse(requestedAt ?? '')) / 60_000));

  it('are reminded at growing intervals, then more approvers are asked, then the request expires', async () => {
    const request = await asks(driver, 'U0BEN', READ);
    await driver.advance('PT9M');
    expect(await remindersOf(request)).toEqual([]);
    await driver.advance('PT2M');
    expect(await remindersOf(request)).toEqual([expect.stringContaining('A reminder for <@U0CLEO>: <@U0BEN> asked')]);

    await driver.advance('PT15M');
    const both = expect.stringMatching(/<@U0CLEO> and <@U0DAN>: you are asked too, because nobody had decided/);
    expect(await remindersOf(request)).toEqual([expect.any(String), both]);
    expect(wordsOf(await statusMessageOf(driver, request))).toContain('Asked: <@U0CLEO> and <@U0DAN>.');

    await driver.advance('PT95M');
    const expired = await now(driver, request);
    expect(expired.state).toBe('expired');
    expect(minutesOf(expired, 'reminded')).toEqual([10, 30, 70]);
    expect(minutesOf(expired, 'escalated')).toEqual([25]);
    expect(minutesOf(expired, 'expired')).toEqual([120]);
    for (const shown of [await approvalFor(driver, request), await statusMessageOf(driver, request)])
      expect(wordsOf(shown)).toContain('*Expired:*');
    const after = await expectAllOver(driver, { wait: 'PT5M' });
    expect(after.executions).toEqual([expect.objectContaining({ status: 'SUCCEEDED' })]);
  });

  it('are the only ones who may decide before the escalation, and decide together with the others after it', async () => {
    const request = await asks(driver, 'U0BEN', READ);
    const early = await clicks(driver, 'U0DAN', await approvalFor(driver, request), 'Approve');
    expect(early.told).toContain('not one of the people who may decide');
    await driver.advance('PT31M');
    const late = await clicks(driver, 'U0DAN', await approvalFor(driver, request), 'Approve');
    expect(late.told).toContain('Approved');
    await driver.advance('PT10S');
    expect((await now(driver, request)).state).toBe('active');
    expectSound(await driver.state());
  });

  it('are not reminded of a request that is decided', async () => {
    const request = await asks(driver, 'U0BEN', READ);
    await clicks(driver, 'U0CLEO', await approvalFor(driver, request), 'Approve');
    await driver.advance('PT1H10M');
    expect(await remindersOf(request)).toEqual([]);
    expect((await now(driver, request)).state).toBe('ended');
  });

  it('are asked and can decide once Slack is back, if it was down when they were to be asked', async () => {
    await driver.fault({ operation: 'slack:chat.postMessage', error: 'internal_error', times: 200 });
    const request = await asks(driver, 'U0BEN', READ);
    await driver.advance('PT3M');
    await driver.must('DELETE', '/sandbox/faults');
    await driver.advance('PT3M');
    await clicks(driver, 'U0CLEO', await approvalFor(driver, request), 'Approve');
    await driver.advance('PT1M10S');
    expect((await now(driver, request)).state).toBe('active');
    expectSound(await driver.state());
  });
});
