import fc from 'fast-check';
import { MAX_BODY_BYTES, parseSlackCall } from '../../../slack/payload/payload.ts';
import type { SlackRoute } from '../../../slack/routes.ts';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

function interact(payload: unknown, route: SlackRoute = 'interactivity') {
  return parseSlackCall(route, FORM, Buffer.from(new URLSearchParams({ payload: JSON.stringify(payload) }).toString()));
}

function event(body: unknown) {
  return parseSlackCall('events', `${JSON_TYPE}; charset=utf-8`, Buffer.from(JSON.stringify(body)));
}

function command(fields: Record<string, string>) {
  return parseSlackCall('commands', FORM, Buffer.from(new URLSearchParams(fields).toString()));
}

const PERSON = {
  team: { id: 'T0HOME', domain: 'home' },
  user: { id: 'U0ANA', name: 'ana', team_id: 'T0HOME' },
  api_app_id: 'A0GLASS',
  enterprise: null,
  response_url: 'https://hooks.slack.com/actions/1',
  trigger_id: '1.2.abc',
};

const LEGACY = {
  ...PERSON,
  type: 'interactive_message',
  actions: [{ name: 'break_glass', type: 'button', value: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-12345' }],
  callback_id: 'deployment_123456789012_abc',
  channel: { id: 'C0ALERTS', name: 'alerts' },
  action_ts: '1767603605.000200',
  message_ts: '1767603600.000100',
  attachment_id: '1',
  token: 'legacy',
  is_app_unfurl: false,
  original_message: {
    text: 'Deployment ABC',
    ts: '1767603600.000100',
    attachments: [{ actions: [{ name: 'other' }] }],
  },
};

const BLOCK = {
  ...PERSON,
  type: 'block_actions',
  actions: [
    { type: 'button', action_id: 'request.done', block_id: 'b1', value: 'req-1', action_ts: '1767603605.000200' },
  ],
  channel: { id: 'C0ALERTS' },
  container: {
    type: 'message',
    message_ts: '1767603610.000100',
    channel_id: 'C0ALERTS',
    thread_ts: '1767603600.000100',
    is_ephemeral: false,
  },
  message: { ts: '1767603610.000100', thread_ts: '1767603600.000100', blocks: [] },
  state: { values: {} },
};

const VIEW = {
  id: 'V1',
  callback_id: 'request.new',
  hash: 'h1',
  private_metadata: '{"origin":"command"}',
  state: {
    values: {
      account: { account: { type: 'external_select', selected_option: { text: {}, value: '123456789012' } } },
      duration: { duration: { type: 'static_select', selected_option: { value: '3600' } } },
      reason: { reason: { type: 'plain_text_input', value: 'Checkout is down' } },
      ticket: { ticket: { type: 'plain_text_input', value: null } },
      'permission-set': { 'permission-set': { type: 'external_select', selected_option: null } },
    },
  },
};

const ANA = { slackId: 'U0ANA', teamId: 'T0HOME', userTeamId: 'T0HOME' };

test('the payload of a legacy button gives the pressed button, not the ones beside it', () => {
  expect(interact(LEGACY)).toMatchObject({
    kind: 'legacy-action',
    caller: ANA,
    appId: 'A0GLASS',
    responseUrl: 'https://hooks.slack.com/actions/1',
    triggerId: '1.2.abc',
    callbackId: 'deployment_123456789012_abc',
    action: { name: 'break_glass', value: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-12345' },
    channel: 'C0ALERTS',
    message: { channel: 'C0ALERTS', ts: '1767603600.000100' },
    actionTs: '1767603605.000200',
    attachmentId: '1',
  });
});

test('the answer to a button in a reply goes into the same thread', () => {
  const inThread = { ...LEGACY, original_message: { ts: LEGACY.message_ts, thread_ts: '1767603500.000100' } };
  expect(interact(inThread)).toMatchObject({ message: { ts: LEGACY.message_ts, threadTs: '1767603500.000100' } });
  expect(interact(BLOCK)).toMatchObject({ message: { ts: '1767603610.000100', threadTs: '1767603600.000100' } });
});

test('the first message of a thread is not taken for a reply to itself', () => {
  const parent = { ...LEGACY, original_message: { ts: LEGACY.message_ts, thread_ts: LEGACY.message_ts } };
  expect(interact(parent)).toMatchObject({ message: { channel: 'C0ALERTS', ts: LEGACY.message_ts } });
  expect(JSON.stringify(interact(parent))).not.toContain('threadTs');
});

test('the payload of a Block Kit button gives its action, value and message', () => {
  expect(interact(BLOCK)).toMatchObject({
    kind: 'block-action',
    caller: ANA,
    action: { actionId: 'request.done', blockId: 'b1', value: 'req-1' },
    channel: 'C0ALERTS',
    actionTs: '1767603605.000200',
  });
});

test('the choice in a menu is read as its value, and an action in the App Home gives the view', () => {
  const chosen = {
    ...PERSON,
    type: 'block_actions',
    actions: [{ type: 'static_select', action_id: 'x', selected_option: { value: 'chosen' } }],
    container: { type: 'view', view_id: 'V1' },
    view: { ...VIEW, type: 'home' },
  };
  expect(interact(chosen)).toMatchObject({ kind: 'block-action', action: { value: 'chosen' }, view: { id: 'V1' } });
});

test('a submitted form gives the filled-in fields, and leaves out empty ones', () => {
  expect(interact({ ...PERSON, type: 'view_submission', view: VIEW })).toMatchObject({
    kind: 'view-submission',
    view: {
      id: 'V1',
      callbackId: 'request.new',
      hash: 'h1',
      privateMetadata: '{"origin":"command"}',
      values: { account: '123456789012', duration: '3600', reason: 'Checkout is down' },
    },
  });
});

test('dates and times are read from the fields in which Slack sends them', () => {
  const values = {
    a: { day: { type: 'datepicker', selected_date: '2026-01-05' } },
    b: { hour: { type: 'timepicker', selected_time: '09:00' } },
    c: { at: { type: 'datetimepicker', selected_date_time: 1767603600 } },
  };
  const call = interact({ ...PERSON, type: 'view_submission', view: { ...VIEW, state: { values } } });
  expect(call).toMatchObject({ view: { values: { day: '2026-01-05', hour: '09:00', at: '1767603600' } } });
});

test('a request for menu options gives the typed text and what is already chosen', () => {
  const payload = {
    ...PERSON,
    type: 'block_suggestion',
    action_id: 'account',
    block_id: 'account',
    value: 'prod',
    view: VIEW,
  };
  const expected = {
    kind: 'block-suggestion',
    actionId: 'account',
    query: 'prod',
    view: { values: { account: '123456789012' } },
  };
  expect(interact(payload, 'options')).toMatchObject(expected);
  expect(interact(payload)).toMatchObject(expected);
});

test('shortcuts, closed forms and message shortcuts are recognized', () => {
  expect(interact({ ...PERSON, type: 'shortcut', callback_id: 'request.shortcut' })).toMatchObject({
    kind: 'shortcut',
  });
  expect(interact({ ...PERSON, type: 'view_closed', view: VIEW })).toMatchObject({ kind: 'view-closed' });
  const menu = { ...PERSON, type: 'message_action', callback_id: 'x', channel: { id: 'C1' }, message: { ts: '1.2' } };
  expect(interact(menu)).toMatchObject({ kind: 'shortcut', message: { channel: 'C1', ts: '1.2' } });
});

test('a slash command gives the caller, the channel and the text', () => {
  const fields = {
    command: '/access',
    text: 'prod',
    user_id: 'U0ANA',
    team_id: 'T0HOME',
    channel_id: 'C0ALERTS',
    response_url: 'https://hooks.slack.com/commands/1',
    trigger_id: '1.2.c',
    api_app_id: 'A0GLASS',
  };
  expect(command(fields)).toEqual({
    kind: 'slash-command',
    caller: { slackId: 'U0ANA', teamId: 'T0HOME' },
    command: '/access',
    text: 'prod',
    appId: 'A0GLASS',
    channel: 'C0ALERTS',
    responseUrl: 'https://hooks.slack.com/commands/1',
    triggerId: '1.2.c',
  });
});

test('Slack’s certificate check is not read as a command', () => {
  expect(command({ ssl_check: '1', token: 'x' })).toEqual({ kind: 'ssl-check' });
});

test('the events URL answers the verification challenge, recognizes app_home_opened, and ignores other events', () => {
  expect(event({ type: 'url_verification', challenge: 'abc', token: 'x' })).toEqual({
    kind: 'url-verification',
    challenge: 'abc',
  });
  const opened = {
    type: 'event_callback',
    team_id: 'T0HOME',
    api_app_id: 'A0GLASS',
    event: { type: 'app_home_opened', user: 'U0ANA', tab: 'home' },
  };
  expect(event(opened)).toEqual({
    kind: 'app-home-opened',
    caller: { slackId: 'U0ANA', teamId: 'T0HOME' },
    appId: 'A0GLASS',
    tab: 'home',
  });
  expect(event({ type: 'event_callback', team_id: 'T0HOME', event: { type: 'message' } })).toEqual({
    kind: 'ignored-event',
    eventType: 'message',
  });
  expect(event({ type: 'app_rate_limited' })).toMatchObject({ kind: 'ignored-event' });
});

test('with an organization-wide installation, the organization stands for the missing workspace', () => {
  const grid = { ...LEGACY, team: null, enterprise: { id: 'E0ORG', name: 'org' } };
  expect(interact(grid)).toMatchObject({ caller: { teamId: 'E0ORG', userTeamId: 'T0HOME' } });
  expect(interact({ ...LEGACY, team: undefined })).toMatchObject({ caller: { teamId: '' } });
});

test('fields that are missing, null or empty in the payload are left out', () => {
  const bare = {
    type: 'interactive_message',
    user: { id: 'U0ANA' },
    callback_id: 'x',
    actions: [{ name: 'retry' }],
    response_url: '',
    channel: null,
  };
  expect(interact(bare)).toEqual({
    kind: 'legacy-action',
    caller: { slackId: 'U0ANA', teamId: '' },
    callbackId: 'x',
    action: { name: 'retry', value: '' },
  });
});

test.each<[string, unknown]>([
  ['a number', 5],
  ['null', null],
  ['a list', []],
  ['no type', {}],
  ['an unknown type', { ...LEGACY, type: 'dialog_submission' }],
  ['a type that is a property of every object', { ...LEGACY, type: 'constructor' }],
  ['no user', { ...LEGACY, user: undefined }],
  ['a user without id', { ...LEGACY, user: { name: 'ana' } }],
  ['a malformed user id', { ...LEGACY, user: { id: 'U0ANA#access' } }],
  ['no action', { ...LEGACY, actions: [] }],
  ['two actions', { ...LEGACY, actions: [LEGACY.actions[0], LEGACY.actions[0]] }],
  ['an action without name', { ...LEGACY, actions: [{ value: 'x' }] }],
  ['a button value that is no text', { ...LEGACY, actions: [{ name: 'break_glass', value: { admin: true } }] }],
  ['a malformed timestamp', { ...LEGACY, message_ts: '../../x' }],
  ['no callback id', { ...LEGACY, callback_id: undefined }],
  ['a block action without id', { ...BLOCK, actions: [{ value: 'x' }] }],
  ['a submission without view', { ...PERSON, type: 'view_submission' }],
  [
    'a filled-in value that is no text',
    { ...PERSON, type: 'view_submission', view: { state: { values: { a: { b: { value: 5 } } } } } },
  ],
])('a payload with %s is answered with status 400 and a sentence', (_what, payload) => {
  const call = interact(payload);
  expect(call).toMatchObject({ kind: 'bad', status: 400, sentence: expect.stringMatching(/^[A-Z].*\.$/) });
});

test('the options URL accepts only requests for menu options', () => {
  expect(interact(LEGACY, 'options')).toMatchObject({ kind: 'bad', status: 400 });
});

test.each<[string, unknown]>([
  ['an unknown type', { type: 'surprise' }],
  ['no challenge', { type: 'url_verification' }],
  ['an endless challenge', { type: 'url_verification', challenge: 'x'.repeat(2001) }],
  ['no event', { type: 'event_callback' }],
  ['an app_home_opened without a user', { type: 'event_callback', event: { type: 'app_home_opened' } }],
])('an event with %s is refused', (_what, body) => {
  expect(event(body)).toMatchObject({ kind: 'bad', status: 400 });
});

test.each<[string, SlackRoute, string | undefined, string | Buffer, number]>([
  ['one byte too long', 'events', JSON_TYPE, Buffer.alloc(MAX_BODY_BYTES + 1), 413],
  ['too long and of a wrong type', 'interactivity', 'text/plain', Buffer.alloc(MAX_BODY_BYTES + 1), 413],
  ['JSON on the form address', 'interactivity', JSON_TYPE, JSON.stringify(LEGACY), 415],
  ['a form on the JSON address', 'events', FORM, 'payload=%7B%7D', 415],
  ['no content type', 'commands', undefined, 'command=/access', 415],
  ['a content type that only begins like JSON', 'events', 'application/jsonp', '{}', 415],
  ['malformed JSON', 'events', JSON_TYPE, '{"type":', 400],
  ['malformed JSON in the form', 'interactivity', FORM, 'payload=%7B', 400],
  ['an empty body', 'interactivity', FORM, '', 400],
  ['a form without payload', 'interactivity', FORM, 'x=1', 400],
  ['two payloads', 'interactivity', FORM, 'payload=%7B%7D&payload=%7B%7D', 400],
  ['a broken escape', 'interactivity', FORM, 'payload=%7B%ZZ%7D', 400],
  ['bytes that are not UTF-8', 'interactivity', FORM, Buffer.from([0x70, 0xff, 0xfe]), 400],
  ['a command without name', 'commands', FORM, 'user_id=U0ANA', 400],
  ['two commands', 'commands', FORM, 'command=/access&command=/x&user_id=U0ANA', 400],
  ['a command without a user', 'commands', FORM, 'command=/access&user_id=', 400],
])('a call with %s is refused before its payload is read', (_what, route, contentType, body, status) => {
  const call = parseSlackCall(route, contentType, Buffer.from(body as string));
  expect(call).toMatchObject({ kind: 'bad', status, sentence: expect.stringMatching(/^[A-Z].*\.$/) });
});

test('a body of exactly the permitted length is read', () => {
  const body = JSON.stringify({ type: 'url_verification', challenge: 'abc', filler: '' });
  const filled = body.replace('""', `"${'x'.repeat(MAX_BODY_BYTES - body.length)}"`);
  expect(parseSlackCall('events', JSON_TYPE, Buffer.from(filled))).toMatchObject({ kind: 'url-verification' });
});

test('non-ASCII text arrives unchanged', () => {
  expect(command({ command: '/access', user_id: 'U1', text: 'Žofie 🔨' })).toMatchObject({ text: 'Žofie 🔨' });
});

test('unknown fields, which Slack may add, change nothing', () => {
  const tomorrow = { ...LEGACY, brand_new: { nested: [1] }, user: { ...LEGACY.user, mood: 'good' } };
  expect(interact(tomorrow)).toEqual(interact(LEGACY));
});

test('random bodies are parsed to a value and never throw', () => {
  const routes = fc.constantFrom<SlackRoute>('interactivity', 'commands', 'options', 'events');
  const types = fc.constantFrom(
    'interactive_message',
    'block_actions',
    'view_submission',
    'block_suggestion',
    'shortcut',
    'event_callback',
  );
  fc.assert(
    fc.property(routes, fc.jsonValue(), types, (route, value, type) => {
      const body = JSON.stringify(value !== null && typeof value === 'object' ? { ...value, type } : value);
      const text = route === 'events' ? body : new URLSearchParams({ payload: body }).toString();
      const call = parseSlackCall(route, route === 'events' ? JSON_TYPE : FORM, Buffer.from(text));
      expect(typeof call.kind).toBe('string');
    }),
  );
  fc.assert(
    fc.property(routes, fc.uint8Array({ maxLength: 200 }), (route, bytes) => {
      const call = parseSlackCall(route, route === 'events' ? JSON_TYPE : FORM, Buffer.from(bytes));
      expect(['bad', 'ssl-check']).toContain(call.kind);
    }),
  );
});

test('JSON nested 20,000 deep is refused and does not throw', () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  expect(parseSlackCall('events', JSON_TYPE, Buffer.from(deep))).toMatchObject({ kind: 'bad', status: 400 });
});
