import { verifySlackRequest } from '@slack/bolt';
import { blockAlert, legacyAlert } from '../../../sandbox/slack/alerts.ts';
import { NotOnScreenError } from '../../../sandbox/slack/people/find.ts';
import { lastPayload, SIGNING_SECRET, start, type UnderTest } from './workspace-under-test.ts';

let world: UnderTest;
beforeEach(async () => {
  world = await start();
});
afterEach(() => world.close());

const ARN = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-12345';
const TARGET = { accountId: '123456789012', permissionSetArn: ARN };
const postLegacy = () => world.slack.postAlert(legacyAlert('C0ALERTS', TARGET));
const postBlocks = () => world.slack.postAlert(blockAlert('C0ALERTS', TARGET));
const respondTo = (url: string, body: unknown) => fetch(url, { method: 'POST', body: JSON.stringify(body) });

describe('a press on a legacy button', () => {
  it('reaches the app as Slack sends it, with the value of the pressed button', async () => {
    const { ts } = postLegacy();
    const outcome = await world.slack.pressButton({ user: 'U0ANA', channel: 'C0ALERTS', ts, name: 'break_glass' });
    expect(outcome).toEqual({ delivered: true, status: 200 });
    expect(lastPayload(world)).toMatchObject({
      type: 'interactive_message',
      actions: [{ name: 'break_glass', type: 'button', value: ARN }],
      callback_id: 'deployment_123456789012_abc',
      team: { id: 'T0HOME', domain: 'example' },
      channel: { id: 'C0ALERTS', name: 'alerts' },
      user: { id: 'U0ANA', name: 'ana', team_id: 'T0HOME' },
      message_ts: ts,
      attachment_id: '1',
      api_app_id: 'A0GLASS',
      original_message: {
        ts,
        username: 'Live Laugh Ship',
        attachments: [{ callback_id: 'deployment_123456789012_abc' }],
      },
      response_url: expect.stringContaining(`${world.url}/hooks/actions/T0HOME/`),
      trigger_id: expect.stringContaining('T0HOME'),
    });
  });

  it('has a signature that Slack’s own library accepts, and refuses for an altered body', async () => {
    const { ts } = postLegacy();
    await world.slack.pressButton({ user: 'U0ANA', channel: 'C0ALERTS', ts, name: 'retry' });
    const { body = '', headers = {} } = world.delivered[0] ?? {};
    const header = (name: string): string | undefined => headers[name];
    const verify = (text: string) =>
      verifySlackRequest({
        signingSecret: SIGNING_SECRET,
        body: text,
        headers: {
          'x-slack-signature': header('x-slack-signature') ?? '',
          'x-slack-request-timestamp': Number(header('x-slack-request-timestamp')),
        },
        nowMilliseconds: world.clock.ms,
      });
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(() => verify(body)).not.toThrow();
    expect(() => verify(`${body}x`)).toThrow();
  });

  it('distinguishes two buttons with the same name by their value', async () => {
    const alert = legacyAlert('C0ALERTS', TARGET);
    const [attachment] = alert.attachments;
    const other = { type: 'button', name: 'break_glass', text: 'Staging', value: 'arn:other' };
    const actions = [...((attachment?.actions ?? []) as object[]), other];
    const { ts } = world.slack.postAlert({ ...alert, attachments: [{ ...attachment, actions }] });
    await world.slack.pressButton({ user: 'U0ANA', channel: 'C0ALERTS', ts, name: 'break_glass', value: 'arn:other' });
    expect(lastPayload(world).actions[0].value).toBe('arn:other');
  });

  it('shows an ephemeral answer to the person only and leaves the alert unchanged', async () => {
    world.app = () => ({ json: { text: 'Granting', response_type: 'ephemeral', replace_original: false } });
    const { ts } = postLegacy();
    await world.slack.pressButton({ user: 'U0ANA', channel: 'C0ALERTS', ts, name: 'break_glass' });
    expect(world.slack.snapshot().ephemerals).toEqual([{ user: 'U0ANA', channel: 'C0ALERTS', text: 'Granting' }]);
    expect(world.slack.snapshot().messages[0]?.edits).toBe(0);
  });

  it('replaces the alert if the answer does not say to keep it, as in Slack', async () => {
    world.app = () => ({ json: { text: 'Granting' } });
    const { ts } = postLegacy();
    await world.slack.pressButton({ user: 'U0ANA', channel: 'C0ALERTS', ts, name: 'break_glass' });
    expect(world.slack.snapshot().messages[0]).toMatchObject({ ts, text: 'Granting', edits: 1 });
  });

  it('fails with the name of the missing message, button or user', async () => {
    const { ts } = postLegacy();
    const press = { user: 'U0ANA', channel: 'C0ALERTS', ts, name: 'break_glass' };
    await expect(world.slack.pressButton({ ...press, name: 'other' })).rejects.toThrow('no button other');
    await expect(world.slack.pressButton({ ...press, value: 'arn:forged' })).rejects.toThrow(NotOnScreenError);
    await expect(world.slack.pressButton({ ...press, ts: '1.2' })).rejects.toThrow('no message 1.2');
    await expect(world.slack.pressButton({ ...press, user: 'U0NONE' })).rejects.toThrow('no user U0NONE');
    expect(world.delivered).toEqual([]);
  });
});

describe('a press on a Block Kit button', () => {
  it('reaches the app with container, message and action, and with the team of a user from another company', async () => {
    const { ts } = postBlocks();
    await world.slack.pressButton({ user: 'U0EVE', channel: 'C0ALERTS', ts, actionId: 'break_glass' });
    expect(lastPayload(world)).toMatchObject({
      type: 'block_actions',
      user: { id: 'U0EVE', team_id: 'T0OTHER' },
      team: { id: 'T0HOME' },
      container: { type: 'message', message_ts: ts, channel_id: 'C0ALERTS', is_ephemeral: false },
      message: { ts, blocks: [{ type: 'header' }, { type: 'section' }, { type: 'actions' }] },
      actions: [
        { type: 'button', action_id: 'break_glass', block_id: 'alert.actions', value: expect.stringContaining(ARN) },
      ],
    });
  });

  it('ignores the text of the HTTP answer; only the response_url can show a text', async () => {
    world.app = () => ({ json: { text: 'Granting', response_type: 'ephemeral' } });
    const { ts } = postBlocks();
    await world.slack.pressButton({ user: 'U0ANA', channel: 'C0ALERTS', ts, actionId: 'break_glass' });
    expect(world.slack.snapshot().ephemerals).toEqual([]);
    expect((await respondTo(lastPayload(world).response_url, { text: 'Granting' })).status).toBe(200);
    expect(world.slack.snapshot().ephemerals).toEqual([{ user: 'U0ANA', channel: 'C0ALERTS', text: 'Granting' }]);
  });

  it('works in an ephemeral message, which is sent to the app without its content', async () => {
    const blocks = [
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'sure', text: { type: 'plain_text', text: 'Sure' } }],
      },
    ];
    const { message_ts: ts = '' } = await world.client.chat.postEphemeral({
      channel: 'C0ALERTS',
      user: 'U0ANA',
      text: 'Sure?',
      blocks,
    });
    const press = { channel: 'C0ALERTS', ts, actionId: 'sure' };
    await expect(world.slack.pressButton({ ...press, user: 'U0BEN' })).rejects.toThrow(NotOnScreenError);
    await world.slack.pressButton({ ...press, user: 'U0ANA' });
    expect(lastPayload(world)).toMatchObject({ container: { is_ephemeral: true, message_ts: ts } });
    expect(lastPayload(world).message).toBeUndefined();
    await respondTo(lastPayload(world).response_url, { replace_original: true, text: 'Done' });
    expect(world.slack.snapshot().ephemerals).toEqual([{ user: 'U0ANA', channel: 'C0ALERTS', text: 'Done' }]);
    await respondTo(lastPayload(world).response_url, { delete_original: true });
    expect(world.slack.snapshot().ephemerals).toEqual([]);
  });
});

describe('a response_url', () => {
  const pressed = async () => {
    const { ts } = postBlocks();
    await world.slack.pressButton({ user: 'U0ANA', channel: 'C0ALERTS', ts, actionId: 'break_glass' });
    return { ts, url: String(lastPayload(world).response_url) };
  };

  it('can be used five times and not a sixth', async () => {
    const { url } = await pressed();
    const statuses: number[] = [];
    for (let use = 0; use < 6; use += 1) statuses.push((await respondTo(url, { text: `use ${use}` })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    expect(world.slack.snapshot().ephemerals).toHaveLength(5);
  });

  it('works for thirty minutes and not a millisecond longer', async () => {
    const { url } = await pressed();
    world.clock.ms += 30 * 60 * 1000;
    expect((await respondTo(url, { text: 'in time' })).status).toBe(200);
    world.clock.ms += 1;
    const late = await respondTo(url, { text: 'late' });
    expect([late.status, await late.json()]).toEqual([404, { ok: false, error: 'expired_url' }]);
  });

  it('can replace or delete the message, or post to the channel', async () => {
    const { ts, url } = await pressed();
    await respondTo(url, { replace_original: true, text: 'Handled', blocks: [] });
    expect(world.slack.snapshot().messages).toMatchObject([{ ts, text: 'Handled', edits: 1 }]);
    await respondTo(url, { response_type: 'in_channel', text: 'All clear' });
    expect(world.slack.snapshot().messages.map(({ text }) => text)).toEqual(['Handled', 'All clear']);
    await respondTo(url, { delete_original: true });
    expect(world.slack.snapshot().messages.map(({ text }) => text)).toEqual(['All clear']);
  });

  it('refuses malformed messages, and unknown URLs', async () => {
    const { url } = await pressed();
    const refused = await respondTo(url, { text: '', blocks: [{ type: 'nonsense' }] });
    expect([refused.status, await refused.text()]).toEqual([400, 'invalid_blocks']);
    expect((await respondTo(`${world.url}/hooks/actions/T0HOME/000000`, { text: 'x' })).status).toBe(404);
    expect((await fetch(url, { method: 'POST', body: '{' })).status).toBe(400);
  });
});

describe('an app that fails', () => {
  const press = async () => {
    const { ts } = postLegacy();
    return world.slack.pressButton({ user: 'U0ANA', channel: 'C0ALERTS', ts, name: 'retry' });
  };

  it.each([
    ['answers 500', () => ({ status: 500 }), 500],
    ['answers 401', () => ({ status: 401 }), 401],
    ['dies', () => Promise.reject(new Error('socket hang up')), 0],
  ])('is recorded as failed when it %s', async (_, app, status) => {
    world.app = app;
    expect(await press()).toMatchObject({ delivered: false, status, problem: expect.any(String) });
    expect(world.slack.failures()).toMatchObject([
      { user: 'U0ANA', doing: 'press Retry', status, at: '2026-01-05T09:00:00.000Z' },
    ]);
  });

  it('is recorded as failed when it takes longer than three seconds, and its answer is not shown', async () => {
    world.app = () => {
      world.clock.ms += 3001;
      return { json: { text: 'too late', replace_original: false, response_type: 'ephemeral' } };
    };
    expect(await press()).toMatchObject({ delivered: false, problem: expect.stringContaining('operation_timeout') });
    expect(world.slack.snapshot().ephemerals).toEqual([]);
  });

  it('has three seconds of real time also when the clock runs 60 times as fast', async () => {
    await world.close();
    world = await start({ speed: 60 });
    world.app = () => {
      world.clock.ms += 179_000;
      return {};
    };
    expect(await press()).toMatchObject({ delivered: true });
  });

  it('is recorded as failed when its answer is a malformed message', async () => {
    world.app = () => ({
      json: { text: 'x', replace_original: false, attachments: [{ actions: [{ type: 'button' }] }] },
    });
    expect(await press()).toMatchObject({ delivered: true, problem: expect.stringContaining('invalid_attachments') });
  });
});

describe('a slash command', () => {
  const run = () => world.slack.runCommand({ user: 'U0BEN', command: '/access', text: 'prod 1h', channel: 'C0ALERTS' });

  it('reaches the app as form fields, and the answer is visible to the person only', async () => {
    world.app = () => ({ text: 'Opening the form' });
    await run();
    expect(world.delivered[0]?.route).toBe('commands');
    expect(Object.fromEntries(new URLSearchParams(world.delivered[0]?.body))).toMatchObject({
      command: '/access',
      text: 'prod 1h',
      user_id: 'U0BEN',
      team_id: 'T0HOME',
      channel_id: 'C0ALERTS',
      api_app_id: 'A0GLASS',
      response_url: expect.stringContaining('/hooks/commands/'),
    });
    expect(world.slack.snapshot().ephemerals).toEqual([
      { user: 'U0BEN', channel: 'C0ALERTS', text: 'Opening the form' },
    ]);
  });

  it('can be answered with a message for the channel, or with nothing', async () => {
    world.app = () => ({ json: { response_type: 'in_channel', text: 'Ben asks' } });
    await run();
    expect(world.slack.snapshot()).toMatchObject({ messages: [{ text: 'Ben asks' }], ephemerals: [] });
    world.app = () => ({});
    expect(await run()).toEqual({ delivered: true, status: 200 });
    expect(world.slack.snapshot().messages).toHaveLength(1);
  });
});

describe('the emulated Slack', () => {
  it('sends a shortcut with its callback id', async () => {
    await world.slack.useShortcut({ user: 'U0ANA', callbackId: 'request.new' });
    expect(lastPayload(world)).toMatchObject({ type: 'shortcut', callback_id: 'request.new', user: { id: 'U0ANA' } });
  });

  it('sends app_home_opened, and shows the view that the app publishes', async () => {
    world.app = async () => {
      const view = {
        type: 'home' as const,
        blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Nothing is open' } }],
      };
      await world.client.views.publish({ user_id: 'U0ANA', view });
      return {};
    };
    expect(await world.slack.openAppHome({ user: 'U0ANA' })).toEqual({ delivered: true, status: 200 });
    expect(world.delivered[0]).toMatchObject({ route: 'events', headers: { 'content-type': 'application/json' } });
    expect(lastPayload(world)).toMatchObject({
      type: 'event_callback',
      event: { type: 'app_home_opened', user: 'U0ANA', tab: 'home' },
    });
    expect(world.slack.snapshot().views).toMatchObject([{ user: 'U0ANA', type: 'home', view: { team_id: 'T0HOME' } }]);
  });

  it('sends an event again if the app fails, with the retry headers', async () => {
    world.app = (call) => ({ status: call.headers['x-slack-retry-num'] === '1' ? 200 : 500 });
    expect(await world.slack.openAppHome({ user: 'U0ANA' })).toMatchObject({ delivered: true });
    expect(world.delivered).toHaveLength(2);
    expect(world.delivered[1]?.headers['x-slack-retry-reason']).toBe('http_error');
    expect(world.delivered[1]?.body).toBe(world.delivered[0]?.body);
  });
});

describe('the workspace', () => {
  it('is empty after a reset', async () => {
    postLegacy();
    world.slack.reset();
    expect(world.slack.snapshot()).toMatchObject({ messages: [], ephemerals: [], views: [] });
  });

  it('gives the page names and icons of authors, and notes about users', () => {
    postLegacy();
    world.slack.say({ user: 'U0BEN', channel: 'C0ALERTS', text: 'looking' });
    const { screen } = world.slack.snapshot();
    expect(screen.messages.map(({ author }) => author)).toMatchObject([
      { name: 'Live Laugh Ship', icon: ':sparkles:', app: true },
      { name: 'Ben Bauer', app: false },
    ]);
    expect(screen.users.find(({ id }) => id === 'U0EVE')?.notes).toEqual(['other company']);
    expect(screen.channels.map(({ id }) => id)).toEqual(['C0ALERTS', 'C0OTHERS']);
  });
});
