import type { Action, Call } from '../../../sandbox/page/app/action.ts';
import { instantOf, lasting, wallOf } from '../../../sandbox/page/app/time.ts';
import { FIRST_UI, type Ui, update } from '../../../sandbox/page/app/ui.ts';

const having = (action: Action, ui: Partial<Ui> = {}) => update({ ...FIRST_UI, ...ui }, action);
const answered = (call: Call, json: unknown, status = 200): Action => ({ do: 'answered', call, status, json });

test.each(['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'no/zone'])(
  'a picked date and time is converted to the instant of the person’s time zone, in %s',
  (tz) => {
    // Around both changes of daylight saving time, except the hour that occurs twice.
    for (const day of ['2026-01-05', '2026-03-29', '2026-10-25', '2026-11-01', '2026-07-01']) {
      for (const time of ['03:30', '09:00', '23:59']) {
        const seconds = Date.parse(`${day}T${time}:00Z`) / 1000;
        expect(instantOf(wallOf(seconds, tz), tz)).toBe(seconds);
      }
    }
    expect(instantOf('', tz)).toBeUndefined();
  },
);

describe('the page, when a person uses it,', () => {
  it('runs a line that starts with a slash as a command, and posts other lines', () => {
    expect(having({ do: 'compose', fields: { line: '/access prod 1h' } }).calls).toEqual([
      {
        path: '/sandbox/slack/command',
        body: { user: 'U0ANA', channel: 'C0ALERTS', command: '/access', text: 'prod 1h' },
      },
    ]);
    expect(having({ do: 'compose', fields: { line: 'on it' } }).calls[0]?.path).toBe('/sandbox/slack/say');
    expect(having({ do: 'compose', fields: { line: '  ' } }).calls).toEqual([]);
  });

  it('presses a button with a confirmation only after it is confirmed', () => {
    const call: Call = { path: '/sandbox/slack/press', body: {} };
    const confirm = { title: 't', text: 't', ok: 'y', cancel: 'n', danger: true };
    const asked = having({ do: 'confirm', confirm, call });
    expect(asked.calls).toEqual([]);
    expect(update(asked.ui, { do: 'dismiss' })).toMatchObject({ ui: { confirm: null }, calls: [] });
    expect(update(asked.ui, { do: 'confirmed' })).toMatchObject({ ui: { confirm: null }, calls: [call] });
  });

  it('leaves the direct messages of a person when the viewer changes', () => {
    expect(having({ do: 'be', value: 'U0BEN' }, { place: 'D0ANA' }).ui).toMatchObject({
      viewer: 'U0BEN',
      place: 'C0ALERTS',
    });
  });

  it('asks the app for the App Home of the viewer', () => {
    expect(having({ do: 'go', place: 'home' }).calls).toEqual([
      { path: '/sandbox/slack/home', body: { user: 'U0ANA' } },
    ]);
    expect(having({ do: 'be', value: 'U0BEN' }, { place: 'home' }).calls[0]?.body).toEqual({ user: 'U0BEN' });
  });

  it('sends a form with its values, and shows errors under its fields', () => {
    const { calls } = having({ do: 'submit-form', viewId: 'V1', fields: { reason: 'x', boxes: ['a'] } });
    expect(calls[0]?.body).toEqual({ user: 'U0ANA', viewId: 'V1', values: { reason: 'x', boxes: ['a'] } });
    const { ui } = having(answered(calls[0] as Call, { ok: false, problem: 'p', errors: { reason: 'short' } }));
    expect(ui).toMatchObject({ errors: { viewId: 'V1', byBlock: { reason: 'short' } }, toast: null });
  });

  it('fills menus with the options of the app', () => {
    const { calls } = having({ do: 'search', viewId: 'V1', field: 'account', value: 'pro', fields: {} });
    expect(calls[0]?.body).toMatchObject({ actionId: 'account', query: 'pro' });
    const { ui } = having(answered(calls[0] as Call, { options: [{ value: '1' }] }));
    expect(ui.options).toEqual({ 'V1/account': [{ value: '1' }] });
  });

  it('sends the chosen option of a menu', () => {
    const call: Call = { path: '/sandbox/slack/press', body: { ts: '1.2' } };
    expect(having({ do: 'pick', call, value: 'PT2H' }).calls).toEqual([
      { ...call, body: { ts: '1.2', value: 'PT2H' } },
    ]);
  });

  it('shows errors, also those of the app', () => {
    const call: Call = { path: '/sandbox/slack/press', body: {} };
    expect(having(answered(call, { error: 'There is no message.' }, 404)).ui.toast).toEqual({
      text: 'There is no message.',
      bad: true,
    });
    expect(having(answered(call, { ok: false, problem: 'operation failed' })).ui.toast).toEqual({
      text: 'operation failed',
      bad: true,
    });
    expect(having(answered(call, undefined, 0)).ui.toast?.bad).toBe(true);
    expect(having(answered({ ...call, done: 'Done.' }, { ok: true })).ui.toast).toEqual({ text: 'Done.', bad: false });
  });

  it('closes what was open after a reset', () => {
    const { ui } = having(answered({ path: '/sandbox/reset', body: {} }, {}), {
      mail: 3,
      viewer: 'U0BEN',
      place: 'D0BEN',
    });
    expect(ui).toMatchObject({ mail: null, viewer: 'U0BEN', place: 'C0ALERTS' });
  });
});

describe('a duration', () => {
  it.each([
    [0, '0 s'],
    [59.2, '60 s'],
    [60, '1 min'],
    [2461, '42 min'],
    [3600, '1 h'],
    [3900, '1 h 5 min'],
    [200_000, '2 d'],
  ])('of %d seconds is written as %s', (seconds, expected) => {
    expect(lasting(seconds)).toBe(expected);
  });
});
