import { endEarly } from '../../core/access/lease/revoke/end-access.ts';
import { type IdentifiedPerson, identifyPerson } from '../../core/access/request/identity/identify.ts';
import { businessOf } from '../../core/access/request/identity/own-business.ts';
import { offerAccounts, offerPermissionSets } from '../../core/access/request/target/offer-access.ts';
import { pickNamed } from '../../core/access/request/target/pick-named.ts';
import { refusal } from '../../core/model/refusal.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import { isGroupTarget } from '../../core/model/target.ts';
import type { SlashCommand } from '../../slack/call.ts';
import { type AskCommand, type HeldCommand, readAccessCommand } from '../../slack/payload/access-command.ts';
import { breakGlassModal } from '../../slack/views/asking/break-glass-modal.ts';
import { ACCOUNT_GROUP_PREFIX } from '../../slack/views/asking/form-options.ts';
import type { Choice } from '../../slack/views/asking/request-modal.ts';
import { endingNotice, helpNotice, privateAnswer } from '../../slack/views/ephemerals.ts';
import { accessListNotice } from '../../slack/views/home.ts';
import { carryOut } from './ask.ts';
import { openExtendFor } from './extend.ts';
import { refreshMessages } from './forms/refresh.ts';
import { type FormState, renderRequestForm } from './forms/request-form.ts';
import { type HttpAnswer, jsonAnswer } from './http.ts';
import { requestIdOf } from './idempotency-key.ts';
import { refuse } from './refused-action.ts';
import { openModal } from './reply.ts';
import type { Services } from './services.ts';

/** Answers `/access …`. The person is identified first, so that nobody fills in a form that could only be refused. */
export async function answerCommand(call: SlashCommand, sentAt: string, all: Services): Promise<HttpAnswer> {
  const command = readAccessCommand(call.text);
  if (command.verb === 'help') return jsonAnswer(200, privateAnswer(helpNotice()));
  const who = await identifyPerson(call.caller, all);
  if (!who.identified) {
    const { strangers } = await refuse(call, who, all);
    return jsonAnswer(200, privateAnswer(strangers.notice()));
  }
  if (command.verb === 'status') return answerStatus(who.person, all);
  if (command.verb === 'end' || command.verb === 'extend') {
    const answer = await answerAboutHeld(command, call, who.person, all);
    if (answer !== undefined) return answer;
  }
  return fillOrSend(asAsk(command), call, sentAt, who.person, all);
}

/** A text that starts with a verb but names no access of the person is a reason after all: "end of the month". */
function asAsk(command: AskCommand | HeldCommand): AskCommand {
  return command.verb === 'ask' ? command : { verb: 'ask', words: [], reason: command.text, text: command.text };
}

async function answerStatus(person: IdentifiedPerson, all: Services): Promise<HttpAnswer> {
  const business = await businessOf(person.principalId, all);
  return jsonAnswer(200, privateAnswer(accessListNotice(business, all.settings.portalUrl)));
}

/**
 * Ends or extends the access that the words name. If they match more than one, all matches are listed with their
 * buttons. `undefined`: the words match no access of the person.
 */
async function answerAboutHeld(
  command: HeldCommand,
  call: SlashCommand,
  { principalId }: IdentifiedPerson,
  all: Services,
): Promise<HttpAnswer | undefined> {
  const business = await businessOf(principalId, all);
  const held = business.active.filter(({ state }) => state === 'active');
  const meant = held.filter((request) => command.words.every((word) => names(request, word)));
  const [only, ...others] = meant;
  if (only === undefined && command.words.length > 0) return undefined;
  if (only === undefined) return refuseHeld(call, { refusal: refusal('nothing-held') }, all);
  if (others.length > 0)
    return jsonAnswer(200, privateAnswer(accessListNotice({ ...business, active: meant }, all.settings.portalUrl)));
  if (command.verb === 'extend') return openExtendFor(only, call, all, command.durationSeconds);
  const outcome = await endEarly(only.id, call.caller, all);
  if (!outcome.done) return refuseHeld(call, { refusal: outcome.refusal, named: only.id }, all);
  await refreshMessages(outcome.request, all);
  return jsonAnswer(200, privateAnswer(endingNotice(outcome.request, outcome)));
}

async function refuseHeld(call: SlashCommand, why: Parameters<typeof refuse>[1], all: Services): Promise<HttpAnswer> {
  const { notice } = await refuse(call, why, all);
  return jsonAnswer(200, privateAnswer(notice));
}

function names({ target, names: known }: AccessRequest, word: string): boolean {
  const ids = isGroupTarget(target) ? [target.groupId] : [target.accountId];
  const called = [known.accountName, known.permissionSetName, known.groupName, ...ids];
  return called.some((name) => name?.toLowerCase().includes(word.toLowerCase()) === true);
}

/** Submits an ask that is complete and unambiguous. Any other opens the form, filled in as far as it was understood. */
async function fillOrSend(
  command: AskCommand,
  call: SlashCommand,
  sentAt: string,
  person: IdentifiedPerson,
  all: Services,
): Promise<HttpAnswer> {
  const { channel } = call;
  const data = { origin: 'command' as const, channel };
  const meant = await understand(command, person, all);
  if (meant === undefined) return open(call, person, { data, initial: { reason: command.text } }, all);
  const { account, permissionSet, doubts } = meant;
  const form: FormState = {
    data: { ...data, account: account.value },
    initial: {
      account,
      permissionSet,
      durationSeconds: command.durationSeconds,
      reason: command.reason,
    },
    chosen: { account: account.value, ...(permissionSet === undefined ? {} : { permissionSet: permissionSet.value }) },
    ...(doubts === '' ? {} : { hint: doubts }),
  };
  const isComplete = command.durationSeconds !== undefined && command.reason !== '' && doubts === '';
  const { view, preview } = await renderRequestForm(person, form, all);
  const isClear =
    isComplete && preview !== undefined && preview.outcome !== 'refused' && preview.ticketPatterns.length === 0;
  if (!isClear || preview.durationSeconds !== command.durationSeconds) return openModal(call, view, all);
  const wanted = isGroupTarget(preview.target)
    ? { group: preview.target.groupId }
    : { accountId: preview.target.accountId, permissionSet: preview.target.permissionSetArn };
  const { outcome, notice } = await carryOut(
    {
      requestId: requestIdOf({
        teamId: call.caller.teamId,
        slackId: call.caller.slackId,
        channel: channel ?? '',
        messageTs: '',
        button: call.text,
        pressedAt: call.triggerId ?? sentAt,
      }),
      caller: call.caller,
      wanted,
      durationSeconds: preview.durationSeconds,
      reason: command.reason,
      ticket: '',
      origin: { kind: 'command', channel },
      canComplete: true,
    },
    all,
  );
  // The reason is too short, or the policies changed since the preview: open the form, which says so.
  if (outcome.outcome === 'incomplete') return openModal(call, view, all);
  if (outcome.outcome !== 'confirm') return jsonAnswer(200, privateAnswer(notice));
  const confirm = breakGlassModal({
    asked: outcome.request,
    data,
    reason: command.reason,
  });
  return openModal(call, confirm, all);
}

interface Meant {
  readonly account: Choice;
  readonly permissionSet?: Choice;
  /** Which other accounts or permission sets the words match; plain text. */
  readonly doubts: string;
}

/**
 * The account and permission set that the words name, among those the person may ask for. `undefined`: the words are a
 * reason.
 */
async function understand(
  { words, durationSeconds, reason, text }: AskCommand,
  person: IdentifiedPerson,
  all: Services,
): Promise<Meant | undefined> {
  const [first, second, third] = words;
  if (first === undefined || third !== undefined) return undefined;
  const offered = await offerAccounts(person, first, all);
  const groups = offered.groups.map(({ id, name }) => ({ id: `${ACCOUNT_GROUP_PREFIX}${id}`, name }));
  const account = pickNamed([...offered.accounts, ...groups], first);
  if (account === undefined) return undefined;
  const isGroup = account.one.id.startsWith(ACCOUNT_GROUP_PREFIX);
  const sets = isGroup || second === undefined ? [] : await offerPermissionSets(person, account.one.id, all);
  const set =
    second === undefined
      ? undefined
      : pickNamed(
          sets.map((each) => ({ ...each, id: each.arn })),
          second,
        );
  // A single word that matches an account name is often just the first word of a sentence.
  const isSentence =
    second !== undefined ? set === undefined : durationSeconds === undefined && text !== first && reason === '';
  if (isSentence) return undefined;
  const doubts = [
    ...doubt(
      first,
      account.others.map(({ name }) => name),
    ),
    ...doubt(
      second ?? '',
      (set?.others ?? []).map(({ name }) => name),
    ),
  ];
  return {
    account: { label: account.one.name, value: account.one.id },
    ...(set === undefined ? {} : { permissionSet: { label: set.one.name, value: set.one.arn } }),
    doubts: doubts.join(' '),
  };
}

function doubt(word: string, others: readonly string[]): string[] {
  return others.length === 0
    ? []
    : [`"${word}" could also be ${others.slice(0, 5).join(' or ')}: look what is chosen before you send.`];
}

async function open(call: SlashCommand, person: IdentifiedPerson, form: FormState, all: Services): Promise<HttpAnswer> {
  const { view } = await renderRequestForm(person, form, all);
  return openModal(call, view, all);
}
