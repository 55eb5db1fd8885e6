import { type AccessOutcome, lacksTextOnly } from '../../core/access/request/request-access.ts';
import type { AboutMessage, AccessRequest, Origin } from '../../core/model/request.ts';
import type { BlockAction, LegacyAction } from '../../slack/call.ts';
import type { ModalData } from '../../slack/modal-data.ts';
import type { readBreakGlassButton } from '../../slack/payload/break-glass-button.ts';
import { breakGlassModal } from '../../slack/views/asking/break-glass-modal.ts';
import { logFailure } from '../shared/log.ts';
import { carryOut } from './ask.ts';
import { filledWith, openRequestForm } from './forms/open-form.ts';
import type { HttpAnswer } from './http.ts';
import { type ActionId, idempotencyKeyOf, requestIdOf } from './idempotency-key.ts';
import { openModal, replyToAction } from './reply.ts';
import type { Services } from './services.ts';

type Button = Exclude<ReturnType<typeof readBreakGlassButton>, { kind: 'not-ours' }>;

/**
 * Answers the button of an alert by submitting its ask at once. If only a reason or ticket is missing, a form opens for
 * them; break-glass access is confirmed in a form first.
 */
export async function answerBreakGlass(
  call: LegacyAction | BlockAction,
  button: Button,
  sentAt: string,
  all: Services,
): Promise<HttpAnswer> {
  const actionId = actionIdOf(call, sentAt);
  const clickKey = idempotencyKeyOf(actionId);
  const origin: Origin = {
    kind: 'alert',
    channel: call.channel,
    ...(call.message === undefined ? {} : { messageTs: call.message.threadTs ?? call.message.ts }),
  };
  const about = aboutMessage(call.message);
  const asked = button.kind === 'ask' ? button : { reason: '', ticket: '' };
  const { outcome, notice } = await carryOut(
    {
      requestId: requestIdOf(actionId),
      caller: call.caller,
      wanted: button.kind === 'ask' ? button.wanted : { unreadable: button.refusal },
      reason: asked.reason,
      ticket: asked.ticket,
      origin,
      clickKey,
      about,
      ...('durationSeconds' in asked && asked.durationSeconds !== undefined
        ? { durationSeconds: asked.durationSeconds }
        : {}),
    },
    all,
  );
  const data: ModalData = {
    origin: 'alert',
    clickKey,
    channel: origin.channel,
    messageTs: origin.messageTs,
    about,
  };
  if (outcome.outcome === 'confirm' && button.kind === 'ask')
    return confirmBreakGlass(call, button, outcome, data, all);
  // The button cannot carry these texts, so the form asks for them. Its `trigger_id` is valid for three seconds only.
  if (outcome.outcome === 'refused' && outcome.decision !== undefined && lacksTextOnly(outcome.decision))
    await openCompletion(call, outcome.request, asked, data, all);
  return replyToAction(call, notice, all);
}

/**
 * Opens the form, filled in, for the missing texts. If Slack refuses the form, the person still gets the refusal's
 * reason.
 */
async function openCompletion(
  call: LegacyAction | BlockAction,
  request: AccessRequest,
  texts: { readonly reason: string; readonly ticket: string },
  data: ModalData,
  all: Services,
): Promise<void> {
  const state = filledWith(request, data);
  const { durationSeconds } = request;
  try {
    await openRequestForm(call, { ...state, initial: { ...state.initial, durationSeconds, ...texts } }, all);
  } catch (error) {
    logFailure('slack.form-not-opened', error);
  }
}

/** The message an ask is about, cut to what a form's hidden data can carry. */
export function aboutMessage(message: LegacyAction['message']): AboutMessage | undefined {
  if (message === undefined || (message.words ?? '') === '') return undefined;
  const { words = '', channel, ts, link } = message;
  return { text: words.slice(0, 400), channel, ts, ...(link === undefined || link.length > 200 ? {} : { link }) };
}

/**
 * Break-glass access, which nobody approves, takes a second, deliberate step: a form that says how the access is
 * audited and asks for the reason.
 */
async function confirmBreakGlass(
  call: LegacyAction | BlockAction,
  button: Extract<Button, { kind: 'ask' }>,
  { request, decision }: Extract<AccessOutcome, { outcome: 'confirm' }>,
  data: ModalData,
  all: Services,
): Promise<HttpAnswer> {
  const view = breakGlassModal({
    asked: request,
    data,
    reason: button.reason,
    ticket: button.ticket,
    minReasonLength: decision.demands?.reasonMinLength ?? 1,
    ticketRequired: (decision.demands?.ticketPatterns.length ?? 0) > 0,
  });
  return openModal(call, view, all);
}

function actionIdOf(call: LegacyAction | BlockAction, sentAt: string): ActionId {
  const legacy = call.kind === 'legacy-action';
  return {
    teamId: call.caller.teamId,
    slackId: call.caller.slackId,
    channel: call.channel ?? '',
    messageTs: call.message?.ts ?? '',
    button: legacy
      ? JSON.stringify([call.callbackId, call.action.name, call.action.value])
      : JSON.stringify([call.action.actionId, call.action.value]),
    // A call without an action timestamp or trigger id is identified by the time at which Slack signed it.
    pressedAt: call.actionTs ?? call.triggerId ?? sentAt,
  };
}
