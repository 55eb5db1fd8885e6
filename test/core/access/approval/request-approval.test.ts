import { remindApprovers, requestApproval } from '../../../../core/access/approval/request-approval.ts';
import { enter, happen } from '../../../../core/model/events.ts';
import type { AccessRequest } from '../../../../core/model/request.ts';
import { aRequest, NOON, statesExcept } from '../requests.ts';
import { createWorld, needsLeads, type TestWorld } from '../services.ts';

const away = async (): Promise<never> => {
  throw new Error('away');
};

/** Ben's request, waiting for one of the leads: Cleo, who is in the approval channel, and Dan, who is not. */
function waiting(overrides: Partial<AccessRequest> = {}): TestWorld {
  const world = createWorld();
  world.policyStore.write(needsLeads());
  const requester = { ...aRequest('pending').requester, principalId: 'user-ben', slackId: 'U0BEN' };
  const approvalTiming = { expiresSeconds: 28_800, remindSeconds: 900 };
  const expiresAt = '2026-01-05T20:00:00.000Z';
  world.requests.put(aRequest('pending', { requester, approvalTiming, expiresAt, ...overrides }));
  return world;
}

describe('an extension of access that has ended meanwhile', () => {
  it.each([
    ['ended', 'ended' as const, NOON],
    ['is past its end', 'active' as const, NOON],
  ])('is refused and its workflow woken, without a reminder, when the access %s', async (_when, state, endsAt) => {
    const world = waiting({ extends: 'r0', tokens: { approval: 'token-1' } });
    world.requests.put(aRequest(state, { id: 'r0', endsAt }));
    world.pass(16 * 60);
    await remindApprovers('r1', world);
    expect(world.chat.posts).toEqual([]);
    expect(world.requests.now('r1')).toMatchObject({ state: 'refused', refusal: { reason: 'access-over' } });
    expect(world.workflow.woken.map(({ token }) => token)).toEqual(['token-1']);
  });
});

describe('asking the approvers', () => {
  it('mails the approvers whom Slack does not know, and all of them while Slack is down', async () => {
    const world = waiting();
    const people = { slackIdsOf: async () => ({ 'user-cleo': 'U0CLEO' }) };
    await requestApproval('r1', 'token-1', { ...world, people });
    expect(world.mails.sent).toEqual(['approval to user-dan']);
    const down = waiting();
    const chat = { post: away, update: away, directChannel: away, memberIds: away };
    await expect(requestApproval('r1', 'token-1', { ...down, chat })).rejects.toThrow('away');
    expect(down.mails.sent).toEqual(['approval to user-cleo', 'approval to user-dan']);
  });

  it('mails all approvers if there is no Slack, and reminds those it has mailed before', async () => {
    const world = waiting({ mailed: ['approval::user-cleo'] });
    await requestApproval('r1', 'token-1', { ...world, chat: undefined });
    expect(world.mails.sent).toEqual(['approval to user-cleo', 'approval to user-dan']);
    world.mails.sent = [];
    world.pass(901);
    await remindApprovers('r1', { ...world, chat: undefined });
    expect(world.mails.sent).toEqual(['reminder to user-cleo', 'approval to user-dan']);
    expect(world.chat.posts).toEqual([]);
  });

  it('posts in Slack first: neither the approval messages nor the status message wait for a mail', async () => {
    const world = waiting();
    const people = { slackIdsOf: async () => ({ 'user-cleo': 'U0CLEO' }) };
    let before: string[] = [];
    world.mails.onWrite = () => {
      before = world.chat.posts.map(({ channel }) => channel);
    };
    await requestApproval('r1', 'token-1', { ...world, people });
    expect(before).toEqual(['C0ACCESS', 'C0ALERTS']);
  });

  it('does not fail because of a failed mail if somebody was reached, and fails if nobody was', async () => {
    const world = waiting();
    world.mails.failure = new Error('SES is away');
    const people = { slackIdsOf: async () => ({ 'user-cleo': 'U0CLEO' }) };
    await requestApproval('r1', 'token-1', { ...world, people });
    expect(world.requests.now('r1').asked?.untold).toEqual(['user-dan']);
    const lonely = waiting();
    lonely.mails.failure = new Error('SES is away');
    await expect(requestApproval('r1', 'token-1', { ...lonely, chat: undefined })).rejects.toThrow('SES is away');
  });

  it('mails the approvers beyond the twenty that it messages in Slack, and records those whom nothing reaches', async () => {
    const world = waiting();
    const many = Array.from({ length: 30 }, (_, index) => `user-lead${index}`);
    world.directory.members['group-leads'] = many;
    world.directory.users.push(
      ...many.map((id) => ({ id, userName: id, displayName: id, email: `${id}@example.com`, enabled: true })),
    );
    await requestApproval('r1', 'token-1', world);
    const direct = world.chat.posts.filter(({ channel }) => channel.startsWith('D-'));
    expect([direct.length, world.mails.sent.length]).toEqual([20, 10]);
    expect(world.requests.now('r1').asked?.untold ?? []).toEqual([]);

    const silent = waiting();
    silent.directory = world.directory;
    silent.mails.once = async () => ({ mailed: [] });
    await requestApproval('r1', 'token-1', silent);
    expect(silent.requests.now('r1').asked?.untold).toHaveLength(10);
    // The requester and the approvers are shown who was not reached: every message is edited.
    expect(new Set(silent.chat.edits.map(({ channel }) => channel))).toEqual(
      new Set(silent.requests.now('r1').messages.map(({ channel }) => channel)),
    );
  });

  it('reaches the channel, those who are not in it, and the thread the request came from', async () => {
    const world = waiting();
    await requestApproval('r1', 'token-1', world);
    expect(world.chat.posts.map(({ channel, message }) => `${channel} ${message}`)).toEqual([
      'C0ACCESS approval: pending',
      'D-U0DAN approval: pending',
      'C0ALERTS story: pending',
    ]);
    expect(world.requests.now('r1')).toMatchObject({
      tokens: { approval: 'token-1' },
      asked: { allows: 'Everything', slackIds: { 'user-cleo': 'U0CLEO', 'user-dan': 'U0DAN' } },
      messages: [{ channel: 'C0ACCESS' }, { channel: 'D-U0DAN' }, { channel: 'C0ALERTS' }],
    });
  });

  it('edits its messages when it is run again, and posts nothing twice', async () => {
    const world = waiting();
    await requestApproval('r1', 'token-1', world);
    const posts = world.chat.posts.length;
    world.chat.edits.length = 0;
    await requestApproval('r1', 'token-2', world);
    expect(world.chat.posts).toHaveLength(posts);
    expect(world.chat.edits.map(({ channel }) => channel)).toEqual(['C0ACCESS', 'D-U0DAN', 'C0ALERTS']);
    expect(world.requests.now('r1').tokens.approval).toBe('token-2');
  });

  it('does not edit messages that it has just posted and that are up to date', async () => {
    const world = waiting();
    await requestApproval('r1', 'token-1', world);
    expect(world.chat.edits).toEqual([]);
  });

  it('edits the messages that it has just posted if the request was decided in that moment', async () => {
    const world = waiting();
    const post = world.chat.post;
    world.chat.post = async (channel, message) => {
      const sent = await post(channel, message);
      if (channel === 'D-U0DAN') {
        await world.requests.change('r1', { from: ['pending'], to: 'denied', event: enter('denied', NOON) });
      }
      return sent;
    };
    await requestApproval('r1', 'token-1', world);
    expect(world.chat.edits.map(({ channel, message }) => `${channel} ${message}`)).toEqual([
      'C0ACCESS approval: denied',
      'D-U0DAN approval: denied',
    ]);
  });

  it('stores the token before it calls Slack, so that a vote can wake the workflow even if Slack fails', async () => {
    const world = waiting();
    world.chat.post = away;
    await expect(requestApproval('r1', 'token-1', world)).rejects.toThrow('away');
    expect(world.requests.now('r1').tokens.approval).toBe('token-1');
  });

  it('asks nobody when the request was granted by a change of policy meanwhile, but wakes its workflow', async () => {
    const world = waiting();
    world.policyStore.write(needsLeads({ approval: undefined, id: 'policy#now-free' }));
    const free = world.policyStore.items.find(({ id }) => id === 'policy#now-free');
    world.policyStore.write(JSON.parse(JSON.stringify(free)));
    await requestApproval('r1', 'token-1', world);
    expect(world.requests.now('r1')).toMatchObject({ state: 'approved', path: 'now-free' });
    expect(world.chat.posts).toEqual([]);
    expect(world.workflow.woken).toHaveLength(1);
  });

  it('refuses a request that became impossible while it waited, instead of letting it wait for nobody', async () => {
    const world = waiting();
    world.policyStore.erase('policy#with-leads');
    await requestApproval('r1', 'token-1', world);
    expect(world.requests.now('r1')).toMatchObject({ state: 'refused', refusal: { reason: 'no-longer-allowed' } });
    expect(world.workflow.woken).toEqual([{ token: 'token-1', output: { decided: true } }]);
  });

  it('lets the request wait when the policies cannot be read: not knowing is no refusal', async () => {
    const world = waiting();
    world.policyStore.read = away;
    await expect(requestApproval('r1', 'token-1', world)).rejects.toThrow('the policies cannot be read');
    expect(world.requests.now('r1').state).toBe('pending');
  });

  it.each(statesExcept('pending'))(
    'fails with RequestChangedError when the request is %s by now, so that the workflow moves on',
    async (state) => {
      const world = waiting();
      world.requests.put({ ...world.requests.now('r1'), state });
      await expect(requestApproval('r1', 'token-1', world)).rejects.toMatchObject({ name: 'RequestChangedError' });
      expect(world.chat.posts).toEqual([]);
    },
  );

  it('fails with RequestNotFoundError when there is no such request', async () => {
    const none = { name: 'RequestNotFoundError' };
    await expect(requestApproval('r9', 'token-1', waiting())).rejects.toMatchObject(none);
    await expect(remindApprovers('r9', waiting())).rejects.toMatchObject(none);
  });
});

describe('reminding the approvers', () => {
  /** A world in which the approvers were asked this many seconds ago. */
  async function asked(seconds: number, overrides: Partial<AccessRequest> = {}): Promise<TestWorld> {
    const world = waiting(overrides);
    await requestApproval('r1', 'token-1', world);
    world.chat.posts.length = 0;
    world.pass(seconds);
    return world;
  }

  it('mentions those who can still vote, below each copy of the message', async () => {
    const world = await asked(900);
    await remindApprovers('r1', world);
    expect(world.chat.posts.map(({ channel, message, threadTs }) => `${channel} ${threadTs} ${message}`)).toEqual([
      'C0ACCESS ts-1 reminder: user-cleo user-dan',
      'D-U0DAN ts-2 reminder: user-cleo user-dan',
    ]);
  });

  it('posts in Slack before it sends mails, and even if these fail', async () => {
    const world = await asked(900);
    world.requests.put({
      ...world.requests.now('r1'),
      asked: { ...(world.requests.now('r1').asked as NonNullable<AccessRequest['asked']>), slackIds: {} },
    });
    world.people.slackIdsOf = async () => ({ 'user-cleo': 'U0CLEO' });
    world.mails.failure = new Error('SES is away');
    let before = 0;
    world.mails.onWrite = () => {
      before = world.chat.posts.length;
    };
    await expect(remindApprovers('r1', world)).rejects.toThrow('SES is away');
    expect(before).toBe(2);
    expect(world.chat.posts).toHaveLength(2);
  });

  it('reminds each approver in one way: in Slack once Slack has the message, even if they were mailed while it was down', async () => {
    const world = await asked(900, { mailed: ['approval::user-cleo', 'approval::user-dan'] });
    await remindApprovers('r1', world);
    expect(world.chat.posts.map(({ channel }) => channel)).toEqual(['C0ACCESS', 'D-U0DAN']);
    expect(world.mails.sent).toEqual([]);
    const away900 = await asked(900, { mailed: ['approval::user-cleo', 'approval::user-dan'] });
    const chat = { ...away900.chat, post: away };
    await expect(remindApprovers('r1', { ...away900, chat })).rejects.toThrow('away');
    expect(away900.mails.sent).toEqual(['reminder to user-cleo', 'reminder to user-dan']);
  });

  it('does so once for each interval, however often it is run', async () => {
    const world = await asked(900);
    await remindApprovers('r1', world);
    const posts = world.chat.posts.length;
    await remindApprovers('r1', world);
    expect(world.chat.posts).toHaveLength(posts);
    expect(world.requests.now('r1').events.filter(({ type }) => type === 'reminded')).toHaveLength(1);
  });

  it('says nothing before it is time', async () => {
    const world = await asked(899);
    await remindApprovers('r1', world);
    expect(world.chat.posts).toEqual([]);
  });

  it('asks further approvers when it escalates, and says that it does', async () => {
    const policy = needsLeads();
    const escalate = { after: '30m', to: ['user:user-ana'] };
    const timing = {
      expiresSeconds: 28_800,
      remindSeconds: 3600,
      escalate: { afterSeconds: 1800, to: ['user:user-ana'] },
    };
    const world = await asked(1800, { approvalTiming: timing });
    world.policyStore.write({ ...policy, approval: { ...(policy.approval as object), remind: '1h', escalate } });
    await remindApprovers('r1', world);
    expect(world.chat.posts[0]?.message).toBe('escalated: user-ana user-cleo user-dan');
    expect(world.requests.now('r1').events.at(-1)).toMatchObject({ type: 'escalated' });
  });

  it('escalates when a reminder is due in the same instant, and mentions everybody once, not twice a minute apart', async () => {
    const policy = needsLeads();
    const escalate = { after: '15m', to: ['user:user-ana'] };
    const timing = {
      expiresSeconds: 28_800,
      remindSeconds: 900,
      escalate: { afterSeconds: 900, to: ['user:user-ana'] },
    };
    const world = await asked(900, { approvalTiming: timing });
    world.policyStore.write({ ...policy, approval: { ...(policy.approval as object), escalate } });
    await remindApprovers('r1', world);
    expect(world.chat.posts.map(({ message }) => message)).toEqual(
      world.chat.posts.map(() => 'escalated: user-ana user-cleo user-dan'),
    );
    expect(
      world.requests
        .now('r1')
        .events.slice(-2)
        .map(({ type }) => type),
    ).toEqual(['escalated', 'reminded']);
    const posts = world.chat.posts.length;
    world.pass(60);
    await remindApprovers('r1', world);
    expect(world.chat.posts).toHaveLength(posts);
  });

  it('leaves the expiry to the step that grants', async () => {
    const world = await asked(8 * 3600, { events: [1, 2, 3, 4, 5].map(() => happen('reminded', NOON)) });
    await remindApprovers('r1', world);
    expect(world.chat.posts).toEqual([]);
    expect(world.requests.now('r1').state).toBe('pending');
  });

  it.each(statesExcept('pending'))('reminds nobody of a request that is %s', async (state) => {
    const world = await asked(900);
    world.requests.put({ ...world.requests.now('r1'), state });
    await remindApprovers('r1', world);
    expect(world.chat.posts).toEqual([]);
  });
});
