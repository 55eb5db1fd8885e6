import { compareText } from '../../../core/model/text.ts';
import { browserCaller } from '../support/browser-caller.ts';
import { ADMIN, Driver, PRODUCTION, READ_ONLY } from '../support/driver.ts';
import { expectAllOver } from '../support/sound.ts';

describe('a company without Slack', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start({}, { withSlack: false });
  });
  afterAll(() => driver.stop());

  const mailsTo = async (address: string) => (await driver.state()).emails.filter(({ to }) => to.includes(address));

  it('gets access requested, approved, used and reported, without a single call to Slack', async () => {
    const [ben, cleo] = [await browserCaller(driver, 'user-ben'), await browserCaller(driver, 'user-cleo')];
    const asked = {
      accountId: PRODUCTION,
      permissionSet: 'ReadOnlyAccess',
      duration: 'PT30M',
      reason: 'invoices are stuck',
    };
    const made = await ben('POST', '/people/user-ben/requests', asked);
    expect(made).toMatchObject({ status: 201, json: { state: 'pending' } });
    const { id } = made.json;
    await driver.advance('PT1M');
    const page = `${driver.running.url}/console/#/requests/${id}`;
    const asking = await mailsTo('cleo@example.com');
    expect(asking).toMatchObject([
      { subject: 'Ben Bauer asks for ReadOnlyAccess in Production', to: ['cleo@example.com'] },
    ]);
    for (const said of [
      'Ben Bauer (ben@example.com)',
      '30 minutes',
      'invoices are stuck',
      'Low: reads in Production',
      page,
    ])
      expect(asking[0]?.text).toContain(said);
    expect(asking[0]?.html).toContain(`href="${page}"`);
    expect(await mailsTo('ben@example.com')).toEqual([]);
    // Mail scanners open every link in a mail: opening the links must decide nothing.
    const links = asking.flatMap(({ html }) => [...html.matchAll(/href="([^"]+)"/g)].map(([, link]) => link ?? ''));
    for (const link of links) await fetch(link);
    expect((await cleo('GET', '/people/user-cleo/pending')).json.requests).toMatchObject([{ id, state: 'pending' }]);
    const voted = await cleo('POST', `/people/user-cleo/requests/${id}/votes`, { vote: 'approve' });
    expect(voted).toMatchObject({ status: 200, json: { state: 'approved' } });
    await driver.advance('PT1M');
    expect((await driver.state()).assignments).toMatchObject([{ principalId: 'user-ben', accountId: PRODUCTION }]);
    expect((await mailsTo('ben@example.com')).map(({ subject }) => subject)).toEqual([
      'Your access is there: ReadOnlyAccess in Production',
    ]);
    await driver.advance('PT31M');
    expect((await driver.state()).assignments).toEqual([]);
    await driver.advance('PT2H');
    const state = await driver.state();
    await expectAllOver(driver, { wait: 'PT0S' });
    expect(state.requests).toMatchObject([{ id, state: 'reported', messages: [] }]);
    expect((await mailsTo('ben@example.com')).map(({ subject }) => subject.split(':')[0])).toEqual([
      'Your access is there',
      'Your access ends soon',
      'Your access has ended',
    ]);
    const mailed = state.requests[0]?.events.filter(({ type }) => type === 'mailed') ?? [];
    expect(mailed.map(({ note }) => note)).toEqual([
      'asked to decide',
      'told what has become of it',
      'warned of the end',
      'told what has become of it',
    ]);
    expect(mailed[0]).toMatchObject({ approvers: expect.arrayContaining(['user-cleo', 'user-dan']) });
    const { archive } = await driver.must('GET', '/sandbox/state');
    expect(archive).toContainEqual(expect.objectContaining({ type: 'mailed', requestId: id, note: 'asked to decide' }));
    const reports = await mailsTo('security@example.com');
    expect(reports.length).toBeGreaterThan(0);
    for (const { html, text } of reports) {
      expect(html).toContain(`href="${page}"`);
      expect(text).toContain(page);
    }
    expect(Object.keys(state.calls).filter((call) => call.startsWith('slack:'))).toEqual([]);
    expect(state.messages).toEqual([]);
    expect(await driver.logs()).not.toContain('"level":"ERROR"');
  });

  it('sees that no approver could be mailed while SES is down, and they are mailed once it is back', async () => {
    await driver.fresh();
    const ben = await browserCaller(driver, 'user-ben');
    await driver.fault({ operation: 'sesv2:SendEmail', error: 'InternalServiceErrorException', times: 'forever' });
    const wish = { accountId: PRODUCTION, permissionSet: 'ReadOnlyAccess', duration: 'PT30M', reason: 'stuck again' };
    const { id } = (await ben('POST', '/people/user-ben/requests', wish)).json;
    await driver.advance('PT2M');
    const waiting = (await ben('GET', `/people/user-ben/requests/${id}`)).json;
    expect(waiting.state).toBe('pending');
    expect(waiting.untold).toEqual(waiting.approvers);
    await driver.clearFaults();
    await driver.advance('PT3M');
    expect((await mailsTo('cleo@example.com')).map(({ subject }) => subject)).toEqual([
      'Ben Bauer asks for ReadOnlyAccess in Production',
    ]);
    expect((await ben('GET', `/people/user-ben/requests/${id}`)).json.untold).toEqual([]);
  });

  it('mails each operator once about access given or removed outside of Glasshammer, with the page to look at it', async () => {
    await driver.fresh();
    const outside = { principalId: 'user-ben', accountId: PRODUCTION, permissionSetArn: ADMIN };
    await driver.must('POST', '/sandbox/assignments', outside);
    await driver.advance('PT6M');
    const page = `${driver.running.url}/console/#/drift`;
    for (const operator of ['ana', 'eva']) {
      const [mail, ...others] = await mailsTo(`${operator}@example.com`);
      expect([mail?.subject, others]).toEqual([
        'Outside of Glasshammer: Ben Bauer (user-ben) has AdministratorAccess in Production',
        [],
      ]);
      for (const said of ['Made by', 'Drift is report-only', page]) expect(mail?.text).toContain(said);
      expect(mail?.html).toContain(`href="${page}"`);
    }
    // Nobody else is an operator, and nobody is mailed twice.
    await driver.advance('PT30M');
    expect((await driver.state()).emails.map(({ to }) => to.join()).sort(compareText)).toEqual([
      'ana@example.com',
      'eva@example.com',
    ]);

    const ben = await browserCaller(driver, 'user-ben');
    const cleo = await browserCaller(driver, 'user-cleo');
    const wish = { accountId: PRODUCTION, permissionSet: 'ReadOnlyAccess', duration: 'PT30M', reason: 'to look at it' };
    const { id } = (await ben('POST', '/people/user-ben/requests', wish)).json;
    await cleo('POST', `/people/user-cleo/requests/${id}/votes`, { vote: 'approve' });
    await driver.advance('PT1M');
    await driver.must('DELETE', '/sandbox/assignments', { ...outside, permissionSetArn: READ_ONLY });
    await driver.advance('PT3M');
    const [, lost] = await mailsTo('eva@example.com');
    expect(lost?.subject).toBe('Removed outside of Glasshammer: Ben Bauer has lost ReadOnlyAccess in Production');
    expect(lost?.text).toContain(id);
  });

  it('mails a proposed change of the policies to the other operators, not to its proposer', async () => {
    await driver.fresh();
    const ana = await browserCaller(driver, 'user-ana');
    const changes = '/people/user-ana/policy-changes';
    const { text } = (await ana('GET', changes)).json;
    const added = `\n- name: new\n  effect: deny\n  who: [everyone]\n  accounts: ['234567890123']\n  permissionSets: ['*']\n`;
    expect((await ana('POST', changes, { text: text + added, note: 'a quiet week' })).status).toBe(201);
    await driver.advance('PT6M');
    await driver.advance('PT20M');
    const { emails } = await driver.state();
    expect(emails.map(({ to, subject }) => [to, subject])).toEqual([
      [['eva@example.com'], 'ana@example.com proposes a change of the policies'],
    ]);
    expect(emails[0]?.text).toContain(`${driver.running.url}/console/#/policies`);
    expect(emails[0]?.text).toContain('a quiet week');
  });

  it('has no address that Slack could call', async () => {
    for (const route of ['interactivity', 'commands', 'options', 'events'])
      expect((await driver.slack(route, '{}')).status).toBe(404);
  });
});
