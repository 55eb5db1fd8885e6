import { mayReview, reviewAccess } from '../../../../core/access/review/review-access.ts';
import { oweReview, remindReviewers } from '../../../../core/access/review/review-reminders.ts';
import { happen } from '../../../../core/model/events.ts';
import type { AccessRequest, RequestState, Review } from '../../../../core/model/request.ts';
import { aRequest, NOON, statesExcept } from '../requests.ts';
import { aMessage, caller, createWorld, FakeReviews, type TestWorld } from '../services.ts';

const OWED: Review = { status: 'owed', approvers: ['user-cleo', 'user-dan', 'user-ana'] };
const COPIES = [{ role: 'approval' as const, channel: 'C0ACCESS', ts: '8.8' }];

/** Ana broke the glass; the leads were skipped. */
function broken(state: RequestState = 'reported', overrides: Partial<AccessRequest> = {}): TestWorld {
  const world = createWorld();
  world.requests.put(aRequest(state, { breakGlass: true, review: OWED, messages: COPIES, ...overrides }));
  return world;
}

const acknowledge = (world: TestWorld, name: string) =>
  reviewAccess('r1', caller(name), { status: 'acknowledged' }, world);

describe('reviewing break-glass access', () => {
  it('is done by one of those who were skipped, and written down with their words', async () => {
    const world = broken();
    const verdict = { status: 'questioned', note: 'why delete the table?' } as const;
    expect(await reviewAccess('r1', caller('cleo'), verdict, world)).toMatchObject({ done: true });
    expect(world.requests.now('r1')).toMatchObject({
      state: 'reported',
      review: { ...verdict, by: 'user-cleo', at: NOON, approvers: OWED.approvers },
    });
    expect(world.requests.now('r1').events.at(-1)).toMatchObject({
      type: 'reviewed',
      by: 'user-cleo',
      note: 'questioned: why delete the table?',
    });
  });

  it.each([
    ['the requester, although they are an approver', 'ana', 'own-request'],
    ['somebody who was not skipped', 'ben', 'not-approver'],
  ])('is not done by %s', async (_who, name, reason) => {
    const world = broken();
    expect(await mayReview('r1', caller(name), world)).toMatchObject({ done: false, refusal: { reason } });
    expect(await acknowledge(world, name)).toMatchObject({ done: false, refusal: { reason } });
    expect(world.requests.now('r1').review).toEqual(OWED);
  });

  const LINK = { id: 'person#ana', principals: new Set(['user-ana', 'user-cleo']) };
  it.each<[string, (world: TestWorld) => void]>([
    ['a record', (world) => world.policyStore.write(LINK)],
    ['their e-mail', (world) => world.directory.change('user-cleo', { email: 'ANA@example.com' })],
    [
      'a record and the e-mail of a user it names',
      (world) => {
        world.directory.change('user-ben', { email: 'cleo@example.com' });
        world.policyStore.write({ id: 'person#ana', principals: ['user-ana', 'user-ben'] });
      },
    ],
    [
      'the e-mail of a user who is gone',
      (world) => {
        world.directory.users = world.directory.users.filter(({ id }) => id !== 'user-ana');
        world.directory.change('user-cleo', { email: 'ana@example.com' });
      },
    ],
  ])('is not done with another user of the requester, known by %s', async (_how, link) => {
    const world = broken();
    link(world);
    const own = { done: false, refusal: { reason: 'own-request' } };
    expect(await mayReview('r1', caller('cleo'), world)).toMatchObject(own);
    expect(await acknowledge(world, 'cleo')).toMatchObject(own);
    const operators = { ...world, reviewerGroups: ['group-leads'] };
    expect(await acknowledge(operators, 'cleo')).toMatchObject(own);
    expect(await acknowledge(operators, 'dan')).toMatchObject({ done: true });
  });

  it.each(statesExcept('ended', 'reported'))('waits for the report: not while the request is %s', async (state) => {
    expect(await acknowledge(broken(state), 'cleo')).toMatchObject({ refusal: { reason: 'nothing-to-review' } });
  });

  it('is possible without a report only if it is known that none will come', async () => {
    expect(await acknowledge(broken('ended'), 'cleo')).toMatchObject({ refusal: { reason: 'nothing-to-review' } });
    const unreadable = { events: [happen('activity-unreadable', NOON)] };
    expect(await acknowledge(broken('ended', unreadable), 'cleo')).toMatchObject({ done: true });
  });

  it('counts once, also when two press in the same instant', async () => {
    const world = broken();
    const outcomes = await Promise.all(['cleo', 'dan'].map((name) => acknowledge(world, name)));
    expect(outcomes.filter(({ done }) => done)).toHaveLength(1);
    expect(world.requests.now('r1').events.filter(({ type }) => type === 'reviewed')).toHaveLength(1);
  });

  it('is refused for an unknown request, and to a caller from another workspace', async () => {
    const world = broken();
    expect(await reviewAccess('r9', caller('cleo'), { status: 'acknowledged' }, world)).toMatchObject({
      refusal: { reason: 'unknown-request' },
    });
    world.teamIds = ['T0ELSEWHERE'];
    expect(await acknowledge(world, 'cleo')).toMatchObject({ refusal: { reason: 'other-workspace' } });
  });
});

describe('reminding of a review', () => {
  const DAY = 24 * 3600;

  function reminding(world: TestWorld) {
    const reviews = new FakeReviews();
    const failures: string[] = [];
    const services = { ...world, reviews, renderReviewReminder: () => aMessage('please review') };
    return {
      reviews,
      failures,
      owe: async () => oweReview(world.requests.now('r1'), services),
      run: () => remindReviewers({ ...services, onFailure: (_error, requestId) => failures.push(requestId) }),
    };
  }

  it('is done every day for a week, then every week, and ends after three months; the review stays owed', async () => {
    const world = broken('reported', { endedAt: NOON });
    const { owe, run, reviews } = reminding(world);
    await owe();
    const days: number[] = [];
    let posts = 0;
    for (let day = 1; day <= 400; day += 1) {
      world.pass(DAY);
      expect(await run()).toBe(1);
      if (world.chat.posts.length > posts) days.push(day);
      posts = world.chat.posts.length;
    }
    expect(days).toEqual([1, 2, 3, 4, 5, 6, 7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77, 84]);
    // To Dan and Cleo; Ana is the requester.
    expect(world.mails.sent).toHaveLength(2 * days.length);
    expect([...reviews.due.keys()]).toEqual(['r1']);
  });

  it('reaches each in one way, and nobody twice because a mail or one place failed', async () => {
    const asked = { waitingPaths: [], slackIds: { 'user-cleo': 'U0CLEO' }, allows: '', usedBefore: { times: 0 } };
    const mailed = ['glass::user-cleo', 'glass::user-dan'];
    const world = broken('reported', { asked, mailed });
    const { owe, run, failures } = reminding(world);
    await owe();
    world.pass(DAY);
    await run();
    expect(world.mails.sent).toEqual(['review-reminder to user-dan']);
    world.pass(DAY);
    world.mails.failure = new Error('SES is away');
    await run();
    world.pass(3600);
    await run();
    expect(world.chat.posts).toHaveLength(2);
    expect(failures).toEqual(['r1']);
  });

  it('is followed by the question and its answer, each mailed once to people whom Slack does not reach', async () => {
    const world = broken('reported', { endedAt: NOON });
    const { reviews, run } = reminding(world);
    await reviews.owe('r1', NOON);
    await reviewAccess('r1', caller('cleo'), { status: 'questioned', note: 'why?' }, world);
    const { requester } = world.requests.now('r1');
    world.requests.put({ ...world.requests.now('r1'), requester: { ...requester, slackId: '' } });
    world.mails.once = async (request, kind, ids) => {
      if (request.mailed?.includes(kind) !== true) world.mails.sent.push(`${kind} to ${ids.join()}`);
      world.requests.put({ ...world.requests.now('r1'), mailed: [...(request.mailed ?? []), kind] });
      return { mailed: ids };
    };
    expect([await run(), await run()]).toEqual([0, 0]);
    expect(world.mails.sent).toEqual(['question to user-ana']);
    const review = world.requests.now('r1').review as Review;
    world.requests.put({ ...world.requests.now('r1'), review: { ...review, answer: 'the index was broken' } });
    await run();
    await run();
    expect(world.mails.sent).toEqual(['question to user-ana', 'answer to user-cleo']);
    expect(reviews.due.size).toBe(0);
  });

  it('stops waiting for an answer when reminders would have ended', async () => {
    const review = { ...OWED, status: 'questioned' as const, by: 'user-cleo', note: 'why?' };
    const { reviews, run } = reminding(broken('reported', { endedAt: '2025-01-05T12:00:00.000Z', review }));
    await reviews.owe('r1', NOON);
    await run();
    expect(reviews.due.size).toBe(0);
  });

  it('is posted once a day below each copy, until the review is given', async () => {
    const world = broken();
    const { owe, run, reviews } = reminding(world);
    await owe();
    expect(await run()).toBe(1);
    expect(world.chat.posts).toEqual([]);
    for (const day of [1, 2]) {
      world.pass(DAY);
      await run();
      await run();
      expect(world.chat.posts.filter(({ message }) => message === 'please review')).toHaveLength(day);
    }
    await acknowledge(world, 'cleo');
    expect(await run()).toBe(0);
    expect(reviews.due.size).toBe(0);
  });

  it('is owed once, from when the report is out', async () => {
    const early = reminding(broken('ended'));
    await early.owe();
    expect(early.reviews.due.size).toBe(0);
    const { owe, reviews } = reminding(broken());
    await owe();
    await owe();
    expect([...reviews.due]).toEqual([['r1', '2026-01-06T12:00:00.000Z']]);
  });

  it('of one request that fails does not hold up those of others', async () => {
    const world = broken();
    world.requests.put({
      ...world.requests.now('r1'),
      id: 'r2',
      messages: [{ ...COPIES[0], channel: 'C0OTHER' } as (typeof COPIES)[0]],
    });
    const { reviews, run, failures } = reminding(world);
    await reviews.owe('r1', NOON);
    await reviews.owe('r2', NOON);
    const post = world.chat.post;
    world.chat.post = async (channel, ...rest) => {
      if (channel === 'C0ACCESS') throw new Error('ratelimited');
      return post(channel, ...rest);
    };
    await run();
    expect(failures).toEqual(['r1']);
    expect(world.chat.posts.map(({ channel }) => channel)).toEqual(['C0OTHER']);
  });

  const QUESTIONED: Review = {
    status: 'questioned',
    approvers: OWED.approvers,
    by: 'user-cleo',
    at: NOON,
    note: 'why delete the table?',
  };
  const STORY = { role: 'story' as const, channel: 'C0ALERTS', ts: '1.1' };

  it('posts a question that was asked outside of Slack to the requester, in the thread of the report and directly', async () => {
    const world = broken('reported', { review: QUESTIONED, messages: [...COPIES, STORY], origin: { kind: 'cli' } });
    const { reviews, run } = reminding(world);
    await reviews.owe('r1', NOON);
    await run();
    await run();
    const asked = world.chat.posts.filter(({ message }) => message === 'question: reported');
    expect(asked.map(({ channel, threadTs }) => [channel, threadTs])).toEqual([
      ['C0ALERTS', '1.1'],
      [`D-${world.requests.now('r1').requester.slackId}`, undefined],
    ]);
    expect(reviews.due.size).toBe(1);
  });

  it('posts an answer to the reviewers, wherever it was given, and ends the reminders', async () => {
    const review = { ...QUESTIONED, answer: 'it was empty', answeredAt: NOON };
    const world = broken('reported', { review, messages: [...COPIES, STORY] });
    const { reviews, run } = reminding(world);
    await reviews.owe('r1', NOON);
    await run();
    await run();
    const told = world.chat.posts.filter(({ message }) => message === 'answer: reported');
    expect(told.map(({ channel, threadTs }) => [channel, threadTs])).toEqual([['C0ACCESS', '8.8']]);
    expect(reviews.due.size).toBe(0);
  });

  it('posts the question directly if a failed run has posted only in the thread, and waits a month for an answer', async () => {
    const asked = { role: 'question' as const, channel: 'C0ALERTS', ts: '2.2' };
    const world = broken('reported', { review: QUESTIONED, messages: [...COPIES, STORY, asked] });
    const { reviews, run } = reminding(world);
    await reviews.owe('r1', NOON);
    await run();
    expect(world.chat.posts.map(({ channel }) => channel)).toEqual([`D-${world.requests.now('r1').requester.slackId}`]);
    world.pass(30 * DAY);
    await run();
    expect(reviews.due.size).toBe(0);
  });
});
