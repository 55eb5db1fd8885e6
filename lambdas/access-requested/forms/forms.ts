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
import { type HttpAnswer, jsonAnswer, TAKEN } from '../http.ts';
import { openAboutMessage } from '../message-shortcut.ts';
import { refuse } from '../refused-action.ts';
import type { Services } from '../services.ts';
import { filledWith, openRequestForm } from './open-form.ts';
import { type FormState, renderRequestForm } from './request-form.ts';

/** The ways to the form: the command, the shortcut, the App Home, and the menus inside the form. */
export async function answerForm(
  call: SlashCommand | Shortcut | BlockSuggestion | AppHomeOpened,
  sentAt: string,
  all: Services,
): Promise<HttpAnswer> {
  switch (call.kind) {
    case 'slash-command':
      return call.command === ACCESS_COMMAND ? answerCommand(call, sentAt, all) : TAKEN;
    case 'shortcut':
      if (call.callbackId === ACCESS_SHORTCUT) return openRequestForm(call, { data: { origin: 'shortcut' } }, all);
      return call.callbackId === MESSAGE_SHORTCUT ? openAboutMessage(call, all) : TAKEN;
    case 'app-home-opened':
      if (call.tab === 'home') await openHome(call, all);
      return TAKEN;
    case 'block-suggestion':
      return jsonAnswer(200, await suggest(call, all));
  }
}

/** Something was chosen in a form: what will come of it now. */
export async function refreshForm(call: BlockAction, all: Services): Promise<HttpAnswer> {
  const { view, action } = call;
  const data = view === undefined ? undefined : readModalData(view.privateMetadata);
  if (view === undefined || data === undefined) return TAKEN;
  if (view.callbackId === MODALS.extend) return refreshExtendForm(call, data, all);
  if (view.callbackId !== MODALS.request) return TAKEN;
  const typed = typedIn(view);
  if (action.actionId !== FIELDS.account) {
    const account = data.account ?? readText(view.values, FIELDS.account);
    const permissionSet =
      action.actionId === FIELDS.permissionSet ? action.value : readText(view.values, FIELDS.permissionSet);
    return update(call, view, { data, initial: typed, chosen: { account, permissionSet } }, all);
  }
  // The permission set is chosen anew: one of another account is none of this one.
  const chosen = { account: action.value };
  return update(call, view, { data: { ...data, account: action.value }, initial: typed, chosen }, all);
}

/** A press on something the person had before fills the menus in; what was typed stays. */
export async function fillForm(call: BlockAction, all: Services): Promise<HttpAnswer> {
  const { view, action } = call;
  const data = view === undefined ? undefined : readModalData(view.privateMetadata);
  const recent = readRecent(action.value);
  if (view === undefined || data === undefined || recent === undefined) return TAKEN;
  const state = filledWith(recent, { ...data, fill: (data.fill ?? 0) + 1 });
  return update(call, view, { ...state, initial: { ...state.initial, ...typedIn(view) } }, all);
}

/** A press in the App Home opens the form for what the person had before. */
export async function askAgain(call: BlockAction, all: Services): Promise<HttpAnswer> {
  const recent = readRecent(call.action.value);
  return recent === undefined ? TAKEN : openRequestForm(call, filledWith(recent, { origin: 'home' }), all);
}

/** A claim like every value: what does not look like a target fills nothing in. */
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

/** Who presses in a form was identified when it opened, and is again when it is sent; in between, minutes-old answers will do. */
async function update(call: BlockAction, view: CallView, state: FormState, all: Services): Promise<HttpAnswer> {
  const who = await identifyPerson(call.caller, all.kept);
  if (!who.identified) {
    const { strangers } = await refuse(call, who, all);
    await all.chat.updateView(view.id, strangers.modal());
    return TAKEN;
  }
  const rendered = await renderRequestForm(who.person, state, all);
  await all.chat.updateView(view.id, rendered.view);
  return TAKEN;
}

/** What the form's menus offer: what this person may ask for, and nothing else. Asked with every letter, so nobody is looked up anew. */
async function suggest(call: BlockSuggestion, all: Services): Promise<unknown> {
  const who = await identifyPerson(call.caller, all.kept);
  if (!who.identified) {
    // The menu has no place for words; what it lacks is told when something is chosen or sent.
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
