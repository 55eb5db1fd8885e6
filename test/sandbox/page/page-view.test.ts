import type { JSX } from 'preact';
import type { Action } from '../../../sandbox/page/app/action.ts';
import type { PageRequest, SandboxState } from '../../../sandbox/page/app/sandbox-state.ts';
import { FIRST_UI, type Ui, update } from '../../../sandbox/page/app/ui.ts';
import { pageView } from '../../../sandbox/page/app/views/page-view.ts';
import { blockAlert, legacyAlert } from '../../../sandbox/slack/alerts.ts';
import { start, type UnderTest } from '../slack/workspace-under-test.ts';
import { actionOn, byTestId, elementsIn, textIn } from './tree.ts';

let world: UnderTest;
beforeAll(async () => {
  world = await start();
});
afterAll(() => world.close());
beforeEach(() => {
  world.slack.reset();
  world.app = () => ({});
});

const ARN = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-12345';
const TARGET = { accountId: '123456789012', permissionSetArn: ARN };

const REQUEST: PageRequest = {
  id: 'req-1',
  state: 'active',
  requester: { slackId: 'U0ANA', principalId: 'user-ana', userName: 'ana@example.com', displayName: 'Ana Alvarez' },
  target: TARGET,
  reason: 'Orders are stuck',
  startsAt: '2026-01-05T08:42:00Z',
  endsAt: '2026-01-05T09:42:00Z',
  events: [
    { type: 'requested', at: '2026-01-05T08:42:00Z', by: 'user-ana', state: 'requested' },
    { type: 'granted', at: '2026-01-05T08:42:05Z', by: 'glasshammer', state: 'active', note: 'by hand' },
  ],
};

function state(change: Partial<SandboxState> = {}): SandboxState {
  return {
    now: '2026-01-05T09:00:00Z',
    speed: 60,
    requests: [],
    assignments: [],
    memberships: [],
    emails: [],
    executions: [],
    alarms: [],
    directory: {
      users: [{ id: 'user-ana', userName: 'ana@example.com', displayName: 'Ana Alvarez' }],
      groups: [{ id: 'group-sre', displayName: 'SRE' }],
      accounts: [{ id: '123456789012', name: 'Production' }],
      permissionSets: [{ arn: ARN, name: 'BreakGlassAdmin' }],
    },
    slack: { screen: world.slack.snapshot().screen },
    ...change,
  };
}

const show = (change?: Partial<SandboxState>, ui: Partial<Ui> = {}) =>
  pageView(state(change), { ...FIRST_UI, ...ui }, true);
const words = (page: JSX.Element, id: string) => byTestId(page, id).map(textIn);

describe('Slack on the page', () => {
  it('shows the alert with its buttons, and a confirmation for the dangerous one', () => {
    world.slack.postAlert(legacyAlert('C0ALERTS', TARGET));
    const page = show();
    expect(words(page, 'message')[0]).toContain('Deployment ABC is being rolled back.');
    expect(actionOn(byTestId(page, 'button-retry')[0], 'onClick')).toMatchObject({
      do: 'call',
      call: { body: { name: 'retry', user: 'U0ANA' } },
    });
    expect(actionOn(byTestId(page, 'button-break_glass')[0], 'onClick')).toMatchObject({
      do: 'confirm',
      confirm: { title: 'Are you sure?', ok: 'Yes', cancel: 'No', danger: true },
      call: { path: '/sandbox/slack/press', body: { name: 'break_glass', value: ARN, attachmentIndex: 0 } },
    });
  });

  it('shows the Block Kit alert, its link as a link and mentions by name', () => {
    world.slack.postAlert(blockAlert('C0ALERTS', TARGET));
    const page = show();
    expect(words(page, 'message')[0]).toContain('On-call: @Ana Alvarez');
    expect(byTestId(page, 'button-runbook')[0]).toMatchObject({
      tag: 'a',
      attributes: { href: 'https://runbooks.example.com/checkout' },
    });
    expect(actionOn(byTestId(page, 'button-break_glass')[0], 'onClick')).toMatchObject({
      do: 'confirm',
      confirm: { ok: 'Break glass' },
    });
  });

  it('shows replies in their thread, and an ephemeral message only to its person', async () => {
    const { ts } = world.slack.postAlert(legacyAlert('C0ALERTS', TARGET));
    await world.client.chat.postMessage({ channel: 'C0ALERTS', thread_ts: ts, text: 'granted' });
    await world.client.chat.postEphemeral({ channel: 'C0ALERTS', user: 'U0BEN', text: 'not for you, Ana' });
    const threads = elementsIn(show()).filter(({ attributes }) => attributes.class === 'replies');
    expect(threads.map(textIn).join()).toContain('granted');
    expect(words(show(), 'ephemeral')).toEqual([]);
    expect(words(show({}, { viewer: 'U0BEN' }), 'ephemeral')[0]).toContain('not for you, Ana');
  });

  it('shows direct messages only to their person', async () => {
    await world.client.chat.postMessage({ channel: 'U0BEN', text: 'for Ben' });
    expect(byTestId(show(), 'channel-D0BEN')).toEqual([]);
    const page = show({}, { viewer: 'U0BEN', place: 'D0BEN' });
    expect(words(page, 'message')[0]).toContain('for Ben');
  });

  it('marks edited messages', async () => {
    const { ts = '' } = await world.client.chat.postMessage({ channel: 'C0ALERTS', text: 'pending' });
    await world.client.chat.update({ channel: 'C0ALERTS', ts, text: 'granted' });
    expect(words(show(), 'message')[0]).toContain('(edited)');
  });

  it('ignores an attachment color that is no color, so that it cannot inject CSS', () => {
    const alert = legacyAlert('C0ALERTS', TARGET);
    const color = 'red; background: url(//evil)';
    world.slack.postAlert({ ...alert, attachments: alert.attachments.map((attachment) => ({ ...attachment, color })) });
    expect(elementsIn(show()).filter(({ attributes }) => JSON.stringify(attributes).includes('evil'))).toEqual([]);
  });
});

describe('a form on the page', () => {
  const plain = (text: string) => ({ type: 'plain_text' as const, text });

  const open = async () => {
    world.app = async ({ route, body }) => {
      if (route !== 'commands') return {};
      await world.client.views.open({
        trigger_id: new URLSearchParams(body).get('trigger_id') ?? '',
        view: {
          type: 'modal',
          title: plain('Request access'),
          submit: plain('Ask'),
          blocks: [
            {
              type: 'input',
              block_id: 'reason',
              label: plain('Reason'),
              hint: plain('Everybody sees it'),
              element: { type: 'plain_text_input', action_id: 'reason', initial_value: 'because' },
            },
            {
              type: 'input',
              block_id: 'account',
              label: plain('Account'),
              element: { type: 'external_select', action_id: 'account', min_query_length: 0 },
            },
            {
              type: 'input',
              block_id: 'day',
              label: plain('Day'),
              optional: true,
              element: { type: 'datepicker', action_id: 'day' },
            },
            {
              type: 'input',
              block_id: 'kind',
              label: plain('Kind'),
              element: { type: 'radio_buttons', action_id: 'kind', options: [{ text: plain('Fast'), value: 'fast' }] },
            },
            {
              type: 'actions',
              block_id: 'more',
              elements: [{ type: 'button', action_id: 'more', text: plain('More'), value: 'x' }],
            },
          ],
        },
      });
      return {};
    };
    await world.slack.runCommand({ user: 'U0ANA', command: '/access', text: '', channel: 'C0ALERTS' });
  };

  it('opens only for the person who asked, with labelled fields and their initial values', async () => {
    await open();
    expect(byTestId(show({}, { viewer: 'U0BEN' }), 'modal')).toEqual([]);
    const page = show();
    const field = byTestId(page, 'field-reason')[0];
    expect(field).toMatchObject({ tag: 'input', attributes: { defaultValue: 'because', 'aria-required': 'true' } });
    const labels = elementsIn(page).filter(
      ({ tag, attributes }) => tag === 'label' && attributes.for === field?.attributes.id,
    );
    expect(labels.map(textIn)).toEqual(['Reason']);
    expect(byTestId(page, 'field-day')[0]?.attributes.type).toBe('date');
    expect(byTestId(page, 'field-kind-fast')[0]?.attributes.type).toBe('radio');
    expect(actionOn(byTestId(page, 'modal')[0], 'onSubmit')).toMatchObject({ do: 'submit-form' });
    expect(actionOn(byTestId(page, 'button-more')[0], 'onClick')).toMatchObject({
      do: 'press-in-form',
      actionId: 'more',
      buttonValue: 'x',
    });
  });

  it('shows the options of a menu and the error of a field', async () => {
    await open();
    const [view] = world.slack.snapshot().screen.views;
    const options = { [`${view?.id}/account`]: [{ text: plain('Production'), value: '123456789012' }] };
    const errors = { viewId: view?.id ?? '', byBlock: { reason: 'Too short.' } };
    const page = show({}, { options, errors });
    expect(words(page, 'field-account')[0]).toContain('Production');
    expect(words(page, 'error-reason')).toEqual(['Too short.']);
  });
});

describe('the panels beside Slack', () => {
  it('show the assignments with the time they have left, and permanent ones as such', () => {
    const standing = {
      principalType: 'GROUP',
      principalId: 'group-sre',
      accountId: '123456789012',
      permissionSetArn: ARN,
    };
    const assignments = [{ principalType: 'USER', principalId: 'user-ana', ...TARGET }, standing];
    const rows = words(show({ requests: [REQUEST], assignments }), 'portal-row');
    expect(rows[0]).toContain('Ana AlvarezBreakGlassAdminends in 42 min');
    expect(rows[1]).toContain('permanent');
    const late = words(show({ requests: [{ ...REQUEST, state: 'ending' }], assignments }), 'portal-row');
    expect(late[0]).toContain('being removed');
  });

  it('show a membership with its remaining time', () => {
    const request = { ...REQUEST, target: { groupId: 'group-sre' } };
    const page = show({ requests: [request], memberships: [{ groupId: 'group-sre', principalId: 'user-ana' }] });
    expect(words(page, 'membership-row')[0]).toBe('SREAna Alvarez ⏳');
  });

  it('use access with records as CloudTrail writes them, so that the report has calls', () => {
    const page = show({ assignments: [{ principalType: 'USER', principalId: 'user-ana', ...TARGET }] });
    const action = actionOn(byTestId(page, 'use-it')[0], 'onClick') as {
      call: { path: string; body: Record<string, unknown>[] };
    };
    expect(action.call.path).toBe('/sandbox/activity');
    expect(action.call.body).toHaveLength(3);
    for (const record of action.call.body) {
      expect(record).toMatchObject({
        recipientAccountId: '123456789012',
        userIdentity: {
          arn: expect.stringMatching(/assumed-role\/AWSReservedSSO_BreakGlassAdmin_[0-9a-f]{16}\/ana@example\.com$/),
          onBehalfOf: { userId: 'user-ana' },
        },
      });
      // Not before the person could have signed in: the report leaves out earlier records.
      expect(Date.parse(String(record.eventTime))).toBeGreaterThanOrEqual(Date.parse('2026-01-05T09:00:00Z'));
    }
  });

  it('keep fetched credentials after the assignment is gone, and show why they are refused', () => {
    const credentials = {
      accessKeyId: 'ASIA1',
      issuedAt: '2026-01-05T09:00:00.000Z',
      expiration: '2026-01-05T10:00:00.000Z',
    };
    const sessions = [{ principalId: 'user-ana', ...TARGET, credentials }];
    const page = show({ sessions });
    expect(words(page, 'session-row')[0]).toContain('since 09:00:00, until 10:00:00');
    const action = actionOn(byTestId(page, 'use-session')[0], 'onClick') as Extract<Action, { do: 'call' }>;
    expect(action.call).toMatchObject({ path: '/sandbox/portal/use', body: { credentials: { accessKeyId: 'ASIA1' } } });
    const json = { credentials, allowed: false, why: 'with an explicit deny in a permissions boundary' };
    const { ui } = update(FIRST_UI, { do: 'answered', call: action.call, status: 200, json });
    expect(ui.toast).toMatchObject({ bad: true });
    expect(words(show({ sessions }, ui), 'session-outcome')[0]).toContain('Refused: with an explicit deny');
  });

  it('show the events of a request in order, with its workflow execution', () => {
    const page = show({
      requests: [REQUEST],
      executions: [{ name: 'req-1', status: 'RUNNING', state: 'Hold access' }],
    });
    expect(words(page, 'request-state')).toEqual(['active']);
    expect(words(page, 'request-event')).toEqual(['09:42requestedAna Alvarez', '09:42grantedby hand']);
    expect(words(page, 'execution-status')).toEqual(['RUNNING']);
    expect(textIn(page)).toContain('Hold access');
  });

  it('show a mail in a frame without scripts and forms', () => {
    const email = {
      from: 'g@example.com',
      to: ['s@example.com'],
      subject: 'Report',
      text: 'plain',
      html: '<script>x</script>',
      at: '2026-01-05T09:00:00Z',
    };
    expect(words(show({ emails: [email] }, { panel: 'mail' }), 'mail-row')[0]).toContain('Report');
    const open = show({ emails: [email] }, { panel: 'mail', mail: 0 });
    // The frame may open links in new windows, but allows no scripts, forms or navigation of the page.
    const { sandbox, srcdoc } = byTestId(open, 'mail-html')[0]?.attributes ?? {};
    expect(srcdoc).toBe('<script>x</script>');
    expect(String(sandbox).split(' ').toSorted()).toEqual(['allow-popups', 'allow-popups-to-escape-sandbox']);
    expect(words(show({ emails: [email] }, { panel: 'mail', mail: 0, mailFormat: 'text' }), 'mail-text')).toEqual([
      'plain',
    ]);
  });

  it('show alarms, with the number of those that are firing', () => {
    const alarms = [
      { id: 'a', title: 'Removal fails', state: 'ALARM', severity: 'high', at: '2026-01-05T09:00:00Z' },
      { id: 'b', title: 'Was', state: 'OK' },
    ];
    const page = show({ alarms }, { panel: 'alarms' });
    expect(words(page, 'tab-alarms')).toEqual(['Alarms1']);
    expect(words(page, 'alarm-row')[1]).toContain('Removal fails');
  });

  it('say what to press next in each scenario, from the state of the sandbox', () => {
    expect(words(show(), 'next-break-glass')[0]).toContain('press Break Glass Prod');
    expect(actionOn(byTestId(show(), 'show-approve')[0], 'onClick')).toEqual({
      do: 'visit',
      viewer: 'U0BEN',
      place: 'C0ALERTS',
    });
    const active = {
      ...REQUEST,
      origin: { kind: 'alert' },
      events: [{ type: 'active', at: REQUEST.startsAt, by: 'glasshammer', state: 'active' }],
    };
    const page = show({ requests: [active] });
    expect(words(page, 'next-break-glass')[0]).toContain('press Use it');
    // 42 minutes are left, and a few minutes more for the workflow.
    expect(actionOn(byTestId(page, 'skip-end')[0], 'onClick')).toMatchObject({
      call: { path: '/sandbox/clock', body: { advance: 'PT2820S' } },
    });
    expect(byTestId(show(), 'skip-report')[0]?.attributes).toMatchObject({ disabled: true });
  });

  it('mark unread messages of a channel, but not those of the viewer', () => {
    world.slack.say({ user: 'U0BEN', channel: 'C0OTHERS', text: 'Who is on call?' });
    world.slack.say({ user: 'U0ANA', channel: 'C0OTHERS', text: 'I am' });
    const page = show();
    expect(words(page, 'unread-C0OTHERS')).toEqual(['1']);
    const { read } = actionOn(byTestId(page, 'channel-C0OTHERS')[0], 'onClick') as { read: Record<string, string> };
    expect(words(show({}, { read }), 'unread-C0OTHERS')).toEqual([]);
  });

  it('offer steps of the clock, which shows UTC to every viewer', () => {
    const page = show();
    expect(words(page, 'now')).toEqual(['Mon, 5 Jan 2026, 09:00:00 UTC']);
    expect(words(show({}, { viewer: 'U0BEN' }), 'now')).toEqual(words(page, 'now'));
    expect(actionOn(byTestId(page, 'advance-PT1H')[0], 'onClick')).toMatchObject({
      call: { path: '/sandbox/clock', body: { advance: 'PT1H' } },
    });
  });

  it('say that the sandbox does not answer', () => {
    expect(textIn(pageView(undefined, FIRST_UI, false))).toContain('does not answer');
  });
});
