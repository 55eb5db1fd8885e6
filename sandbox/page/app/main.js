/**
 * The sandbox's page: reads the sandbox's state once a second, shows it, and carries out the person's actions.
 *
 * Elements that tests can find by `data-testid`:
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
/** A menu is queried after this pause in typing. */
const TYPING_MS = 200;
const TOAST_MS = 6000;

let ui = FIRST_UI;
let state;
let lastAnswer = '';
let reachable = true;
let typing;
let toastTimer;

const root = document.getElementById('app');
// Removes the placeholder that the HTML has until the program runs.
root.replaceChildren();
/** The place shown by the previous rendering. */
let shownPlace;
/** The element that had the focus before the first dialog opened. */
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

/** Moves the focus into a dialog that has just opened, and back to the element that opened it once it has closed. */
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
  // The same form was rendered again with other content: the focus stays on the same field.
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

/** Makes the external menus of a form query the app now. The options of one menu may depend on the value of another. */
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
  // A menu that acts as a button is reset to its first line.
  if (action.do === 'pick') element.selectedIndex = 0;
  clearTimeout(typing);
  if (event.type === 'input') typing = setTimeout(() => dispatch(filled), TYPING_MS);
  else dispatch(filled);
}

/**
 * The values of a form's fields by `data-field`: a text, a list for checkboxes and multi-selects, `null` for an empty
 * field.
 */
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

/** Slack has an instant in seconds; the browser's field has the local time of the reader's zone. */
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

/** Keeps the focus inside an open dialog, because everything behind it is inert. */
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
