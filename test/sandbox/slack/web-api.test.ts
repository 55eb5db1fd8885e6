import { WebClient } from '@slack/web-api';
import { refusal, start, type UnderTest } from './workspace-under-test.ts';

let world: UnderTest;
beforeEach(async () => {
  world = await start();
});
afterEach(() => world.close());

const hello = { channel: 'C0ALERTS', text: 'hello' };

describe('the emulated messages', () => {
  it('have unique timestamps, and a reply to a reply is in the thread of the first message', async () => {
    const first = await world.client.chat.postMessage(hello);
    const second = await world.client.chat.postMessage({ ...hello, thread_ts: first.ts ?? '' });
    const third = await world.client.chat.postMessage({ ...hello, thread_ts: second.ts ?? '' });
    expect(new Set([first.ts, second.ts, third.ts]).size).toBe(3);
    expect(first.ts).toBe('1767603600.000000');
    const { messages } = world.slack.snapshot();
    expect(messages[0]).toEqual({
      channel: 'C0ALERTS',
      ts: first.ts,
      threadTs: null,
      text: 'hello',
      blocks: [],
      attachments: [],
      edits: 0,
    });
    // A reply to a reply joins the thread of the first message, as in Slack.
    expect(messages.map(({ threadTs }) => threadTs)).toEqual([null, first.ts, first.ts]);
  });

  it('have increasing timestamps while the clock stands still', async () => {
    const stamps = await Promise.all(Array.from({ length: 20 }, () => world.client.chat.postMessage(hello)));
    const sorted = stamps.map(({ ts }) => ts ?? '').sort();
    expect(new Set(sorted).size).toBe(20);
    expect(sorted.at(-1)).toBe('1767603600.000019');
  });

  it('lose their blocks in an update with text only, as in Slack', async () => {
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'old' } }];
    const { ts = '' } = await world.client.chat.postMessage({ ...hello, blocks });
    await world.client.chat.update({ channel: 'C0ALERTS', ts, text: 'new' });
    expect(world.slack.snapshot().messages[0]).toMatchObject({ text: 'new', blocks: [], edits: 1 });
    await world.client.chat.update({ channel: 'C0ALERTS', ts, text: 'newer', blocks });
    expect(world.slack.snapshot().messages[0]?.blocks).toHaveLength(1);
  });

  it('do not exist after they are deleted', async () => {
    const { ts = '' } = await world.client.chat.postMessage(hello);
    await world.client.chat.delete({ channel: 'C0ALERTS', ts });
    expect(world.slack.snapshot().messages).toEqual([]);
    expect(await refusal(world.client.chat.update({ channel: 'C0ALERTS', ts, text: 'x' }))).toBe('message_not_found');
  });

  it('that are ephemeral are visible to one person and cannot be updated', async () => {
    const { message_ts = '' } = await world.client.chat.postEphemeral({ ...hello, user: 'U0ANA' });
    expect(world.slack.snapshot()).toMatchObject({
      messages: [],
      ephemerals: [{ user: 'U0ANA', channel: 'C0ALERTS', text: 'hello' }],
    });
    expect(await refusal(world.client.chat.update({ channel: 'C0ALERTS', ts: message_ts, text: 'x' }))).toBe(
      'message_not_found',
    );
  });

  it('have a permalink', async () => {
    const { ts = '' } = await world.client.chat.postMessage(hello);
    const { permalink } = await world.client.chat.getPermalink({ channel: 'C0ALERTS', message_ts: ts });
    expect(permalink).toBe('https://example.slack.com/archives/C0ALERTS/p1767603600000000');
  });

  const REFUSED: [string, (client: WebClient) => Promise<unknown>, string][] = [
    ['an unknown channel', (client) => client.chat.postMessage({ ...hello, channel: 'C0NONE' }), 'channel_not_found'],
    [
      'a channel without the app',
      (client) => client.chat.postMessage({ ...hello, channel: 'C0OTHERS' }),
      'not_in_channel',
    ],
    ['no text at all', (client) => client.chat.postMessage({ channel: 'C0ALERTS', text: ' ' }), 'no_text'],
    ['40,001 characters', (client) => client.chat.postMessage({ ...hello, text: 'x'.repeat(40_001) }), 'msg_too_long'],
    ['an unknown thread', (client) => client.chat.postMessage({ ...hello, thread_ts: '1.000001' }), 'thread_not_found'],
    [
      'an update of an unknown message',
      (client) => client.chat.update({ ...hello, ts: '1.000001' }),
      'message_not_found',
    ],
    [
      'an ephemeral message to an unknown person',
      (client) => client.chat.postEphemeral({ ...hello, user: 'U0NONE' }),
      'user_not_found',
    ],
    [
      'an ephemeral message to a person outside of the channel',
      (client) => client.chat.postEphemeral({ ...hello, user: 'U0OLE' }),
      'user_not_in_channel',
    ],
    ['an unknown person', (client) => client.users.info({ user: 'U0NONE' }), 'user_not_found'],
    [
      'an unknown e-mail address',
      (client) => client.users.lookupByEmail({ email: 'x@example.com' }),
      'users_not_found',
    ],
    [
      'the e-mail address of a deactivated person',
      (client) => client.users.lookupByEmail({ email: 'ole@example.com' }),
      'users_not_found',
    ],
    [
      'the e-mail address of a person of another company',
      (client) => client.users.lookupByEmail({ email: 'eve@other.test' }),
      'users_not_found',
    ],
    ['a direct message to a bot', (client) => client.conversations.open({ users: 'U0GLASS' }), 'cannot_dm_bot'],
    ['a method that is not emulated', (client) => client.apiCall('chat.scheduleMessage', {}), 'unknown_method'],
    ['a missing argument', (client) => client.apiCall('chat.postMessage', { text: 'x' }), 'invalid_arguments'],
  ];
  it.each(REFUSED)('are refused with the error of Slack for %s', async (_, call, error) => {
    expect(await refusal(call(world.client))).toBe(error);
    expect(world.slack.snapshot()).toMatchObject({ messages: [], ephemerals: [] });
  });

  it('can be posted, but not updated, with more than 4,000 characters', async () => {
    const { ts = '' } = await world.client.chat.postMessage(hello);
    expect(await refusal(world.client.chat.update({ channel: 'C0ALERTS', ts, text: 'x'.repeat(4001) }))).toBe(
      'msg_too_long',
    );
    expect(await refusal(world.client.chat.postMessage({ ...hello, text: 'x'.repeat(4001) }))).toBe('accepted');
  });

  it('of a person cannot be changed by the app', async () => {
    const { ts } = world.slack.say({ user: 'U0BEN', channel: 'C0ALERTS', text: 'looking' });
    expect(await refusal(world.client.chat.update({ channel: 'C0ALERTS', ts, text: 'x' }))).toBe('cant_update_message');
    expect(await refusal(world.client.chat.delete({ channel: 'C0ALERTS', ts }))).toBe('cant_delete_message');
  });
});

describe('the emulated Slack', () => {
  it.each([
    ['xoxb-other', 'invalid_auth'],
    [undefined, 'not_authed'],
  ])('refuses the token %s', async (token, error) => {
    const client = new WebClient(token, { slackApiUrl: `${world.url}/api/`, retryConfig: { retries: 0 } });
    expect(await refusal(client.auth.test())).toBe(error);
    expect(await world.client.auth.test()).toMatchObject({
      ok: true,
      team_id: 'T0HOME',
      user_id: 'U0GLASS',
      bot_id: 'B0GLASS',
    });
  });
});

describe('the emulated people and conversations', () => {
  it('distinguish guests, people of other companies and deactivated people', async () => {
    const info = async (user: string) => (await world.client.users.info({ user })).user;
    expect(await info('U0ANA')).toMatchObject({
      team_id: 'T0HOME',
      is_restricted: false,
      deleted: false,
      tz: 'Europe/Berlin',
      profile: { email: 'ana@example.com' },
    });
    expect(await info('U0FAY')).toMatchObject({ is_restricted: true });
    expect(await info('U0OLE')).toMatchObject({ deleted: true });
    const eve = await info('U0EVE');
    expect(eve).toMatchObject({ is_stranger: true, team_id: 'T0OTHER' });
    // Slack hides the e-mail addresses of people of other companies.
    expect(eve?.profile?.email).toBeUndefined();
  });

  it('find a person by e-mail address without regard to case', async () => {
    const { user } = await world.client.users.lookupByEmail({ email: 'ANA@Example.com' });
    expect(user?.id).toBe('U0ANA');
  });

  it('allow a direct message by channel id or user id', async () => {
    const { channel } = await world.client.conversations.open({ users: 'U0ANA' });
    expect(channel?.id).toBe('D0ANA');
    await world.client.chat.postMessage({ channel: 'D0ANA', text: 'one' });
    const { channel: where } = await world.client.chat.postMessage({ channel: 'U0ANA', text: 'two' });
    expect(where).toBe('D0ANA');
    expect(world.slack.snapshot().messages.map(({ channel: id }) => id)).toEqual(['D0ANA', 'D0ANA']);
    expect((await world.client.conversations.info({ channel: 'D0ANA' })).channel).toMatchObject({
      is_im: true,
      user: 'U0ANA',
    });
  });

  it('list the members of a channel in pages', async () => {
    const members: string[] = [];
    for await (const page of world.client.paginate('conversations.members', { channel: 'C0ALERTS', limit: 2 })) {
      members.push(...((page as { members?: string[] }).members ?? []));
    }
    expect(members).toEqual(['U0ANA', 'U0BEN', 'U0FAY', 'U0EVE', 'U0GLASS']);
    expect(await refusal(world.client.conversations.members({ channel: 'C0ALERTS', cursor: 'nonsense' }))).toBe(
      'invalid_cursor',
    );
  });

  it('return a whole thread', async () => {
    const { ts = '' } = await world.client.chat.postMessage(hello);
    await world.client.chat.postMessage({ ...hello, text: 'reply', thread_ts: ts });
    await world.client.chat.postMessage({ ...hello, text: 'elsewhere' });
    const { messages } = await world.client.conversations.replies({ channel: 'C0ALERTS', ts });
    expect(messages?.map(({ text }) => text)).toEqual(['hello', 'reply']);
  });
});

describe('a planned fault of the Slack API', () => {
  const post = () => refusal(world.client.chat.postMessage(hello));
  const plan = (...faults: Parameters<Map<string, never>['set']>[1][]) =>
    world.faults.set('slack:chat.postMessage', faults);

  it('answers once with an error without doing the work, and the call is counted', async () => {
    plan({ error: 'channel_not_found' } as never);
    expect(await post()).toBe('channel_not_found');
    expect(world.slack.snapshot().messages).toEqual([]);
    expect(await post()).toBe('accepted');
    expect(world.calls.get('slack:chat.postMessage')).toBe(2);
  });

  it('with "after" does the work and loses the answer', async () => {
    plan({ error: 'ConnectionReset', when: 'after' } as never);
    expect(await post()).not.toBe('accepted');
    expect(world.slack.snapshot().messages).toHaveLength(1);
  });

  it('with ratelimited names the time of the next try', async () => {
    plan({ error: 'ratelimited' } as never);
    await expect(world.client.chat.postMessage(hello)).rejects.toMatchObject({
      code: 'slack_webapi_rate_limited_error',
      retryAfter: 1,
    });
  });

  it('with internal_error answers with status 500', async () => {
    plan({ error: 'internal_error' } as never);
    await expect(world.client.chat.postMessage(hello)).rejects.toMatchObject({ statusCode: 500 });
  });

  it('with a delay waits in real time', async () => {
    plan({ delayMs: 40 } as never);
    const started = performance.now();
    expect(await post()).toBe('accepted');
    expect(performance.now() - started).toBeGreaterThan(35);
  });
});
