/**
 * The sandbox's page: asks the sandbox once a second how things are, shows it, and carries out what a person does.
 *
 * What a test of the page can hold on to (`data-testid`):
 *   viewer, channel-<id>, channel-home, messages, home, composer, composer-send, post-alert-legacy, post-alert-blocks
 *   message (data-ts, data-channel), ephemeral, button-<action id or name, without what follows a colon>
 *   confirm, confirm-ok, confirm-cancel
 *   modal, modal-submit, modal-close, field-<action id>, field-<action id>-<value>, search-<action id>, error-<block id>
 *   portal-row (data-principal, data-account, data-permission-set), use-it, membership-row (data-group)
 *   session-row (data-principal), use-session, session-outcome
 *   tab-workflow, tab-mail, tab-alarms, request-card (data-request), request-state, request-event, execution-status
 *   mail-row, mail-back, mail-format-html, mail-format-text, mail-html, mail-text, alarm-row
 *   try-<scenario>, next-<scenario>, show-<scenario>, unread-<channel>, viewer-zone, global-shortcut, message-shortcut
 *   skip-end, skip-report, now, speed, advance-PT1M, advance-PT15M, advance-PT1H, advance-PT6H, reset, toast
 */
import { render } from 'preact';
import { actWith } from './act.ts';
import { instantOf } from './time.ts';
import { FIRST_UI, update } from './ui.ts';
import { pageView } from './views/page-view.ts';

const POLL_MS = 1000;
/** A pause in typing before a menu is asked again. */
const TYPING_MS = 200;
const TOAST_MS = 6000;

let ui = FIRST_UI;
let state;
let lastAnswer = '';
let reachable = true;
let typing;
let toastTimer;

const root = document.getElementById('app');
// What stands there until the program runs.
root.replaceChildren();
/** The place shown last. */
let shownPlace;
/** What had the focus before the first dialog opened. */
let opener;

actWith(onEvent);

function show() {
  const sticky = [...document.querySelectorAll('[data-stick=bottom]')].filter(
    (element) => element.scrollHeight - element.scrollTop - element.clientHeight < 80,
  );
  const place = ui.place;
  const dialog = document.querySelector('[aria-modal=true]');
  const field = document.activeElement?.dataset?.testid;
  render(pageView(state, ui, reachable), root);
  for (const element of place === shownPlace ? sticky : document.querySelectorAll('[data-stick=bottom]')) {
    element.scrollTop = element.scrollHeight;
  }
  shownPlace = place;
  focusNewDialog(dialog, field);
}

/** A dialog that has just opened gets the focus; one that has closed gives it back to what opened it. */
function focusNewDialog(before, field) {
  const dialogs = document.querySelectorAll('[aria-modal=true]');
  const now = dialogs[dialogs.length - 1] ?? null;
  if (now === before) return;
  if (now === null) {
    opener?.focus?.();
    return;
  }
  if (before === null) opener = document.activeElement;
  askMenus(now);
  // The same form with another content: whoever fills it in stays where they were.
  const same =
    before === null || field === undefined ? null : now.querySelector(`[data-testid="${CSS.escape(field)}"]`);
  if (same !== null) {
    same.focus();
    return;
  }
  now
    .querySelector('.dialog-body input, .dialog-body select, .dialog-body textarea, footer .primary, footer .danger')
    ?.focus();
}

/** Has the menus of a form that ask the app for their options ask now; one may depend on what another holds. */
function askMenus(form, except) {
  for (const search of form.querySelectorAll('.external input[type=search]')) {
    if (search.parentElement !== except) search.dispatchEvent(new Event('focus'));
  }
}

document.addEventListener('change', ({ target }) => {
  const menu = target.closest('.external');
  if (menu !== null) askMenus(target.form, menu);
});

function onEvent(action, event) {
  if (event.type === 'submit') event.preventDefault();
  const element = event.currentTarget;
  const filled = { ...action };
  if (event.type === 'change' || event.type === 'input') filled.value = entered(element);
  if (action.do === 'search' && event.type === 'focus') filled.value = element.type === 'search' ? element.value : '';
  const form = element.closest('form');
  if (form !== null && action.do !== 'call') filled.fields = fieldsOf(form);
  if (event.type === 'submit') for (const field of form.querySelectorAll('[data-clear]')) field.value = '';
  // A menu used as a button goes back to its first line.
  if (action.do === 'pick') element.selectedIndex = 0;
  clearTimeout(typing);
  if (event.type === 'input') typing = setTimeout(() => dispatch(filled), TYPING_MS);
  else dispatch(filled);
}

/** What is entered in a form, by `data-field`: a text, several for boxes and menus of many, nothing as null. */
function fieldsOf(form) {
  const fields = {};
  for (const element of form.querySelectorAll('[data-field]')) {
    const name = element.dataset.field;
    if (element.type === 'checkbox')
      fields[name] = [...(fields[name] ?? []), ...(element.checked ? [element.value] : [])];
    else if (element.type === 'radio') fields[name] = element.checked ? element.value : (fields[name] ?? null);
    else if (element.multiple) fields[name] = [...element.selectedOptions].map(({ value }) => value);
    else fields[name] = entered(element) === '' ? null : entered(element);
  }
  return fields;
}

/** Slack holds an instant as seconds; a field of a browser shows the wall of the reader's zone. */
function entered(element) {
  if (element.dataset.zone === undefined) return element.value;
  return String(instantOf(element.value, element.dataset.zone) ?? '');
}

function dispatch(action) {
  const step = update(ui, action);
  const toasted = step.ui.toast !== ui.toast && step.ui.toast !== null;
  ui = step.ui;
  show();
  if (toasted) {
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => dispatch({ do: 'quiet' }), TOAST_MS);
  }
  for (const call of step.calls) void carryOut(call);
}

async function carryOut(call) {
  const response = await fetch(call.path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(call.body),
  }).catch(() => undefined);
  const json = await response?.json().catch(() => undefined);
  await refresh();
  const status = response?.status ?? 0;
  dispatch({ do: 'answered', call, status, json: json ?? { error: 'The sandbox does not answer.' } });
}

async function refresh() {
  try {
    const response = await fetch('/sandbox/state');
    const answer = await response.text();
    const wasReachable = reachable;
    reachable = response.ok;
    if (answer === lastAnswer && wasReachable === reachable) return;
    lastAnswer = answer;
    if (reachable) state = JSON.parse(answer);
  } catch {
    reachable = false;
  }
  show();
}

async function poll() {
  await refresh();
  setTimeout(poll, POLL_MS);
}

document.addEventListener('keydown', (event) => {
  const dialogs = document.querySelectorAll('[aria-modal=true]');
  const top = dialogs[dialogs.length - 1];
  if (top === undefined) return;
  if (event.key === 'Escape') top.querySelector(`[data-testid=${top.dataset.escape}]`)?.click();
  if (event.key === 'Tab') keepInside(event, top);
});

/** Tab goes round within an open dialog, as everything behind it is out of reach. */
function keepInside(event, dialog) {
  const stops = [...dialog.querySelectorAll('button, input, select, textarea, a[href]')].filter(
    (element) => !element.disabled,
  );
  const [first, last] = [stops[0], stops[stops.length - 1]];
  const leaving = event.shiftKey ? document.activeElement === first : document.activeElement === last;
  if (!leaving && dialog.contains(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

void poll();
