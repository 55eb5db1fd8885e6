import { identifyPerson } from '../../core/access/identify.ts';
import { isGroupTarget } from '../../core/access/target.ts';
import { ACCESS_COMMAND, ACCESS_SHORTCUT, FIELDS } from '../../slack/actions.ts';
import type { AppHomeOpened, BlockPress, BlockSuggestion, Shortcut, SlashCommand } from '../../slack/call.ts';
import { privateAnswer, refusedNotice } from '../../slack/views/ephemerals.ts';
import { ACCOUNT_GROUP_PREFIX, accountOptions, permissionSetOptions } from '../../slack/views/form-options.ts';
import { homeView } from '../../slack/views/home.ts';
import { type RequestModalData, requestModal } from '../../slack/views/request-modal.ts';
import { type HttpAnswer, jsonAnswer, TAKEN } from './http.ts';
import { replyToPress } from './reply.ts';
import type { Services } from './services.ts';

/** The ways to the form: the command, the shortcut, the App Home, and the menus inside the form. */
export async function answerForm(
  call: SlashCommand | Shortcut | BlockSuggestion | AppHomeOpened,
  all: Services,
): Promise<HttpAnswer> {
  switch (call.kind) {
    case 'slash-command':
      if (call.command !== ACCESS_COMMAND) return TAKEN;
      return openRequestForm(call, 'command', all);
    case 'shortcut':
      if (call.callbackId !== ACCESS_SHORTCUT) return TAKEN;
      return openRequestForm(call, 'shortcut', all);
    case 'app-home-opened':
      await showHome(call, all);
      return TAKEN;
    case 'block-suggestion':
      return jsonAnswer(200, await suggest(call, all));
  }
}

/** Opens the empty form. The person is identified first, so that nobody fills in a form that could only be refused. */
export async function openRequestForm(
  call: SlashCommand | Shortcut | BlockPress,
  origin: 'command' | 'shortcut' | 'home',
  all: Services,
): Promise<HttpAnswer> {
  const channel = call.kind === 'slash-command' ? call.channel : undefined;
  return openForm(call, { data: { origin, ...(channel === undefined ? {} : { channel }) } }, all);
}

/** "Extend" is another request for the same target: the form, filled in with it. */
export async function openExtendForm(call: BlockPress, requestId: string, all: Services): Promise<HttpAnswer> {
  const request = await all.requests.get(requestId);
  if (request === undefined) return replyToPress(call, refusedNotice({ reason: 'unknown-request' }), all);
  if (request.requester.slackId !== call.caller.slackId)
    return replyToPress(call, refusedNotice({ reason: 'not-yours' }), all);
  const { target, names, reason, ticket, origin } = request;
  const initial: RequestModalData['initial'] = isGroupTarget(target)
    ? {
        account: { label: names.groupName ?? target.groupId, value: `${ACCOUNT_GROUP_PREFIX}${target.groupId}` },
        reason,
        ticket,
      }
    : {
        account: { label: names.accountName ?? target.accountId, value: target.accountId },
        permissionSet: { label: names.permissionSetName ?? target.permissionSetArn, value: target.permissionSetArn },
        reason,
        ticket,
      };
  const data = {
    origin: 'alert' as const,
    ...(origin.channel === undefined ? {} : { channel: origin.channel }),
    ...(origin.messageTs === undefined ? {} : { messageTs: origin.messageTs }),
  };
  return openForm(call, { data, initial }, all);
}

async function openForm(
  call: SlashCommand | Shortcut | BlockPress,
  form: Pick<RequestModalData, 'data' | 'initial'>,
  all: Services,
): Promise<HttpAnswer> {
  const who = await identifyPerson(call.caller, all);
  if (!who.identified) {
    const notice = refusedNotice(who.refusal);
    if (call.kind === 'block-press') return replyToPress(call, notice, all);
    return call.kind === 'slash-command' ? jsonAnswer(200, privateAnswer(notice)) : TAKEN;
  }
  if (call.triggerId === undefined) return TAKEN;
  const { maxDurationSeconds, defaultDurationSeconds } = all;
  await all.chat.openView(call.triggerId, requestModal({ ...form, maxDurationSeconds, defaultDurationSeconds }));
  return TAKEN;
}

/** What the form's menus offer: the accounts and permission sets that Glasshammer may give at all. */
async function suggest(call: BlockSuggestion, all: Services): Promise<unknown> {
  const who = await identifyPerson(call.caller, all);
  if (!who.identified) return { options: [] };
  const { query } = call;
  if (call.actionId === FIELDS.permissionSet)
    return permissionSetOptions({ permissionSets: all.permissionSets, query });
  if (call.actionId !== FIELDS.account) return { options: [] };
  const accounts = await all.accounts();
  return accountOptions({ accounts, groups: [], query });
}

async function showHome(call: AppHomeOpened, all: Services): Promise<void> {
  if (call.tab !== 'home') return;
  const who = await identifyPerson(call.caller, all);
  if (!who.identified) return;
  const { principalId } = who.person;
  const open = [];
  for await (const request of all.requests.inStates(['pending', 'scheduled', 'granting', 'active', 'ending']))
    open.push(request);
  const reviews = [];
  for await (const { requestId } of all.reviews.owed()) {
    const request = await all.requests.get(requestId);
    if (request?.review?.status === 'owed' && request.review.approvers.includes(principalId)) reviews.push(request);
  }
  const mine = open.filter((request) => request.requester.principalId === principalId);
  const waits = (state: string) => state === 'pending' || state === 'scheduled';
  const toDecide = open.filter(
    (request) =>
      request.state === 'pending' &&
      request.asked?.waitingPaths.some(({ approvals }) =>
        approvals.some(({ approvers }) => approvers.includes(principalId)),
      ),
  );
  await all.chat.publishHome(
    call.caller.slackId,
    homeView({
      active: mine.filter(({ state }) => !waits(state)),
      pending: mine.filter(({ state }) => waits(state)),
      toDecide,
      reviews,
      portalUrl: all.settings.portalUrl,
    }),
  );
}
