import { castVote, mayVote, votesNeeded } from '../../core/access/approval/cast-vote.ts';
import { claimRequest, nudgeApprovers } from '../../core/access/approval/take-part.ts';
import {
  type ActionOutcome,
  cancelRequest,
  type EndOutcome,
  endEarly,
  mayEnd,
} from '../../core/access/lease/revoke/end-access.ts';
import { mayAnswer, mayReview, reviewAccess } from '../../core/access/review/review-access.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import { ACTIONS, actionOf, FIELDS } from '../../slack/actions.ts';
import type { MessageView } from '../../slack/blocks.ts';
import type { BlockAction, LegacyAction } from '../../slack/call.ts';
import { readBreakGlassButton } from '../../slack/payload/break-glass-button.ts';
import { approveModal } from '../../slack/views/approving/approve-modal.ts';
import { claimedNotice, nudgedNotice } from '../../slack/views/approving/approver-notices.ts';
import { denyModal } from '../../slack/views/approving/deny-modal.ts';
import { endModal } from '../../slack/views/end-modal.ts';
import {
  cancelledNotice,
  endingNotice,
  otherButtonNotice,
  reviewedNotice,
  voteNotice,
} from '../../slack/views/ephemerals.ts';
import { answerModal } from '../../slack/views/reporting/report-card.ts';
import { questionReviewModal } from '../../slack/views/reporting/review-message.ts';
import { isRequestId } from '../shared/request-id.ts';
import { answerBreakGlass } from './break-glass.ts';
import { openExtendForm } from './extend.ts';
import { askAgain, fillForm, refreshForm } from './forms/forms.ts';
import { openRequestForm } from './forms/open-form.ts';
import { refreshMessages } from './forms/refresh.ts';
import { openHandOn } from './hand-on.ts';
import { refreshHome } from './home.ts';
import { type HttpAnswer, TAKEN } from './http.ts';
import { noteRefused, noticeOfRefusal, replyRefused } from './refused-action.ts';
import { replyToAction } from './reply.ts';
import type { Services } from './services.ts';
import { askSoFar } from './so-far.ts';

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
  if (call.view !== undefined && Object.values<string>(FIELDS).includes(call.action.actionId))
    return refreshForm(call, all);
  if (action === ACTIONS.newRequest) return openRequestForm(call, { data: { origin: 'home' } }, all);
  if (action === ACTIONS.fillIn) return fillForm(call, all);
  if (action === ACTIONS.askAgain) return askAgain(call, all);
  if (action === undefined || action === ACTIONS.openPortal) return TAKEN;
  const requestId = call.action.value;
  if (!isRequestId(requestId)) return replyRefused(call, requestId, { reason: 'unknown-request' }, all);
  const respond = async (
    outcome: ActionOutcome,
    notice: (request: AccessRequest) => MessageView,
  ): Promise<HttpAnswer> => {
    if (outcome.done) await refreshMessages(outcome.request, all);
    else await noteRefused(call, requestId, outcome.refusal, all);
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
    case ACTIONS.claim:
      return respond(await claimRequest(requestId, call.caller, all), claimedNotice);
    case ACTIONS.handOn:
      return openHandOn(call, await mayVote(requestId, call.caller, 'approve', all), all);
    case ACTIONS.nudge:
      return respond(await nudgeApprovers(requestId, call.caller, all), nudgedNotice);
    case ACTIONS.acknowledgeReview:
      return respond(await reviewAccess(requestId, call.caller, { status: 'acknowledged' }, all), reviewedNotice);
    case ACTIONS.approveWithNote:
      return openFor(call, await mayVote(requestId, call.caller, 'approve', all), approveModal, all);
    case ACTIONS.deny:
      return openFor(call, await mayVote(requestId, call.caller, 'deny', all), denyModal, all);
    case ACTIONS.questionReview:
      return openFor(call, await mayReview(requestId, call.caller, all), questionReviewModal, all);
    case ACTIONS.answerReview:
      return openFor(call, await mayAnswer(requestId, call.caller, all), answerModal, all);
    case ACTIONS.soFar:
      return askSoFar(call, requestId, all);
    case ACTIONS.extend:
      return openExtendForm(call, requestId, all);
    default:
      return TAKEN;
  }
}

/** "I'm done", with what stays: a later request, or what the person had before. Of an approver, who may end it, the form asks why. */
async function respondToEnd(call: BlockAction, outcome: EndOutcome, all: Services): Promise<HttpAnswer> {
  if (!outcome.done && outcome.refusal.reason === 'reason-required' && outcome.request !== undefined)
    return openFor(call, { done: true, request: outcome.request }, endModal, all);
  if (outcome.done) await refreshMessages(outcome.request, all);
  else await noteRefused(call, call.action.value, outcome.refusal, all);
  if (outcome.done && call.view !== undefined) await refreshHome(call.caller, all);
  const notice = outcome.done ? endingNotice(outcome.request, outcome) : refusalOf(outcome, ACTIONS.done);
  return replyToAction(call, notice, all);
}

function refusalOf({ refusal, request }: Extract<ActionOutcome, { done: false }>, action: string): MessageView {
  const ends = action === ACTIONS.done || action === ACTIONS.cancel;
  const other = ends && refusal.reason === 'already-decided' && request !== undefined && otherButtonNotice(request);
  return other || noticeOfRefusal(refusal, request);
}

/** Opens a form about a request, for those only whose answer would count now. Whether it does is judged again when it is sent. */
async function openFor(
  call: BlockAction,
  judged: ActionOutcome,
  view: (request: AccessRequest) => ReturnType<typeof denyModal>,
  all: Services,
): Promise<HttpAnswer> {
  if (!judged.done) {
    await noteRefused(call, call.action.value, judged.refusal, all);
    return replyToAction(call, noticeOfRefusal(judged.refusal, judged.request), all);
  }
  if (call.triggerId !== undefined) await all.chat.openView(call.triggerId, view(judged.request));
  return TAKEN;
}
