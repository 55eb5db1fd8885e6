import type { KnownBlock, ModalView } from '@slack/types';
import { lastPayload, refusal, start, type UnderTest } from '../workspace-under-test.ts';

let world: UnderTest;
beforeEach(async () => {
  world = await start();
});
afterEach(() => world.close());

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const REASON: KnownBlock = {
  type: 'input',
  block_id: 'reason',
  label: plain('Reason'),
  element: { type: 'plain_text_input', action_id: 'reason.text', min_length: 5 },
};
const ACCOUNT: KnownBlock = {
  type: 'input',
  block_id: 'account',
  label: plain('Account'),
  optional: true,
  element: { type: 'external_select', action_id: 'account.pick', min_query_length: 0 },
};
const MORE: KnownBlock = {
  type: 'actions',
  block_id: 'more',
  elements: [{ type: 'button', action_id: 'more.press', text: plain('More') }],
};
const modal = (fields: Partial<ModalView> = {}): ModalView => ({
  type: 'modal',
  callback_id: 'request',
  title: plain('Ask for access'),
  submit: plain('Ask'),
  blocks: [REASON, ACCOUNT, MORE],
  ...fields,
});

/** Ana runs the command and the app opens this form for her. @returns the trigger id of the command */
async function open(view: ModalView = modal()): Promise<string> {
  let trigger = '';
  world.app = async ({ body }) => {
    trigger = new URLSearchParams(body).get('trigger_id') ?? '';
    await world.client.views.open({ trigger_id: trigger, view });
    return {};
  };
  await world.slack.runCommand({ user: 'U0ANA', command: '/access', text: '', channel: 'C0ALERTS' });
  world.app = () => ({});
  return trigger;
}

const stack = () => world.slack.snapshot().views.map(({ view }) => (view.title as { text: string }).text);
const fill = (values = { reason: 'deploy is stuck' } as Record<string, string>) =>
  world.slack.submitView({ user: 'U0ANA', values });

describe('a trigger id', () => {
  it('opens one form and no second', async () => {
    const trigger = await open();
    expect(stack()).toEqual(['Ask for access']);
    expect(await refusal(world.client.views.open({ trigger_id: trigger, view: modal() }))).toBe('exchanged_trigger_id');
    expect(await refusal(world.client.views.open({ trigger_id: 'made.up', view: modal() }))).toBe('invalid_trigger_id');
  });

  it('expires after three seconds, so that an app that works first cannot open its form', async () => {
    let seen = '';
    world.app = async ({ body }) => {
      world.clock.ms += 3001;
      const trigger_id = new URLSearchParams(body).get('trigger_id') ?? '';
      seen = await refusal(world.client.views.open({ trigger_id, view: modal() }));
      return {};
    };
    await world.slack.runCommand({ user: 'U0ANA', command: '/access', text: '', channel: 'C0ALERTS' });
    expect(seen).toBe('expired_trigger_id');
    expect(stack()).toEqual([]);
  });

  it('is not used up by a malformed view, which is refused with the reason', async () => {
    world.app = async ({ body }) => {
      const trigger_id = new URLSearchParams(body).get('trigger_id') ?? '';
      const view = modal({ title: plain('x'.repeat(25)) });
      await expect(world.client.views.open({ trigger_id, view })).rejects.toMatchObject({
        data: {
          error: 'invalid_arguments',
          response_metadata: { messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'] },
        },
      });
      await world.client.views.open({ trigger_id, view: modal() });
      return {};
    };
    expect(
      await world.slack.runCommand({ user: 'U0ANA', command: '/access', text: '', channel: 'C0ALERTS' }),
    ).toMatchObject({ status: 200 });
    expect(stack()).toHaveLength(1);
  });
});

describe('a form', () => {
  it('is sent with its values by block and action id, and closes', async () => {
    await open(modal({ private_metadata: 'R-1' }));
    expect(await fill()).toEqual({ delivered: true, status: 200 });
    expect(lastPayload(world)).toMatchObject({
      type: 'view_submission',
      user: { id: 'U0ANA' },
      view: {
        callback_id: 'request',
        private_metadata: 'R-1',
        state: {
          values: {
            reason: { 'reason.text': { type: 'plain_text_input', value: 'deploy is stuck' } },
            account: { 'account.pick': { type: 'external_select', selected_option: null } },
          },
        },
      },
    });
    expect(stack()).toEqual([]);
  });

  it('is not sent to the app while a required field is empty or too short', async () => {
    await open();
    const before = world.delivered.length;
    expect((await fill({})).errors).toEqual({ reason: 'Please complete this required field.' });
    expect((await fill({ reason: 'why' })).errors).toEqual({ reason: 'Must be at least 5 characters.' });
    expect(world.delivered).toHaveLength(before);
    expect(stack()).toHaveLength(1);
  });

  it('stays open with the errors of the app under its fields', async () => {
    await open();
    world.app = () => ({ json: { response_action: 'errors', errors: { reason: 'Name a ticket.' } } });
    expect(await fill()).toMatchObject({ delivered: true, errors: { reason: 'Name a ticket.' } });
    expect(stack()).toHaveLength(1);
  });

  it.each([
    ['update', ['Second']],
    ['push', ['Ask for access', 'Second']],
    ['clear', []],
  ])('follows the response_action %s', async (response_action, after) => {
    await open();
    world.app = () => ({ json: { response_action, view: modal({ title: plain('Second') }) } });
    await fill();
    expect(stack()).toEqual(after);
  });

  it.each([
    ['a malformed view', { response_action: 'update', view: modal({ title: plain('x'.repeat(25)) }) }],
    ['an error for an unknown field', { response_action: 'errors', errors: { nowhere: 'x' } }],
    ['an unknown action', { response_action: 'close' }],
  ])('shows a failure if the app answers with %s', async (_, json) => {
    await open();
    world.app = () => ({ json });
    expect(await fill()).toMatchObject({ problem: expect.stringContaining('operation failed') });
    expect(stack()).toHaveLength(1);
  });

  it('can have at most three views on top of each other', async () => {
    await open();
    world.app = async () => {
      const push = () =>
        world.client.views.push({ trigger_id: lastPayload(world).trigger_id, view: modal({ title: plain('Next') }) });
      await push();
      return {};
    };
    for (let press = 0; press < 2; press += 1) await world.slack.pressInView({ user: 'U0ANA', actionId: 'more.press' });
    expect(stack()).toEqual(['Ask for access', 'Next', 'Next']);
    let seen = '';
    world.app = async () => {
      seen = await refusal(world.client.views.push({ trigger_id: lastPayload(world).trigger_id, view: modal() }));
      return {};
    };
    await world.slack.pressInView({ user: 'U0ANA', actionId: 'more.press' });
    expect(seen).toBe('push_limit_reached');
    expect(stack()).toHaveLength(3);
  });

  it('sends view_closed only if the app has asked for it', async () => {
    await open();
    const before = world.delivered.length;
    await world.slack.closeView({ user: 'U0ANA' });
    expect([stack(), world.delivered.length]).toEqual([[], before]);
    await open(modal({ notify_on_close: true }));
    await world.slack.closeView({ user: 'U0ANA' });
    expect(lastPayload(world)).toMatchObject({
      type: 'view_closed',
      is_cleared: false,
      view: { callback_id: 'request' },
    });
  });
});

describe('an open view', () => {
  it('can be updated by id, keeps typed values, and refuses a stale hash', async () => {
    await open();
    const { id, hash } = (world.slack.snapshot().views[0]?.view ?? {}) as { id: string; hash: string };
    world.app = () => ({ json: { response_action: 'errors', errors: { reason: 'no' } } });
    await fill({ reason: 'deploy is stuck' });
    await world.client.views.update({ view_id: id, hash, view: modal({ title: plain('Again') }) });
    expect(stack()).toEqual(['Again']);
    expect(await refusal(world.client.views.update({ view_id: id, hash, view: modal() }))).toBe('hash_conflict');
    expect(await refusal(world.client.views.update({ view_id: 'V0', view: modal() }))).toBe('not_found');
    world.app = () => ({});
    await fill({});
    expect(lastPayload(world).view.state.values.reason['reason.text'].value).toBe('deploy is stuck');
  });

  it('sends a pressed button with the values at that moment', async () => {
    await open();
    await world.slack.pressInView({ user: 'U0ANA', actionId: 'more.press', values: { reason: 'half a reas' } });
    expect(lastPayload(world)).toMatchObject({
      type: 'block_actions',
      container: { type: 'view' },
      actions: [{ action_id: 'more.press', block_id: 'more' }],
      view: { state: { values: { reason: { 'reason.text': { value: 'half a reas' } } } } },
    });
  });
});

describe('an external menu', () => {
  const options = [
    { text: plain('Production'), value: '123456789012' },
    { text: plain('Staging'), value: '234567890123' },
  ];

  it('asks the app for options as a person types, and sends the chosen option', async () => {
    await open();
    world.app = ({ route }) => (route === 'options' ? { json: { options } } : {});
    expect(await world.slack.loadOptions({ user: 'U0ANA', actionId: 'account.pick', query: 'sta' })).toEqual(options);
    expect(lastPayload(world)).toMatchObject({
      type: 'block_suggestion',
      action_id: 'account.pick',
      block_id: 'account',
      value: 'sta',
    });
    await fill({ reason: 'deploy is stuck', account: '234567890123' });
    expect(lastPayload(world).view.state.values.account['account.pick'].selected_option).toEqual(options[1]);
  });

  it('sends the values so far, so that one menu can depend on another', async () => {
    await open();
    world.app = () => ({ json: { options } });
    const values = { reason: 'deploy' };
    await world.slack.loadOptions({ user: 'U0ANA', actionId: 'account.pick', query: '', values });
    expect(lastPayload(world).view.state.values.reason['reason.text'].value).toBe('deploy');
  });

  it('refuses an option that the app does not offer', async () => {
    await open();
    world.app = () => ({ json: { options } });
    await expect(fill({ reason: 'deploy is stuck', account: '999999999999' })).rejects.toThrow(
      'does not offer 999999999999',
    );
  });

  it('does not ask the app before enough characters are typed', async () => {
    const element = { type: 'external_select' as const, action_id: 'account.pick' };
    await open(modal({ blocks: [{ ...ACCOUNT, element } as KnownBlock] }));
    const before = world.delivered.length;
    expect(await world.slack.loadOptions({ user: 'U0ANA', actionId: 'account.pick', query: 'st' })).toEqual([]);
    expect(world.delivered).toHaveLength(before);
  });

  it('has no options if the app answers with more than Slack accepts', async () => {
    await open();
    world.app = () => ({
      json: { options: Array.from({ length: 101 }, (_, at) => ({ text: plain(`${at}`), value: `${at}` })) },
    });
    expect(await world.slack.loadOptions({ user: 'U0ANA', actionId: 'account.pick', query: '' })).toEqual([]);
    expect(world.slack.failures()).toMatchObject([{ doing: 'open the menu account.pick' }]);
  });
});
