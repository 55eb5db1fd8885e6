import { ADMIN, Driver, PRODUCTION } from '../support/driver.ts';
import {
  approvalFor,
  asks,
  buttonsOf,
  clicks,
  copiesFor,
  danOutside,
  directly,
  does,
  findButton,
  now,
  sends,
  statusMessageOf,
  wordsOf,
} from '../support/people.ts';
import { expectAllOver, expectSound } from '../support/sound.ts';

const DEPLOY = {
  account: PRODUCTION,
  permissionSet: 'AdministratorAccess',
  reason: 'Roll back the release <!channel>',
  ticket: 'INC-42',
};

describe('a request that waits for approval', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(danOutside());
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());

  it('shows approvers all that they need to decide, where they are, and tells the requester who is asked', async () => {
    const request = await asks(driver, 'U0BEN', DEPLOY);
    const state = await driver.state();
    const copies = copiesFor(state, request);
    expect(new Set(copies.map(({ channel }) => channel))).toEqual(new Set(['C0ACCESS', directly('U0DAN')]));
    for (const copy of copies) {
      expect(buttonsOf(copy)).toEqual(['Approve', 'Deny', 'Shorten…', "I'm looking", 'Hand on…']);
      const words = wordsOf(copy);
      const shown = ['<@U0BEN>', 'AdministratorAccess', ADMIN, 'Production', PRODUCTION, '1 hour', 'INC-42'];
      for (const word of [...shown, 'Roll back the release', '*What it allows*\\nEverything', '*Used before*\\nnever'])
        expect(words).toContain(word);
      expect(words).not.toContain('<!channel>');
    }
    const story = await statusMessageOf(driver, request);
    expect(wordsOf(story)).toContain('Asked: <@U0CLEO> and <@U0DAN>.');
    expect(story.threadTs).toBe(request.origin.messageTs);
    expect(state.ephemerals.at(-1)).toMatchObject({ user: 'U0BEN' });
    expectSound(state);
  });

  it('says in every copy who decided, and shows the earlier use the next time', async () => {
    const first = await asks(driver, 'U0BEN', DEPLOY);
    const copy = copiesFor(await driver.state(), first).find(({ channel }) => channel === directly('U0DAN'));
    if (copy === undefined) throw new Error('Dan was not asked');
    expect((await clicks(driver, 'U0DAN', copy, 'Approve')).told).toContain('Approved');
    for (const shown of copiesFor(await driver.state(), first)) {
      expect(buttonsOf(shown)).toEqual([]);
      expect(wordsOf(shown)).toContain('Approved by <@U0DAN>');
    }
    await driver.advance('PT10S');
    expect((await now(driver, first)).state).toBe('active');
    for (const shown of copiesFor(await driver.state(), first)) expect(wordsOf(shown)).toContain('*Active:*');
    expect(wordsOf(await statusMessageOf(driver, first))).toContain('Approved by <@U0DAN>');
    await expectAllOver(driver);

    const second = await asks(driver, 'U0BEN', DEPLOY);
    expect(wordsOf(await approvalFor(driver, second))).toContain('*Used before*\\n1 time, last');
  });

  it('tells the requester the outcome in a new message, because Slack does not notify of an edited one', async () => {
    const repliesTo = async ({ origin }: { readonly origin: { messageTs?: string } }) =>
      (await driver.state()).messages
        .filter(({ threadTs, edits, blocks }) => threadTs === origin.messageTs && edits === 0 && blocks.length === 2)
        .map(({ text }) => text);

    const given = await asks(driver, 'U0BEN', DEPLOY);
    expect(await repliesTo(given)).toEqual([]);
    await clicks(driver, 'U0CLEO', await approvalFor(driver, given), 'Approve');
    await driver.advance('PT15S');
    expect(await repliesTo(given)).toEqual([expect.stringMatching(/<@U0BEN>, your access is there: .* until/)]);

    const denied = await asks(driver, 'U0BEN', { ...DEPLOY, permissionSet: 'ReadOnlyAccess' });
    await clicks(driver, 'U0CLEO', await approvalFor(driver, denied), 'Deny');
    await sends(driver, 'U0CLEO', { note: 'Not during the freeze' });
    await driver.advance('PT15S');
    expect((await now(driver, denied)).state).toBe('denied');
    expect(await repliesTo(denied)).toEqual([expect.stringContaining('<@U0BEN>, <@U0CLEO> denied your request for')]);

    const silent = await asks(driver, 'U0BEN', { ...DEPLOY, permissionSet: 'ReadOnlyAccess' });
    await driver.advance('PT8H10M');
    expect((await now(driver, silent)).state).toBe('expired');
    expect(await repliesTo(silent)).toEqual([expect.stringContaining('<@U0BEN>, nobody decided in time')]);
  });

  it('is denied only with a note, which the requester reads', async () => {
    const request = await asks(driver, 'U0BEN', DEPLOY);
    await clicks(driver, 'U0CLEO', await approvalFor(driver, request), 'Deny');
    expect((await now(driver, request)).state).toBe('pending');
    expect(await sends(driver, 'U0CLEO', {})).toMatchObject({ delivered: false, errors: { note: expect.any(String) } });
    expect(await sends(driver, 'U0CLEO', { note: '   ' })).toMatchObject({ errors: { note: expect.any(String) } });
    expect((await now(driver, request)).state).toBe('pending');

    expect((await sends(driver, 'U0CLEO', { note: 'Use staging first' })).told).toContain('Denied');
    await driver.advance('PT10S');
    const denied = await now(driver, request);
    expect(denied.state).toBe('denied');
    expect(denied.events.at(-1)).toMatchObject({ type: 'denied', by: 'user-cleo', note: 'Use staging first' });
    for (const shown of [...copiesFor(await driver.state(), request), await statusMessageOf(driver, request)]) {
      expect(wordsOf(shown)).toContain('*Denied* by <@U0CLEO>');
      expect(wordsOf(shown)).toContain('Use staging first');
      expect(buttonsOf(shown)).toEqual([]);
    }
    expect((await driver.state()).executions).toEqual([expect.objectContaining({ status: 'SUCCEEDED' })]);
    await expectAllOver(driver, { wait: 'PT1M' });
  });

  it('is approved for less time than was asked, with a note, and ends that much earlier', async () => {
    const request = await asks(driver, 'U0BEN', DEPLOY);
    await clicks(driver, 'U0CLEO', await approvalFor(driver, request), 'Shorten…');
    expect((await sends(driver, 'U0CLEO', { duration: '900', note: 'Only the rollback' })).told).toContain('Approved');
    await driver.advance('PT10S');
    const active = await now(driver, request);
    expect(active).toMatchObject({ state: 'active', durationSeconds: 900 });
    expect(new Date(active.endsAt).getTime() - new Date(active.startsAt).getTime()).toBe(900_000);
    expect(wordsOf(await approvalFor(driver, request))).toContain('Only the rollback');
    await driver.advance('PT16M');
    const state = await driver.state();
    expect(state.assignments).toEqual([]);
    expect((await now(driver, request)).state).toBe('ended');
    expectSound(state);
  });

  it('cannot be made longer by an approver, even with a forged form', async () => {
    const request = await asks(driver, 'U0BEN', DEPLOY);
    const message = await approvalFor(driver, request);
    await clicks(driver, 'U0CLEO', message, 'Shorten…');
    const [open] = (await driver.state()).views.filter(({ user }) => user === 'U0CLEO');
    await driver.interact({
      type: 'view_submission',
      team: { id: 'T0HOME' },
      user: { id: 'U0CLEO', team_id: 'T0HOME' },
      view: {
        id: open?.view.id,
        callback_id: open?.view.callback_id,
        private_metadata: open?.view.private_metadata,
        state: { values: { duration: { duration: { type: 'static_select', selected_option: { value: '43200' } } } } },
      },
    });
    await driver.advance('PT10S');
    expect(await now(driver, request)).toMatchObject({ state: 'active', durationSeconds: 3600 });
    expectSound(await driver.state());
  });

  it('can be cancelled by the requester and by nobody else', async () => {
    const request = await asks(driver, 'U0BEN', DEPLOY);
    const story = await statusMessageOf(driver, request);
    expect((await clicks(driver, 'U0ANA', story, 'Cancel request')).told).toContain('Only the person who asked');
    expect((await now(driver, request)).state).toBe('pending');
    const approval = await approvalFor(driver, request);
    expect((await clicks(driver, 'U0BEN', story, 'Cancel request')).told).toContain('Cancelled');
    await driver.advance('PT5S');
    expect((await now(driver, request)).state).toBe('cancelled');
    for (const shown of copiesFor(await driver.state(), request)) expect(wordsOf(shown)).toContain('*Cancelled*');

    const { actionId, value } = findButton(approval.blocks, 'Approve');
    const late = await does(driver, 'U0CLEO', 'press', { channel: 'C0ACCESS', ts: approval.ts, actionId, value }).catch(
      () => undefined,
    );
    expect(late).toBeUndefined();
    await driver.press('U0CLEO', { actionId, value, ts: approval.ts });
    expect((await driver.state()).ephemerals.at(-1)?.text).toContain('already decided');
    await expectAllOver(driver, { wait: 'PT1M' });
  });
});
