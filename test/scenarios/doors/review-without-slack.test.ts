import { browserCaller } from '../support/browser-caller.ts';
import { Driver, STAGING } from '../support/driver.ts';
import { putPolicies } from '../support/people.ts';

describe('break-glass access in a company without Slack', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start({}, { withSlack: false });
    await putPolicies(driver, {
      name: 'staging-emergency',
      effect: 'allow',
      who: ['group:SRE', 'group:Leads'],
      accounts: [STAGING],
      permissionSets: ['AdministratorAccess'],
      maxDuration: '2h',
      breakGlass: true,
      approval: { approvers: ['group:Leads'] },
    });
  });
  afterAll(() => driver.stop());

  const mailsTo = async (name: string) =>
    (await driver.state()).emails.filter(({ to }) => to.includes(`${name}@example.com`));
  const lastTo = async (name: string) => (await mailsTo(name)).at(-1);

  it('is mailed to the bypassed approvers, extended, ended by one of them, reviewed, questioned and answered', async () => {
    const ana = await browserCaller(driver, 'user-ana');
    const cleo = await browserCaller(driver, 'user-cleo');
    const wish = { accountId: STAGING, permissionSet: 'AdministratorAccess', duration: 'PT30M' };
    const glass = { reason: 'checkout is down', confirmBreakGlass: true };
    const made = await ana('POST', '/people/user-ana/requests', { ...wish, ...glass });
    expect(made.status).toBe(201);
    const { id } = made.json;
    await driver.advance('PT1M');
    const more = await ana('POST', `/people/user-ana/requests/${id}/extensions`, { duration: 'PT30M', ...glass });
    expect(more.status).toBe(201);
    await driver.advance('PT1M');
    const subjects = [
      'Break glass: Ana Alvarez, AdministratorAccess in Staging',
      'Break glass for more time: Ana Alvarez, 30 minutes more of AdministratorAccess in Staging',
    ];
    for (const name of ['cleo', 'dan']) expect((await mailsTo(name)).map(({ subject }) => subject)).toEqual(subjects);
    expect((await cleo('POST', `/people/user-cleo/requests/${id}/end`, { note: 'enough' })).status).toBe(200);
    await driver.advance('PT1M');
    expect((await lastTo('ana'))?.text).toContain(
      'cleo@example.com ended your access to AdministratorAccess in Staging before its time.\n“enough”\n',
    );
    await driver.advance('PT3H');
    for (const name of ['cleo', 'dan']) {
      expect((await lastTo(name))?.subject).toBe(
        'To be reviewed: break glass of Ana Alvarez, AdministratorAccess in Staging',
      );
      expect((await lastTo(name))?.text).toContain('What was done: nothing');
    }
    const asking = await browserCaller(driver, 'user-cleo');
    const asked = { status: 'questioned', note: 'Why for longer?' };
    expect((await asking('POST', `/people/user-cleo/requests/${id}/review`, asked)).status).toBe(200);
    await driver.advance('PT1H');
    expect((await lastTo('ana'))?.text).toContain('cleo@example.com: Why for longer?');
    const answering = await browserCaller(driver, 'user-ana');
    const answer = { answer: 'The index took its time.' };
    expect((await answering('POST', `/people/user-ana/requests/${id}/answer`, answer)).status).toBe(200);
    await driver.advance('PT1H');
    expect((await lastTo('cleo'))?.text).toContain('Answer: “The index took its time.”');
    expect((await mailsTo('dan')).at(-1)?.subject).toContain('To be reviewed');
    expect(await driver.logs()).not.toContain('"level":"ERROR"');
  });
});
