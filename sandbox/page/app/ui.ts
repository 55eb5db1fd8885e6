import { type Fields, fieldsList, isFields } from '../../slack/checks/shape.ts';
import type { Action, Call, Confirm, FieldValues } from './action.ts';

/** The choices of the person at the page. Everything else comes from the sandbox. */
export interface Ui {
  /** The id of the Slack user whose view is shown. */
  viewer: string;
  /** The id of the channel shown, or `home` for the App Home. */
  place: string;
  panel: 'mail' | 'workflow' | 'alarms';
  /** The index of the open mail. */
  mail: number | null;
  mailFormat: 'html' | 'text';
  confirm: { words: Confirm; call: Call } | null;
  /** The options that external menus offer now, by `view id/action id`. */
  options: Record<string, Fields[]>;
  /** Error messages below the fields of an open form. */
  errors: { viewId: string; byBlock: Record<string, string> } | null;
  toast: { text: string; bad: boolean } | null;
  /** How often access was used; selects another story for each use. */
  uses: number;
  /** The outcome of the last call with each fetched credentials, by access key id. */
  used: Record<string, { allowed: boolean; why: string }>;
  /** The newest message seen in each place. Later ones are unread. */
  read: Record<string, string>;
}

export const FIRST_UI: Ui = {
  viewer: 'U0ANA',
  place: 'C0ALERTS',
  panel: 'workflow',
  mail: null,
  mailFormat: 'html',
  confirm: null,
  options: {},
  errors: null,
  toast: null,
  uses: 0,
  used: {},
  read: {},
};

/** The result of an action: the new state of the page, and the calls to make to the sandbox. */
export interface Step {
  ui: Ui;
  calls: Call[];
}

/** Applies an action. It is pure: it returns the calls and does not make them. */
export function update(ui: Ui, action: Action): Step {
  const to = (change: Partial<Ui>, ...calls: Call[]): Step => ({ ui: { ...ui, ...change }, calls });
  switch (action.do) {
    case 'be': {
      const viewer = action.value ?? ui.viewer;
      // A direct conversation of another person is not shown.
      const place = ui.place.startsWith('D') ? 'C0ALERTS' : ui.place;
      return to({ viewer, place, errors: null }, ...(place === 'home' ? [openHome(viewer)] : []));
    }
    case 'go':
      return to(
        { place: action.place, read: { ...ui.read, ...action.read } },
        ...(action.place === 'home' ? [openHome(ui.viewer)] : []),
      );
    case 'visit':
      return to({ viewer: action.viewer, place: action.place, errors: null });
    case 'panel':
      return to({ panel: action.panel });
    case 'read-mail':
      return to({ mail: action.index, panel: 'mail' });
    case 'mail-format':
      return to({ mailFormat: action.format });
    case 'call':
      return to(
        { uses: ui.uses + (action.call.path === '/sandbox/activity' ? 1 : 0) },
        action.call,
        ...(action.call.beside === undefined ? [] : [action.call.beside]),
      );
    case 'pick':
      return to({}, { ...action.call, body: { ...(action.call.body as object), value: action.value ?? '' } });
    case 'confirm':
      return to({ confirm: { words: action.confirm, call: action.call } });
    case 'confirmed':
      return to({ confirm: null }, ...(ui.confirm === null ? [] : [ui.confirm.call]));
    case 'dismiss':
      return to({ confirm: null, toast: null });
    case 'compose':
      return to({}, ...compose(ui, action.fields));
    case 'submit-form':
      return to(
        { errors: null },
        slack(
          'submit',
          { user: ui.viewer, viewId: action.viewId, values: action.fields ?? {} },
          { what: 'form', viewId: action.viewId },
        ),
      );
    case 'press-in-form':
      return to({}, pressInForm(ui, action));
    case 'search':
      return to(
        {},
        slack(
          'options',
          {
            user: ui.viewer,
            viewId: action.viewId,
            actionId: action.field,
            query: action.value ?? '',
            values: action.fields ?? {},
          },
          { what: 'options', field: `${action.viewId}/${action.field}` },
        ),
      );
    case 'answered':
      return to(answered(ui, action));
    case 'quiet':
      return to({ toast: null });
  }
}

function slack(route: string, body: unknown, answers?: Call['answers']): Call {
  return { path: `/sandbox/slack/${route}`, body, ...(answers === undefined ? {} : { answers }) };
}

function openHome(user: string): Call {
  return slack('home', { user });
}

/** A line in the composer is a slash command or a message. */
function compose(ui: Ui, fields: FieldValues = {}): Call[] {
  const line = typeof fields.line === 'string' ? fields.line.trim() : '';
  if (line === '' || ui.place === 'home') return [];
  const command = /^(\/\S+)\s*([\s\S]*)$/.exec(line);
  if (command === null) return [slack('say', { user: ui.viewer, channel: ui.place, text: line })];
  return [slack('command', { user: ui.viewer, channel: ui.place, command: command[1], text: command[2] ?? '' })];
}

function pressInForm(ui: Ui, action: Extract<Action, { do: 'press-in-form' }>): Call {
  const { viewId, actionId, blockId, buttonValue, value, fields } = action;
  const pressed = buttonValue ?? value;
  return slack('press', {
    user: ui.viewer,
    viewId,
    actionId,
    blockId,
    ...(pressed === undefined || pressed === '' ? {} : { value: pressed }),
    ...(fields === undefined ? {} : { values: fields }),
  });
}

function answered(ui: Ui, { call, status, json }: Extract<Action, { do: 'answered' }>): Partial<Ui> {
  const body = isFields(json) ? json : {};
  const { answers } = call;
  if (status < 200 || status >= 300)
    return { toast: { text: String(body.error ?? `The sandbox answered ${status}.`), bad: true } };
  if (answers?.what === 'options') return { options: { ...ui.options, [answers.field]: fieldsList(body.options) } };
  if (answers?.what === 'use') return used(ui, body);
  if (answers?.what === 'form' && isFields(body.errors)) {
    return { errors: { viewId: answers.viewId, byBlock: body.errors as Record<string, string> } };
  }
  if (typeof body.problem === 'string') return { toast: { text: body.problem, bad: true } };
  if (call.path === '/sandbox/reset')
    return { ...FIRST_UI, viewer: ui.viewer, toast: { text: 'Everything is back to the start.', bad: false } };
  return call.done === undefined ? {} : { toast: { text: call.done, bad: false } };
}

/** Keeps the reason for a refused call beside the credentials, for longer than a toast is shown. */
function used(ui: Ui, { credentials, allowed, why }: Fields): Partial<Ui> {
  const text = String(why ?? '');
  const key = isFields(credentials) ? String(credentials.accessKeyId) : undefined;
  const toast = { text: allowed === true ? `It works. ${text}` : `Refused. ${text}`, bad: allowed !== true };
  return {
    toast,
    ...(key === undefined ? {} : { used: { ...ui.used, [key]: { allowed: allowed === true, why: text } } }),
  };
}
