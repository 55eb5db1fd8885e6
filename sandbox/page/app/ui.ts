import { type Fields, fieldsList, isFields } from '../../slack/checks/shape.ts';
import type { Action, Call, Confirm, FieldValues } from './action.ts';

/** What the person at the page has chosen; everything else comes from the sandbox. */
export interface Ui {
  /** Slack user they are. */
  viewer: string;
  /** Channel they look at, or `home` for the App Home. */
  place: string;
  panel: 'mail' | 'workflow' | 'alarms';
  /** The mail that is open, by its place in the mailbox. */
  mail: number | null;
  mailFormat: 'html' | 'text';
  confirm: { words: Confirm; call: Call } | null;
  /** What external menus offer now, by `view id/action id`. */
  options: Record<string, Fields[]>;
  /** Complaints under the fields of an open form. */
  errors: { viewId: string; byBlock: Record<string, string> } | null;
  toast: { text: string; bad: boolean } | null;
  /** How often access was used, so that each use is another story. */
  uses: number;
  /** What became of the last call with fetched credentials, by their access key id. */
  used: Record<string, { allowed: boolean; why: string }>;
  /** The newest message seen in each place; what came later is unread. */
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

/** What follows from an action: how the page is now, and what to ask of the sandbox. */
export interface Step {
  ui: Ui;
  calls: Call[];
}

/** Carries an action out. Pure: calls are answered, not made. */
export function update(ui: Ui, action: Action): Step {
  const to = (change: Partial<Ui>, ...calls: Call[]): Step => ({ ui: { ...ui, ...change }, calls });
  switch (action.do) {
    case 'be': {
      const viewer = action.value ?? ui.viewer;
      // Somebody else's direct conversation is nobody's business.
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

/** A line in the composer is a command or something said. */
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

/** The page keeps why a call was refused beside the credentials, for longer than a toast. */
function used(ui: Ui, { credentials, allowed, why }: Fields): Partial<Ui> {
  const text = String(why ?? '');
  const key = isFields(credentials) ? String(credentials.accessKeyId) : undefined;
  const toast = { text: allowed === true ? `It works. ${text}` : `Refused. ${text}`, bad: allowed !== true };
  return {
    toast,
    ...(key === undefined ? {} : { used: { ...ui.used, [key]: { allowed: allowed === true, why: text } } }),
  };
}
