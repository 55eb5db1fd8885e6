import { castVote, mayVote, votesNeeded } from '../../core/access/approval/cast-vote.ts';
import {
  type ActionOutcome,
  cancelRequest,
  type EndOutcome,
  endEarly,
  mayEnd,
} from '../../core/access/lease/end-access.ts';
import type { AccessOutcome } from '../../core/access/request/request-access.ts';
import { mayReview, reviewAccess } from '../../core/access/review/review-access.ts';
import type { AccessRequest, Origin } from '../../core/model/request.ts';
import { ACTIONS, actionOf, FIELDS } from '../../slack/actions.ts';
import type { MessageView } from '../../slack/blocks.ts';
import { readBreakGlassButton } from '../../slack/break-glass-button.ts';
import type { BlockAction, LegacyAction } from '../../slack/call.ts';
import { approveModal } from '../../slack/views/approve-modal.ts';
import { breakGlassModal } from '../../slack/views/break-glass-modal.ts';
import { denyModal } from '../../slack/views/deny-modal.ts';
import { endModal } from '../../slack/views/end-modal.ts';
import {
  cancelledNotice,
  endingNotice,
  otherButtonNotice,
  refusedNotice,
  reviewedNotice,
  voteNotice,
} from '../../slack/views/ephemerals.ts';
import { questionReviewModal } from '../../slack/views/review-message.ts';
import { carryOut } from './ask.ts';
import { noteAccount, openExtendForm, openRequestForm } from './forms.ts';
import { refreshHome } from './home.ts';
import { type HttpAnswer, TAKEN } from './http.ts';
import { type ActionId, idempotencyKeyOf, isRequestId, requestIdOf } from './idempotency-key.ts';
import { refreshMessages } from './refresh.ts';
import { replyToAction } from './reply.ts';
import type { Services } from './services.ts';

/** A pressed button. What its value says is a claim: the request is read again, the person identified again. */
export async function answerBlockAction(
  call: LegacyAction | BlockAction,
  sentAt: string,
  all: Services,
): Promise<HttpAnswer> {
  const button = readBreakGlassButton(call);
  if (button.kind !== 'not-ours') return answerBreakGlass(call, button, sentAt, all);
  if (call.kind === 'legacy-action') return TAKEN;
  const action = actionOf(call.action.actionId);
  if (call.action.actionId === FIELDS.account) return noteAccount(call, all);
  if (action === ACTIONS.newRequest) return openRequestForm(call, 'home', all);
  if (action === undefined || action === ACTIONS.openPortal) return TAKEN;
  const requestId = call.action.value;
  if (!isRequestId(requestId)) return replyToAction(call, refusedNotice({ reason: 'unknown-request' }), all);
  const respond = async (
    outcome: ActionOutcome,
    notice: (request: AccessRequest) => MessageView,
  ): Promise<HttpAnswer> => {
    if (outcome.done) await refreshMessages(outcome.request, all);
    if (outcome.done && call.view !== undefined) await refreshHome(call.caller, all);
    return replyToAction(call, outcome.done ? notice(outcome.request) : refusalOf(outcome, action), all);
  };
  switch (action) {
    case ACTIONS.done:
      return respondToEnd(call, await endEarly(requestId, call.caller, all), all);
    case ACTIONS.endAccess:
      return openFor(call, await mayEnd(requestId, call.caller, all), endModal, all);
    case ACTIONS.cancel:
      return respond(await cancelRequest(requestId, call.caller, all), cancelledNotice);
    case ACTIONS.approve:
      return respond(await castVote(requestId, call.caller, { vote: 'approve' }, all), (request) =>
        voteNotice(request, 'approve', votesNeeded(request)),
      );
    case ACTIONS.acknowledgeReview:
      return respond(await reviewAccess(requestId, call.caller, { status: 'acknowledged' }, all), reviewedNotice);
    case ACTIONS.approveWithNote:
      return openFor(call, await mayVote(requestId, call.caller, 'approve', all), approveModal, all);
    case ACTIONS.deny:
      return openFor(call, await mayVote(requestId, call.caller, 'deny', all), denyModal, all);
    case ACTIONS.questionReview:
      return openFor(call, await mayReview(requestId, call.caller, all), questionReviewModal, all);
    case ACTIONS.extend:
      return openExtendForm(call, requestId, all);
    default:
      return TAKEN;
  }
}

/** "I'm done", with what stays: a later request, or what the person had before. */
async function respondToEnd(call: BlockAction, outcome: EndOutcome, all: Services): Promise<HttpAnswer> {
  if (outcome.done) await refreshMessages(outcome.request, all);
  if (outcome.done && call.view !== undefined) await refreshHome(call.caller, all);
  const notice = outcome.done ? endingNotice(outcome.request, outcome.later) : refusalOf(outcome, ACTIONS.done);
  return replyToAction(call, notice, all);
}

function refusalOf({ refusal, request }: Extract<ActionOutcome, { done: false }>, action: string): MessageView {
  const ends = action === ACTIONS.done || action === ACTIONS.cancel;
  const other = ends && refusal.reason === 'already-decided' && request !== undefined && otherButtonNotice(request);
  return other || refusedNotice(refusal);
}

/** Opens a form about a request, for those only whose answer would count now. Whether it does is judged again when it is sent. */
async function openFor(
  call: BlockAction,
  judged: ActionOutcome,
  view: (request: AccessRequest) => ReturnType<typeof denyModal>,
  all: Services,
): Promise<HttpAnswer> {
  if (!judged.done) return replyToAction(call, refusedNotice(judged.refusal), all);
  if (call.triggerId !== undefined) await all.chat.openView(call.triggerId, view(judged.request));
  return TAKEN;
}

async function answerBreakGlass(
  call: LegacyAction | BlockAction,
  button: Exclude<ReturnType<typeof readBreakGlassButton>, { kind: 'not-ours' }>,
  sentAt: string,
  all: Services,
): Promise<HttpAnswer> {
  const actionId = actionIdOf(call, sentAt);
  const origin: Origin = {
    kind: 'alert',
    ...(call.channel === undefined ? {} : { channel: call.channel }),
    ...(call.message === undefined ? {} : { messageTs: call.message.threadTs ?? call.message.ts }),
  };
  const asked = button.kind === 'ask' ? button : { reason: '', ticket: '' };
  const { outcome, notice } = await carryOut(
    {
      requestId: requestIdOf(actionId),
      caller: call.caller,
      wanted: button.kind === 'ask' ? button.wanted : { unreadable: button.refusal },
      reason: asked.reason,
      ticket: asked.ticket,
      origin,
      clickKey: idempotencyKeyOf(actionId),
      ...('durationSeconds' in asked && asked.durationSeconds !== undefined
        ? { durationSeconds: asked.durationSeconds }
        : {}),
    },
    all,
  );
  if (outcome.outcome === 'confirm' && button.kind === 'ask')
    return confirmBreakGlass(call, button, outcome, origin, idempotencyKeyOf(actionId), all);
  return replyToAction(call, notice, all);
}

/** Access that nobody approves takes a second, deliberate step: a form that says how audited it is, and asks why. */
async function confirmBreakGlass(
  call: LegacyAction | BlockAction,
  button: {
    readonly wanted: Parameters<typeof breakGlassModal>[0]['data']['wanted'] & object;
    readonly reason: string;
    readonly ticket: string;
  },
  outcome: Extract<AccessOutcome, { outcome: 'confirm' }>,
  origin: Origin,
  clickKey: string,
  all: Services,
): Promise<HttpAnswer> {
  if (call.triggerId === undefined) return TAKEN;
  await all.chat.openView(
    call.triggerId,
    breakGlassModal({
      asked: outcome.request,
      data: {
        origin: 'alert',
        clickKey,
        wanted: button.wanted,
        durationSeconds: outcome.request.durationSeconds,
        ...(origin.channel === undefined ? {} : { channel: origin.channel }),
        ...(origin.messageTs === undefined ? {} : { messageTs: origin.messageTs }),
      },
      reason: button.reason,
      ticket: button.ticket,
    }),
  );
  return TAKEN;
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
    // A call without Slack's own stamp is told apart by the signed time of its delivery.
    pressedAt: call.actionTs ?? call.triggerId ?? sentAt,
  };
}
