import { identifyPerson } from '../../core/access/request/identify.ts';
import { offerAccounts, offerPermissionSets } from '../../core/access/request/offer-access.ts';
import { isJoinable } from '../../core/model/access.ts';
import { ACCESS_COMMAND, ACCESS_SHORTCUT, FIELDS } from '../../slack/actions.ts';
import type { AppHomeOpened, BlockAction, BlockSuggestion, Shortcut, SlashCommand } from '../../slack/call.ts';
import { readModalData } from '../../slack/modal-data.ts';
import { helpNotice, privateAnswer, refusedNotice } from '../../slack/views/ephemerals.ts';
import { extendModal } from '../../slack/views/extend-modal.ts';
import { accountOptions, permissionSetOptions } from '../../slack/views/form-options.ts';
import { readText } from '../../slack/views/modal-parts.ts';
import { type RequestModalData, requestModal } from '../../slack/views/request-modal.ts';
import { showHome } from './home.ts';
import { type HttpAnswer, jsonAnswer, TAKEN } from './http.ts';
import { replyToAction } from './reply.ts';
import type { Services } from './services.ts';

/** The ways to the form: the command, the shortcut, the App Home, and the menus inside the form. */
export async function answerForm(
  call: SlashCommand | Shortcut | BlockSuggestion | AppHomeOpened,
  all: Services,
): Promise<HttpAnswer> {
  switch (call.kind) {
    case 'slash-command':
      if (call.command !== ACCESS_COMMAND) return TAKEN;
      if (asksForHelp(call.text)) return jsonAnswer(200, privateAnswer(helpNotice()));
      return openRequestForm(call, 'command', all);
    case 'shortcut':
      if (call.callbackId !== ACCESS_SHORTCUT) return TAKEN;
      return openRequestForm(call, 'shortcut', all);
    case 'app-home-opened':
      if (call.tab === 'home') await showHome(call.caller, all);
      return TAKEN;
    case 'block-suggestion':
      return jsonAnswer(200, await suggest(call, all));
  }
}

function asksForHelp(text: string): boolean {
  return /^(help|\?|-h|--help)$/i.test(text.trim());
}

/** Opens the form; what was typed behind the command is the reason. The person is identified first, so that nobody fills in a form that could only be refused. */
export async function openRequestForm(
  call: SlashCommand | Shortcut | BlockAction,
  origin: 'command' | 'shortcut' | 'home',
  all: Services,
): Promise<HttpAnswer> {
  const channel = call.kind === 'slash-command' ? call.channel : undefined;
  const reason = call.kind === 'slash-command' ? call.text.trim() : '';
  const data = { origin, ...(channel === undefined ? {} : { channel }) };
  return openForm(call, { data, ...(reason === '' ? {} : { initial: { reason } }) }, all);
}

/** "Extend" asks for more time on access that lasts. For its person alone, and as long as there is something to extend. */
export async function openExtendForm(call: BlockAction, requestId: string, all: Services): Promise<HttpAnswer> {
  const [who, named] = await Promise.all([identifyPerson(call.caller, all), all.requests.get(requestId)]);
  if (!who.identified) return replyToAction(call, refusedNotice(who.refusal), all);
  const access = named?.accessId === undefined ? named : await all.requests.get(named.accessId);
  if (access === undefined) return replyToAction(call, refusedNotice({ reason: 'unknown-request' }), all);
  if (access.requester.principalId !== who.person.principalId)
    return replyToAction(call, refusedNotice({ reason: 'not-yours' }), all);
  if (!isJoinable(access, all.now().toISOString()))
    return replyToAction(call, refusedNotice({ reason: 'access-over' }), all);
  if (call.triggerId === undefined) return TAKEN;
  const { channel, messageTs, kind } = access.origin;
  const data = {
    origin: kind === 'cli' ? ('command' as const) : kind,
    ...(channel === undefined ? {} : { channel }),
    ...(messageTs === undefined ? {} : { messageTs }),
  };
  const { maxDurationSeconds, defaultDurationSeconds } = all;
  await all.chat.openView(call.triggerId, extendModal({ access, data, maxDurationSeconds, defaultDurationSeconds }));
  return TAKEN;
}

async function openForm(
  call: SlashCommand | Shortcut | BlockAction,
  form: Pick<RequestModalData, 'data' | 'initial'>,
  all: Services,
): Promise<HttpAnswer> {
  const who = await identifyPerson(call.caller, all);
  if (!who.identified) {
    const notice = refusedNotice(who.refusal);
    if (call.kind === 'block-action') return replyToAction(call, notice, all);
    return call.kind === 'slash-command' ? jsonAnswer(200, privateAnswer(notice)) : TAKEN;
  }
  if (call.triggerId === undefined) return TAKEN;
  const { maxDurationSeconds, defaultDurationSeconds } = all;
  await all.chat.openView(call.triggerId, requestModal({ ...form, maxDurationSeconds, defaultDurationSeconds }));
  return TAKEN;
}

/** Keeps the chosen account in the form, where the menu of permission sets finds it. */
export async function noteAccount(call: BlockAction, all: Services): Promise<HttpAnswer> {
  const { view, action } = call;
  const data = view === undefined ? undefined : readModalData(view.privateMetadata);
  if (view === undefined || data === undefined) return TAKEN;
  const { maxDurationSeconds, defaultDurationSeconds } = all;
  const initial = { reason: readText(view.values, FIELDS.reason), ticket: readText(view.values, FIELDS.ticket) };
  const form = requestModal({
    data: { ...data, account: action.value },
    initial,
    maxDurationSeconds,
    defaultDurationSeconds,
  });
  await all.chat.updateView(view.id, form);
  return TAKEN;
}

/** What the form's menus offer: what this person may ask for, and nothing else. */
async function suggest(call: BlockSuggestion, all: Services): Promise<unknown> {
  const who = await identifyPerson(call.caller, all);
  if (!who.identified) return { options: [] };
  const { query, view } = call;
  if (call.actionId === FIELDS.account) {
    return accountOptions({ ...(await offerAccounts(who.person, query, all)), query });
  }
  if (call.actionId !== FIELDS.permissionSet) return { options: [] };
  const chosen = readModalData(view?.privateMetadata ?? '')?.account ?? view?.values[FIELDS.account];
  const permissionSets = await offerPermissionSets(who.person, chosen, all);
  return permissionSetOptions({ permissionSets, query });
}
