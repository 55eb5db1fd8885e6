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
import { ACKNOWLEDGED, type HttpAnswer } from './http.ts';
import { refuse, replyRefused, replyUnknown } from './refused-action.ts';
import { openModal, replyToAction } from './reply.ts';
import type { Services } from './services.ts';
import { askSoFar } from './so-far.ts';

/** Answers a pressed button. Its value proves nothing: the request is read again and the person identified again. */
export async function answerBlockAction(
  call: LegacyAction | BlockAction,
  sentAt: string,
  all: Services,
): Promise<HttpAnswer> {
  const button = readBreakGlassButton(call);
  if (button.kind !== 'not-ours') return answerBreakGlass(call, button, sentAt, all);
  if (call.kind === 'legacy-action') return ACKNOWLEDGED;
  const action = actionOf(call.action.actionId);
  if (call.view !== undefined && Object.values<string>(FIELDS).includes(call.action.actionId))
    return refreshForm(call, all);
  if (action === ACTIONS.newRequest) return openRequestForm(call, { data: { origin: 'home' } }, all);
  if (action === ACTIONS.fillIn) return fillForm(call, all);
  if (action === ACTIONS.askAgain) return askAgain(call, all);
  if (action === undefined || action === ACTIONS.openPortal) return ACKNOWLEDGED;
  const requestId = call.action.value;
  if (!isRequestId(requestId)) return replyUnknown(call, all);
  const respond = async (
    outcome: ActionOutcome,
    notice: (request: AccessRequest) => MessageView,
  ): Promise<HttpAnswer> => {
    if (!outcome.done) return replyNotDone(call, action, outcome, all);
    return replyDone(call, outcome.request, notice(outcome.request), all);
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
      return ACKNOWLEDGED;
  }
}

/**
 * Answers "I'm done" with a notice of what remains: a later request, or what the person had before. An approver, who
 * may end the access too, gets the form that asks for the reason.
 */
async function respondToEnd(call: BlockAction, outcome: EndOutcome, all: Services): Promise<HttpAnswer> {
  if (!outcome.done && outcome.refusal.reason === 'reason-required' && outcome.request !== undefined)
    return openFor(call, { done: true, request: outcome.request }, endModal, all);
  if (!outcome.done) return replyNotDone(call, ACTIONS.done, outcome, all);
  return replyDone(call, outcome.request, endingNotice(outcome.request, outcome), all);
}

/**
 * Updates the messages (and the App Home, if the button was there), and confirms the action to the person who pressed.
 */
async function replyDone(
  call: BlockAction,
  request: AccessRequest,
  notice: MessageView,
  all: Services,
): Promise<HttpAnswer> {
  await refreshMessages(request, all);
  if (call.view !== undefined) await refreshHome(call.caller, all);
  return replyToAction(call, notice, all);
}

/** Refuses a press. A person who pressed the wrong one of "I'm done" and "Cancel" is told to use the other button. */
async function replyNotDone(
  call: BlockAction,
  action: string,
  { refusal, request }: Extract<ActionOutcome, { done: false }>,
  all: Services,
): Promise<HttpAnswer> {
  const { notice } = await refuse(call, { refusal, request, named: call.action.value }, all);
  const ends = action === ACTIONS.done || action === ACTIONS.cancel;
  const other = ends && refusal.reason === 'already-decided' && request !== undefined && otherButtonNotice(request);
  return replyToAction(call, other || notice, all);
}

/** Opens a form about a request, if the person's answer would count now. It is checked again when the form is sent. */
async function openFor(
  call: BlockAction,
  judged: ActionOutcome,
  view: (request: AccessRequest) => ReturnType<typeof denyModal>,
  all: Services,
): Promise<HttpAnswer> {
  if (!judged.done) return replyRefused(call, call.action.value, judged, all);
  return openModal(call, view(judged.request), all);
}
