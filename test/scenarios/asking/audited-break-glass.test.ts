import { Driver, STAGING } from '../support/driver.ts';
import {
  approvalFor,
  asks,
  buttonsOf,
  clicks,
  clicksAtHome,
  copiesFor,
  danOutside,
  directly,
  does,
  findButton,
  type Message,
  now,
  privateWords,
  putPolicies,
  type Request,
  sends,
  statusMessageOf,
  wordsOf,
} from '../support/people.ts';
import { expectAllOver, expectSound } from '../support/sound.ts';

const ADMINISTRATOR = { account: STAGING, permissionSet: 'AdministratorAccess', duration: '30m' };

describe('break-glass access by a policy', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(danOutside());
  });
  afterAll(() => driver.stop());
  beforeEach(async () => {
    await driver.reset();
    await putPolicies(driver, {
      name: 'staging-emergency',
      effect: 'allow',
      who: ['group:SRE', 'group:Leads'],
      accounts: [STAGING],
      permissionSets: ['AdministratorAccess'],
      maxDuration: '1h',
      breakGlass: true,
      approval: { approvers: ['group:Leads'], count: 1 },
    });
  });

  async function breaksGlass(user: string): Promise<Request> {
    await driver.ask(user, ADMINISTRATOR);
    await sends(driver, user, { reason: 'The deployment is stuck' });
    await driver.advance('PT10S');
    return driver.request();
  }

  it('is granted at once after a confirmation with a reason, and every approver whom it bypasses is told', async () => {
    await driver.ask('U0ANA', ADMINISTRATOR);
    await driver.advance('PT5S');
    expect((await driver.state()).requests).toEqual([]);
    const [form] = (await driver.state()).views;
    expect(form).toMatchObject({ user: 'U0ANA', view: { callback_id: 'break_glass.confirm' } });
    expect(wordsOf(form?.view)).toContain('at once, without approval');
    expect(await sends(driver, 'U0ANA')).toMatchObject({ errors: { reason: expect.any(String) } });
    expect((await driver.state()).requests).toEqual([]);

    expect((await sends(driver, 'U0ANA', { reason: 'The deployment is stuck' })).told).toContain('Glass broken');
    await driver.advance('PT10S');
    const request = await driver.request();
    expect(request).toMatchObject({ state: 'active', breakGlass: true, review: { status: 'owed' } });
    expect(request.review).toMatchObject({ approvers: ['user-cleo', 'user-dan'] });
    const loud = await approvalFor(driver, request);
    for (const word of [
      '*Break glass* by <@U0ANA>',
      'without approval',
      '<@U0CLEO>',
      '<@U0DAN>',
      'deployment is stuck',
    ])
      expect(wordsOf(loud)).toContain(word);
    // Nothing is left to decide, but an approver may end access that lasts.
    expect(buttonsOf(loud)).toEqual(['End access…']);
    const places = copiesFor(await driver.state(), request).map(({ channel }) => channel);
    expect(new Set(places)).toEqual(new Set(['C0ACCESS', directly('U0DAN')]));
    expect(wordsOf(await statusMessageOf(driver, request))).toContain('nobody approved this');
    await expectAllOver(driver);
  });

  it('is given by a button that names a group by the longest name there is', async () => {
    const name = `On call ${'for a very long service name, '.repeat(40)}`.slice(0, 1024).trim();
    const { world } = driver.running.current();
    for (const group of world.groups) if (group.id === 'group-oncall') group.displayName = name;
    await putPolicies(driver, {
      name: 'oncall-emergency',
      effect: 'allow',
      who: ['group:SRE'],
      groups: ['group-oncall'],
      maxDuration: '1h',
      breakGlass: true,
      approval: { approvers: ['group:Leads'], count: 1 },
    });
    await driver.ask('U0ANA', { group: name, duration: '30m' });
    expect((await sends(driver, 'U0ANA', { reason: 'The deployment is stuck' })).told).toContain('Glass broken');
    await driver.advance('PT10S');
    expect(await driver.request()).toMatchObject({ state: 'active', breakGlass: true, durationSeconds: 1800 });
    await expectAllOver(driver);
  });

  it('is requested only once by a button that is pressed and confirmed twice', async () => {
    const press = {
      actionId: 'break_glass',
      value: JSON.stringify(ADMINISTRATOR),
      channel: 'C0ALERTS',
      ts: '1700000009.000001',
    };
    for (const reason of ['First', 'Second']) {
      await driver.press('U0ANA', press);
      await sends(driver, 'U0ANA', { reason });
      await driver.advance('PT10S');
    }
    expect((await driver.state()).requests).toHaveLength(1);
    expectSound(await driver.state());
  });

  it('needs a review after the report, which only an approver who was bypassed may give', async () => {
    const request = await breaksGlass('U0ANA');
    const acknowledge = { actionId: 'review.acknowledge', value: request.id };
    const refused = async (user: string, sentence: string) => {
      await driver.press(user, acknowledge);
      expect((await driver.state()).ephemerals.at(-1)).toMatchObject({
        user,
        text: expect.stringContaining(sentence),
      });
      expect((await now(driver, request)).review?.status).toBe('owed');
    };
    await refused('U0CLEO', 'Nothing is left to review');
    await driver.advance('PT35M');
    expect((await now(driver, request)).state).toBe('ended');
    await refused('U0CLEO', 'Nothing is left to review');
    expect(buttonsOf(await approvalFor(driver, request))).toEqual([]);

    await driver.advance('PT2H');
    expect((await now(driver, request)).state).toBe('reported');
    expect(buttonsOf(await approvalFor(driver, request))).toEqual(['Acknowledge', 'Question']);
    await refused('U0ANA', 'cannot decide your own request');
    await refused('U0BEN', 'not one of the people who may decide');
    await driver.press('U0BEN', { actionId: 'review.question', value: request.id });
    expect((await driver.state()).views.filter(({ user }) => user === 'U0BEN')).toEqual([]);

    expect((await clicks(driver, 'U0CLEO', await approvalFor(driver, request), 'Acknowledge')).told).toContain('Thank');
    const reviewed = await now(driver, request);
    expect(reviewed.review).toMatchObject({ status: 'acknowledged', by: 'user-cleo' });
    expect(reviewed.events.at(-1)).toMatchObject({ type: 'reviewed', by: 'user-cleo' });
    expect(buttonsOf(await approvalFor(driver, request))).toEqual([]);
    expect(wordsOf(await approvalFor(driver, request))).toContain('Reviewed and acknowledged by <@U0CLEO>');
    await driver.press('U0DAN', acknowledge);
    expect(privateWords(await driver.state(), 'U0DAN').at(-1)).toContain('Nothing is left to review');
    expectSound(await driver.state());
  });

  it('gets only one review when a reviewer acknowledges and questions it at the same moment', async () => {
    const request = await breaksGlass('U0CLEO');
    expect(request.review).toMatchObject({ approvers: ['user-dan'] });
    await driver.advance('PT3H');
    await clicks(driver, 'U0DAN', await approvalFor(driver, request), 'Question');
    expect(await sends(driver, 'U0DAN')).toMatchObject({ errors: { note: expect.any(String) } });
    const acknowledged = driver.press('U0DAN', { actionId: 'review.acknowledge', value: request.id });
    await Promise.all([acknowledged, sends(driver, 'U0DAN', { note: 'Why not staging-read?' })]);
    const { review, events } = await now(driver, request);
    expect(['acknowledged', 'questioned']).toContain(review?.status);
    expect(events.filter(({ type }) => type === 'reviewed')).toHaveLength(1);
  });

  it('reminds its reviewers every day until it is reviewed, and is listed in their App Home', async () => {
    const request = await breaksGlass('U0ANA');
    // The workflow ends the access; the hundreds of sweeps of a day would find nothing to do here.
    await driver.fault({ operation: 'lambda:sweep-access', error: 'Crash', times: 'forever' });
    await driver.advance('PT3H');
    const { ts } = await approvalFor(driver, request);
    const reminders = async () => (await driver.state()).messages.filter(({ threadTs }) => threadTs === ts);
    expect(await reminders()).toEqual([]);
    await driver.advance('P1DT1H');
    expect((await reminders()).map(({ text }) => text)).toEqual([
      expect.stringMatching(/<@U0CLEO> or <@U0DAN>: the review .* is still owed/),
    ]);
    await does(driver, 'U0BEN', 'home');
    await does(driver, 'U0DAN', 'home');
    const homes = (await driver.state()).views.filter(({ type }) => type === 'home');
    expect(wordsOf(homes.find(({ user }) => user === 'U0BEN')?.view)).not.toContain('Reviews owed');
    const home = homes.find(({ user }) => user === 'U0DAN')?.view;
    expect(wordsOf(home)).toContain('Reviews owed');
    expect(findButton(home?.blocks ?? [], 'Question').value).toBe(request.id);
    const report = (await driver.state()).messages.find(({ text }) => text.includes('the report is there'));
    expect(report?.text).toContain('<@U0CLEO> or <@U0DAN>');
    expect(buttonsOf(report)).toEqual(['Acknowledge', 'Question…']);
    for (const fact of ['*Verdict:* nothing was done', 'Nothing was flagged.', 'by e-mail to security@example.com'])
      expect(wordsOf(report)).toContain(fact);
    expect(wordsOf(report)).toMatch(/thread of <https:[^|]+\/archives\/C0ALERTS\/p\d+\|this message>/);
    await clicksAtHome(driver, 'U0DAN', 'Question');
    expect((await sends(driver, 'U0DAN', { note: 'Why so long?' })).told).toContain('Why so long?');
    expect((await now(driver, request)).review).toMatchObject({
      status: 'questioned',
      by: 'user-dan',
      note: 'Why so long?',
    });
    expect(wordsOf(await statusMessageOf(driver, request))).toContain('Questioned in review by <@U0DAN>: Why so long?');

    // The question and the answer each notify their reader: each is a message of its own that mentions them.
    const found = async (words: string) => (await driver.state()).messages.filter(({ text }) => text.includes(words));
    const [question, direct] = await found('asks about your access');
    expect(wordsOf(question)).toContain('Why so long?');
    const { slackId } = request.requester;
    expect(direct?.channel).toBe(directly(slackId));
    expect((await clicks(driver, 'U0CLEO', question as Message, 'Answer…')).told).toContain(
      'Only the person who asked',
    );
    await clicks(driver, slackId, question as Message, 'Answer…');
    expect((await sends(driver, slackId, { note: 'The restore took that long' })).told).toContain('with the reviewer');
    const [answer] = await found('answers your question');
    expect(wordsOf(answer)).toContain('The restore took that long');
    expect(answer).toMatchObject({ channel: 'C0ACCESS', text: expect.stringContaining('<@U0DAN>') });
    await driver.press(slackId, { actionId: 'review.answer', value: request.id });
    expect(privateWords(await driver.state(), slackId).join()).toContain('Nothing is left to answer');

    await driver.advance('P1DT1H');
    expect(await reminders()).toHaveLength(1);
  });

  it('is not granted to a request that waits for approval while a break-glass policy is written', async () => {
    await putPolicies(driver, {
      name: 'staging-read',
      effect: 'allow',
      who: ['group:Developers'],
      accounts: [STAGING],
      permissionSets: ['ReadOnlyAccess'],
      approval: { approvers: ['group:Leads'], count: 2 },
    });
    const request = await asks(driver, 'U0BEN', { account: STAGING, permissionSet: 'ReadOnlyAccess' });
    await putPolicies(driver, {
      name: 'read-emergency',
      effect: 'allow',
      who: ['everyone'],
      accounts: [STAGING],
      permissionSets: ['ReadOnlyAccess'],
      breakGlass: true,
    });
    await clicks(driver, 'U0CLEO', await approvalFor(driver, request), 'Approve');
    await driver.advance('PT20M');
    expect(await now(driver, request)).toMatchObject({ state: 'pending', breakGlass: false });
    expect((await driver.state()).assignments).toEqual([]);
  });
});
