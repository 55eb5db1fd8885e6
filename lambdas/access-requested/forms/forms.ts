import { identifyPerson } from '../../../core/access/request/identity/identify.ts';
import { offerAccounts, offerPermissionSets } from '../../../core/access/request/target/offer-access.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { ACCESS_COMMAND, ACCESS_SHORTCUT, FIELDS, MESSAGE_SHORTCUT, MODALS } from '../../../slack/actions.ts';
import type {
  AppHomeOpened,
  BlockAction,
  BlockSuggestion,
  CallView,
  Shortcut,
  SlashCommand,
} from '../../../slack/call.ts';
import { readModalData } from '../../../slack/modal-data.ts';
import { accountOptions, permissionSetOptions } from '../../../slack/views/asking/form-options.ts';
import { readDuration, readStart, readText } from '../../../slack/views/modal-parts.ts';
import { answerCommand } from '../command.ts';
import { refreshExtendForm } from '../extend.ts';
import { openHome } from '../home.ts';
import { ACKNOWLEDGED, type HttpAnswer, jsonAnswer } from '../http.ts';
import { openAboutMessage } from '../message-shortcut.ts';
import { refuse, replyUnknown } from '../refused-action.ts';
import type { Services } from '../services.ts';
import { filledWith, openRequestForm } from './open-form.ts';
import { type FormState, renderRequestForm } from './request-form.ts';

/**
 * Answers the calls that lead to the form: the slash command, the shortcuts, the App Home, and the form's own menus.
 */
export async function answerForm(
  call: SlashCommand | Shortcut | BlockSuggestion | AppHomeOpened,
  sentAt: string,
  all: Services,
): Promise<HttpAnswer> {
  switch (call.kind) {
    case 'slash-command':
      return call.command === ACCESS_COMMAND ? answerCommand(call, sentAt, all) : ACKNOWLEDGED;
    case 'shortcut':
      if (call.callbackId === ACCESS_SHORTCUT) return openRequestForm(call, { data: { origin: 'shortcut' } }, all);
      return call.callbackId === MESSAGE_SHORTCUT ? openAboutMessage(call, all) : ACKNOWLEDGED;
    case 'app-home-opened':
      if (call.tab === 'home') await openHome(call, all);
      return ACKNOWLEDGED;
    case 'block-suggestion':
      return jsonAnswer(200, await suggest(call, all));
  }
}

/** Shows the preview again after a choice in a form. */
export async function refreshForm(call: BlockAction, all: Services): Promise<HttpAnswer> {
  const { view, action } = call;
  const data = view === undefined ? undefined : readModalData(view.privateMetadata);
  if (view === undefined || data === undefined) return ACKNOWLEDGED;
  if (view.callbackId === MODALS.extend) return refreshExtendForm(call, data, all);
  if (view.callbackId !== MODALS.request) return ACKNOWLEDGED;
  const typed = typedIn(view);
  if (action.actionId !== FIELDS.account) {
    const account = data.account ?? readText(view.values, FIELDS.account);
    const permissionSet =
      action.actionId === FIELDS.permissionSet ? action.value : readText(view.values, FIELDS.permissionSet);
    return update(call, view, { data, initial: typed, chosen: { account, permissionSet } }, all);
  }
  // The account changed: drop the chosen permission set, which may not exist in the new account.
  const chosen = { account: action.value };
  return update(call, view, { data: { ...data, account: action.value }, initial: typed, chosen }, all);
}

/** Fills the menus in with a target the person had before. What was typed stays. */
export async function fillForm(call: BlockAction, all: Services): Promise<HttpAnswer> {
  const { view, action } = call;
  const recent = readRecent(action.value);
  if (view === undefined || recent === undefined) return replyUnknown(call, all);
  const data = readModalData(view.privateMetadata) ?? {};
  const state = filledWith(recent, { ...data, fill: (data.fill ?? 0) + 1 });
  return update(call, view, { ...state, initial: { ...state.initial, ...typedIn(view) } }, all);
}

/** Opens the form from the App Home, with a target the person had before. */
export async function askAgain(call: BlockAction, all: Services): Promise<HttpAnswer> {
  const recent = readRecent(call.action.value);
  return recent === undefined
    ? replyUnknown(call, all)
    : openRequestForm(call, filledWith(recent, { origin: 'home' }), all);
}

/** Reads a target from a button's value, which proves nothing; a value of another shape fills nothing in. */
function readRecent(value: string): Pick<AccessRequest, 'target' | 'names'> | undefined {
  try {
    const { target, names } = JSON.parse(value) as Pick<AccessRequest, 'target' | 'names'>;
    const ids = Object.values(target);
    return ids.length > 0 && ids.every((id) => typeof id === 'string') ? { target, names: names ?? {} } : undefined;
  } catch {
    return undefined;
  }
}

function typedIn({ values }: CallView): NonNullable<FormState['initial']> {
  const durationSeconds = readDuration(values);
  return {
    durationSeconds,
    ...readStart(values),
    reason: readText(values, FIELDS.reason),
    ticket: readText(values, FIELDS.ticket),
  };
}

/**
 * Renders the form again. The person was identified when it opened and is identified again when it is sent, so cached
 * look-ups a few minutes old are good enough in between.
 */
async function update(call: BlockAction, view: CallView, state: FormState, all: Services): Promise<HttpAnswer> {
  const who = await identifyPerson(call.caller, all.kept);
  if (!who.identified) {
    const { strangers } = await refuse(call, who, all);
    await all.chat.updateView(view.id, strangers.modal());
    return ACKNOWLEDGED;
  }
  const rendered = await renderRequestForm(who.person, state, all);
  await all.chat.updateView(view.id, rendered.view);
  return ACKNOWLEDGED;
}

/**
 * The options of the form's menus: only what this person may ask for. Slack calls this at every keystroke, so it uses
 * cached look-ups.
 */
async function suggest(call: BlockSuggestion, all: Services): Promise<unknown> {
  const who = await identifyPerson(call.caller, all.kept);
  if (!who.identified) {
    // A menu cannot show a refusal; the person sees it when they choose something or send the form.
    await refuse(call, who, all);
    return { options: [] };
  }
  const { query, view } = call;
  if (call.actionId === FIELDS.account) {
    return accountOptions({ ...(await offerAccounts(who.person, query, all)), query });
  }
  if (call.actionId !== FIELDS.permissionSet) return { options: [] };
  const chosen = readModalData(view?.privateMetadata ?? '')?.account ?? view?.values[FIELDS.account];
  const permissionSets = await offerPermissionSets(who.person, chosen, all);
  return permissionSetOptions({ permissionSets, query });
}
