import { Driver, PRODUCTION } from '../support/driver.ts';
import {
  approvalFor,
  asks,
  buttonsOf,
  clicks,
  danOutside,
  directly,
  now,
  privateWords,
  sends,
  statusMessageOf,
  wordsOf,
} from '../support/people.ts';
import { expectSound } from '../support/sound.ts';

describe('approving', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(danOutside());
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  const asksForAdmin = () =>
    asks(driver, 'U0BEN', {
      account: PRODUCTION,
      permissionSet: 'AdministratorAccess',
      duration: '1h',
      reason: 'Rebuild the index',
    });

  it('asks approvers directly when the app is not in their channel, and raises the alarm approval-channel-gone', async () => {
    await driver.fault({ operation: 'slack:chat.postMessage', error: 'not_in_channel', times: 1 });
    await driver.fault({ operation: 'slack:conversations.members', error: 'not_in_channel', times: 1 });
    await asksForAdmin();
    await driver.advance('PT1M');
    const { messages, alarms, calls } = await driver.state();
    const asked = messages.filter(({ text }) => text.includes('Rebuild the index') || /asks for|approv/i.test(text));
    expect(asked.filter(({ channel }) => channel === 'C0ACCESS')).toEqual([]);
    expect(asked.length).toBeGreaterThan(1);
    expect(alarms.find(({ id }) => id === 'approval-channel-gone')).toMatchObject({ severity: 'high' });
    await driver.advance('PT10M');
    // Nothing is sent again and again: neither the requester's status message, nor the copies of two approvers, nor
    // edits.
    expect(((await driver.state()).calls['slack:chat.postMessage'] ?? 0) - (calls['slack:chat.postMessage'] ?? 0)).toBe(
      0,
    );
    await driver.reset();
  });

  it('lets an approver claim, hand on and shorten a request, and tells the requester each of these', async () => {
    const request = await asksForAdmin();
    const card = await approvalFor(driver, request);
    for (const fact of [
      '*Risk* :warning: High',
      '1 hour later',
      'Rebuild the index',
      'never',
      '<@U0CLEO> or <@U0DAN>',
      'Approve administrator access?',
    ])
      expect(wordsOf(card)).toContain(fact);
    expect((await clicks(driver, 'U0ANA', card, "I'm looking")).told).toContain('not one of the people who may decide');
    expect((await clicks(driver, 'U0CLEO', card, "I'm looking")).told).toContain('The others see that you are looking');
    expect(wordsOf(await approvalFor(driver, request))).toContain(':eyes: <@U0CLEO> is looking at it');
    expect(wordsOf(await statusMessageOf(driver, request))).toContain('<@U0CLEO> is looking at it');

    await clicks(driver, 'U0CLEO', card, 'Hand on…');
    expect((await sends(driver, 'U0CLEO', { person: 'user-dan', note: 'You know this index' })).told).toContain(
      '<@U0DAN> is asked by name',
    );
    const handed = (await driver.state()).messages.filter(({ text }) =>
      text.includes('hands this on to you: You know this index'),
    );
    expect(handed.map(({ channel }) => channel)).toEqual(expect.arrayContaining(['C0ACCESS', directly('U0DAN')]));
    expect(buttonsOf(handed[0])).toContain('Approve');

    const dans = handed.find(({ channel }) => channel === directly('U0DAN')) ?? card;
    await clicks(driver, 'U0DAN', dans, 'Shorten…');
    await sends(driver, 'U0DAN', { duration: '900', note: 'Fifteen minutes will do' });
    await driver.advance('PT10S');
    const active = await now(driver, request);
    expect(active).toMatchObject({ state: 'active', durationSeconds: 900 });
    expect(active.events.find(({ type }) => type === 'duration-shortened')).toMatchObject({
      by: 'user-dan',
      note: 'from 1h to 15m',
    });
    const outcome = (await driver.state()).messages.find(({ text }) => text.includes('your access is there'));
    for (const where of [outcome, await statusMessageOf(driver, request)]) {
      expect(wordsOf(where)).toContain('Shortened to 15 minutes by <@U0DAN>');
      expect(wordsOf(where)).toContain('Fifteen minutes will do');
    }
    // An approver who comes too late reads who decided, and when.
    await driver.press('U0CLEO', { actionId: 'request.approve', value: request.id });
    expect(JSON.stringify(driver.running.current().slack.snapshot().screen.ephemerals.at(-1))).toContain(
      '<@U0DAN> approved it <!date^',
    );
    expectSound(await driver.state());
  });

  it('lets the requester nudge the approvers once in a while; the buttons of a nudge work until the request is decided', async () => {
    const request = await asksForAdmin();
    const story = await statusMessageOf(driver, request);
    expect((await clicks(driver, 'U0CLEO', story, 'Nudge approvers')).told).toContain('Only the person who asked');
    expect((await clicks(driver, 'U0BEN', story, 'Nudge approvers')).told).toContain('mentioned once more');
    expect((await clicks(driver, 'U0BEN', story, 'Nudge approvers')).told).toContain('reminded a short while ago');
    const nudges = async () => (await driver.state()).messages.filter(({ text }) => text.includes('A reminder for'));
    const [nudge] = await nudges();
    expect(wordsOf(nudge)).toContain('<@U0CLEO>');
    expect((await clicks(driver, 'U0CLEO', nudge ?? story, 'Deny')).delivered).toBe(true);
    await sends(driver, 'U0CLEO', { note: 'Not during the sale' });
    await driver.advance('PT5S');
    expect((await now(driver, request)).state).toBe('denied');
    expect((await clicks(driver, 'U0DAN', nudge ?? story, 'Approve')).told).toContain('already decided');
    expect(wordsOf((await driver.state()).messages.findLast(({ channel }) => channel === directly('U0DAN')))).toContain(
      '<@U0CLEO> denied it',
    );
    await driver.press('U0BEN', { actionId: 'request.nudge', value: request.id });
    expect(privateWords(await driver.state(), 'U0BEN').join()).toContain('already decided');
    expect(privateWords(await driver.state(), 'U0BEN').join()).not.toContain('user-cleo');
  });
});
