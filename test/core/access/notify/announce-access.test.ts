import { announceAccess, announceEnd } from '../../../../core/access/notify/announce-access.ts';
import { enter, happen } from '../../../../core/model/events.ts';
import type { AccessRequest } from '../../../../core/model/request.ts';
import { aRequest, NOON } from '../requests.ts';
import { createWorld, FakeReviews } from '../services.ts';

const STORY = { role: 'story', channel: 'C0ALERTS', ts: '7.7' } as const;
const NOT_IN_SLACK = { ...aRequest('active').requester, slackId: '' };

function announcing(request: AccessRequest) {
  const world = { ...createWorld(), reviews: new FakeReviews() };
  world.requests.put(request);
  return world;
}

/** Ana broke the glass; the leads were skipped: Cleo, who is in the approval channel, and Dan, who has no Slack. */
function broken(overrides: Partial<AccessRequest> = {}) {
  const asked = { waitingPaths: [], slackIds: { 'user-cleo': 'U0CLEO' }, allows: '', usedBefore: { times: 0 } };
  const review = { status: 'owed' as const, approvers: ['user-cleo', 'user-dan', 'user-ana'] };
  return announcing(aRequest('active', { breakGlass: true, asked, review, messages: [STORY], ...overrides }));
}

const away = async (): Promise<never> => {
  throw new Error('Slack is away');
};

describe('announcing what has become of a request', () => {
  it('posts everything in Slack before it sends the first mail', async () => {
    const world = broken({ requester: NOT_IN_SLACK });
    let before: unknown[] = [];
    world.mails.onWrite = () => {
      if (before.length === 0) before = [...world.chat.edits, ...world.chat.posts].map(({ channel }) => channel);
    };
    const waited = [...world.requests.now('r1').events, happen('warned', NOON), enter('pending', NOON)];
    world.requests.put({ ...world.requests.now('r1'), events: waited });
    await announceAccess('r1', world);
    expect(before).toEqual(['C0ALERTS', 'C0ALERTS', 'C0ACCESS']);
    expect(world.mails.sent).toEqual(['outcome to user-ana', 'glass to user-dan']);
  });

  it('does nothing in Slack again because a mail failed, and tries the mail again', async () => {
    const world = broken();
    world.mails.failure = new Error('SES is away');
    await expect(announceAccess('r1', world)).rejects.toThrow('SES is away');
    const [posts, edits] = [world.chat.posts.length, world.chat.edits.length];
    expect(world.requests.now('r1').asked?.untold).toEqual(['user-dan']);
    await expect(announceAccess('r1', world)).rejects.toThrow('SES is away');
    expect([world.chat.posts.length, world.chat.edits.length]).toEqual([posts, edits]);
    world.mails.failure = undefined;
    await announceAccess('r1', world);
    expect(world.chat.posts).toHaveLength(posts);
    expect(world.requests.now('r1').asked?.untold).toEqual([]);
    expect(world.mails.sent).toEqual(['glass to user-dan']);
  });

  it('sends its mails while Slack is down, and then fails so that Slack is tried again', async () => {
    const world = broken({ requester: NOT_IN_SLACK });
    const chat = { ...world.chat, post: away, update: away };
    world.requests.put({ ...world.requests.now('r1'), state: 'ended' });
    await expect(announceAccess('r1', { ...world, chat })).rejects.toThrow('Slack is away');
    expect(world.mails.sent).toEqual(['outcome to user-ana', 'glass to user-cleo', 'glass to user-dan']);
  });

  it('asks each reviewer in one way: by mail only those whom Slack does not reach', async () => {
    const world = broken({ state: 'reported', mailed: ['glass::user-cleo', 'glass::user-dan'] });
    await announceAccess('r1', world);
    expect(world.chat.posts.map(({ channel }) => channel)).toContain('C0ACCESS');
    expect(world.mails.sent).toEqual(['review to user-dan']);
  });

  it('names the reviewers whom nothing reaches', async () => {
    const world = broken();
    world.mails.once = async () => ({ mailed: [] });
    await announceAccess('r1', world);
    expect(world.requests.now('r1').asked?.untold).toEqual(['user-dan']);
  });

  it('warns a requester without Slack of the end by mail, even if Slack is down', async () => {
    const world = announcing(aRequest('active', { requester: NOT_IN_SLACK, messages: [STORY] }));
    const chat = { ...world.chat, post: away, update: away };
    await expect(announceEnd('r1', '2026-01-05T13:00:00.000Z', { ...world, chat })).rejects.toThrow('Slack is away');
    expect(world.mails.sent).toEqual(['warning to user-ana']);
  });
});
