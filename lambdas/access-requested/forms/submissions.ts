import { castVote, votesNeeded } from '../../../core/access/approval/cast-vote.ts';
import { type ActionOutcome, endEarly } from '../../../core/access/lease/revoke/end-access.ts';
import { askPerson, postBelowCards } from '../../../core/access/notify/status-messages.ts';
import { identifyPerson } from '../../../core/access/request/identity/identify.ts';
import { previewAccess } from '../../../core/access/request/preview-access.ts';
import type { AccessInput } from '../../../core/access/request/request-access.ts';
import { answerReview, reviewAccess } from '../../../core/access/review/review-access.ts';
import { refusal } from '../../../core/model/refusal.ts';
import type { AccessRequest, Origin } from '../../../core/model/request.ts';
import { FIELDS, MODALS } from '../../../slack/actions.ts';
import type { MessageView } from '../../../slack/blocks.ts';
import type { ViewSubmission } from '../../../slack/call.ts';
import { fieldErrorsOf } from '../../../slack/field-errors.ts';
import { type ModalData, readModalData } from '../../../slack/modal-data.ts';
import { peopleOf } from '../../../slack/people.ts';
import { readApproveModal } from '../../../slack/views/approving/approve-modal.ts';
import { handedOnTo } from '../../../slack/views/approving/approver-notices.ts';
import { readDenyModal } from '../../../slack/views/approving/deny-modal.ts';
import { readHandOnModal } from '../../../slack/views/approving/hand-on-modal.ts';
import { breakGlassModal, readBreakGlassModal } from '../../../slack/views/asking/break-glass-modal.ts';
import { readRequestModal, readWanted } from '../../../slack/views/asking/request-modal.ts';
import { readEndModal } from '../../../slack/views/end-modal.ts';
import { answeredNotice, endedForNotice, reviewedNotice, voteNotice } from '../../../slack/views/ephemerals.ts';
import { readExtendModal } from '../../../slack/views/extend-modal.ts';
import { errorsAnswer, type FieldErrors, readDuration, readStart, readText } from '../../../slack/views/modal-parts.ts';
import { readAnswerModal } from '../../../slack/views/reporting/report-card.ts';
import { readQuestionReviewModal } from '../../../slack/views/reporting/review-message.ts';
import { LATEST_START_MS } from '../../shared/latest-start.ts';
import { logFailure } from '../../shared/log.ts';
import { METRICS } from '../../shared/monitoring/metric-catalog.ts';
import { count } from '../../shared/monitoring/metrics.ts';
import { isRequestId } from '../../shared/request-id.ts';
import { carryOut } from '../ask.ts';
import { submitHandOn } from '../hand-on.ts';
import { ACKNOWLEDGED, type HttpAnswer, jsonAnswer } from '../http.ts';
import { requestIdOf } from '../idempotency-key.ts';
import { refuse } from '../refused-action.ts';
import { notifyPrivately } from '../reply.ts';
import type { Services } from '../services.ts';
import { refreshMessages } from './refresh.ts';

/** Slack's picker has whole minutes, so the minute that has already begun counts as now. */
const MINUTE_MS = 60_000;

/** Why a form is refused that does not say what it is for. */
const UNREADABLE = refusal('unreadable-button', 'its form does not say what it is for');

/** Answers a sent form. Its hidden data proves nothing, just like a button's value. */
export async function answerSubmission(call: ViewSubmission, sentAt: string, all: Services): Promise<HttpAnswer> {
  // A form without its data is answered like one whose request or target is gone.
  const data = readModalData(call.view.privateMetadata) ?? {};
  // Text that cannot be a request id becomes an id that no request has.
  const requestId = isRequestId(data.requestId ?? '') ? (data.requestId ?? '') : 'none';
  switch (call.view.callbackId) {
    case MODALS.request:
      return submitRequest(call, data, sentAt, all);
    case MODALS.confirmBreakGlass:
      return submitBreakGlass(call, data, sentAt, all);
    case MODALS.extend:
      return submitExtension(call, data, requestId, sentAt, all);
    case MODALS.approve: {
      const request = await all.requests.get(requestId);
      const form = request === undefined ? { note: '' } : readApproveModal(call.view, request);
      const outcome = await castVote(requestId, call.caller, { vote: 'approve', ...form }, all);
      return concludeAction(call, outcome, (after) => voteNotice(after, 'approve', votesNeeded(after)), all);
    }
    case MODALS.deny: {
      const form = readDenyModal(call.view);
      if (!form.ok) return fieldErrors(form.errors, call);
      const outcome = await castVote(requestId, call.caller, { vote: 'deny', note: form.note }, all);
      return concludeAction(call, outcome, (after) => voteNotice(after, 'deny'), all);
    }
    case MODALS.endAccess: {
      const form = readEndModal(call.view);
      if (!form.ok) return fieldErrors(form.errors, call);
      const outcome = await endEarly(requestId, call.caller, all, { note: form.note });
      return concludeAction(call, outcome, (after) => endedForNotice(after), all);
    }
    case MODALS.handOn: {
      const form = readHandOnModal(call.view);
      if (!form.ok) return fieldErrors(form.errors, call);
      const outcome = await submitHandOn(call, requestId, form, all);
      return concludeAction(call, outcome, (after) => handedOnTo(after, form.to, peopleOf(after)), all);
    }
    case MODALS.questionReview: {
      const form = readQuestionReviewModal(call.view);
      if (!form.ok) return fieldErrors(form.errors, call);
      const outcome = await reviewAccess(requestId, call.caller, { status: 'questioned', note: form.note }, all);
      if (outcome.done) await ignoringSlackFailures(askPerson(outcome.request, all));
      return concludeAction(call, outcome, reviewedNotice, all);
    }
    case MODALS.answerReview: {
      const form = readAnswerModal(call.view);
      if (!form.ok) return fieldErrors(form.errors, call);
      const outcome = await answerReview(requestId, call.caller, form.note, all);
      if (outcome.done) await ignoringSlackFailures(postBelowCards(outcome.request, 'answer', all));
      return concludeAction(call, outcome, answeredNotice, all, outcome.request?.origin.channel);
    }
    default: {
      const who = await identifyPerson(call.caller, all);
      const { notice } = await refuse(call, who.identified ? { refusal: UNREADABLE } : who, all);
      await notifyPrivately(call.caller.slackId, data.channel, data.messageTs, notice, all);
      return ACKNOWLEDGED;
    }
  }
}

/**
 * Sends messages about an action that is already written. If Slack refuses them, the failure is counted and the action
 * stands.
 */
async function ignoringSlackFailures(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    logFailure('slack.notice-failed', error);
    count(METRICS.slackFailed);
  }
}

async function submitRequest(
  call: ViewSubmission,
  data: ModalData,
  sentAt: string,
  all: Services,
): Promise<HttpAnswer> {
  const form = readRequestModal(call.view);
  const { startsAt } = readStart(call.view.values);
  const wrong = { ...(form.ok ? {} : form.errors), ...startError(startsAt, all) };
  if (!form.ok || Object.keys(wrong).length > 0) {
    // Show the policies' errors along with the form's own, so that the person sees all mistakes at once.
    return fieldErrors({ ...(await policyErrors(call, all)), ...wrong }, call);
  }
  const { ok: _ok, ...wanted } = form;
  return ask(call, data, wanted, sentAt, all);
}

function startError(startsAt: string | undefined, all: Services): FieldErrors {
  const latest = new Date(all.now().getTime() + LATEST_START_MS).toISOString();
  const earliest = new Date(all.now().getTime() - MINUTE_MS).toISOString();
  if (startsAt !== undefined && startsAt < earliest)
    return { [FIELDS.start]: 'That is past. Choose a start that is to come, or leave it empty for now.' };
  if (startsAt !== undefined && startsAt > latest) return { [FIELDS.start]: 'Choose a start within the next 30 days.' };
  return {};
}

/** Field errors that the policies give for an incomplete form; none if the form does not name a target. */
async function policyErrors(call: ViewSubmission, all: Services): Promise<FieldErrors> {
  const { values } = call.view;
  const wanted = readWanted({
    account: readText(values, FIELDS.account),
    permissionSet: readText(values, FIELDS.permissionSet),
  });
  if ('error' in wanted) return {};
  const who = await identifyPerson(call.caller, all.kept);
  if (!who.identified) return {};
  const durationSeconds = readDuration(values);
  const texts = { reason: readText(values, FIELDS.reason), ticket: readText(values, FIELDS.ticket) };
  const preview = await previewAccess({ person: who.person, wanted, texts, durationSeconds }, all);
  return fieldErrorsOf(preview.problems, preview.nearest, 'group' in wanted);
}

/**
 * The first break-glass request was confirmed, and this form has asked for the reason, so its extension needs no second
 * confirmation.
 */
async function submitExtension(
  call: ViewSubmission,
  data: ModalData,
  requestId: string,
  sentAt: string,
  all: Services,
): Promise<HttpAnswer> {
  const form = readExtendModal(call.view);
  if (!form.ok) return fieldErrors(form.errors, call);
  const { ok: _ok, ...asked } = form;
  return ask(call, data, { wanted: { extends: requestId }, ...asked, confirmed: true }, sentAt, all);
}

async function submitBreakGlass(
  call: ViewSubmission,
  data: ModalData,
  sentAt: string,
  all: Services,
): Promise<HttpAnswer> {
  const form = readBreakGlassModal(call.view);
  if (!form.ok) return fieldErrors(form.errors, call);
  const { wanted = { unreadable: UNREADABLE }, durationSeconds, clickKey } = data;
  return ask(
    call,
    data,
    {
      wanted,
      reason: form.reason,
      ticket: form.ticket,
      confirmed: true,
      durationSeconds,
      clickKey,
    },
    sentAt,
    all,
  );
}

async function ask(
  call: ViewSubmission,
  data: ModalData,
  wanted: Pick<AccessInput, 'wanted' | 'durationSeconds' | 'startsAt' | 'reason' | 'ticket' | 'confirmed' | 'clickKey'>,
  sentAt: string,
  all: Services,
): Promise<HttpAnswer> {
  const origin: Origin = {
    kind: data.origin ?? 'command',
    channel: data.channel,
    messageTs: data.messageTs,
  };
  // A view is submitted once; Slack's retry has the same view id and must not start another request.
  const requestId = requestIdOf({
    teamId: call.caller.teamId,
    slackId: call.caller.slackId,
    channel: '',
    messageTs: call.view.id,
    // A form corrected after a refusal and sent again is a new ask.
    button: JSON.stringify([call.view.callbackId, call.view.values]),
    pressedAt: call.view.id === '' ? sentAt : call.view.id,
  });
  const { about, clickKey } = data;
  const { outcome, notice } = await carryOut(
    {
      requestId,
      caller: call.caller,
      origin,
      about,
      clickKey,
      ...wanted,
    },
    all,
  );
  // A refused form stays open with its input and shows the reasons at its fields. The notice, which has the request's
  // id, stays after the form is closed.
  if (outcome.outcome === 'refused') {
    const { refusal, decision } = outcome;
    const problems = decision?.problems ?? [refusal];
    await notifyPrivately(call.caller.slackId, origin.channel, origin.messageTs, notice, all);
    return fieldErrors(fieldErrorsOf(problems, decision?.nearest, 'group' in wanted.wanted), call);
  }
  // This form has no break-glass confirmation, so the break-glass form is pushed on top of it.
  if (outcome.outcome === 'confirm') {
    const view = breakGlassModal({
      asked: outcome.request,
      data,
      reason: wanted.reason,
      ticket: wanted.ticket,
      minReasonLength: outcome.decision.demands?.reasonMinLength ?? 1,
      ticketRequired: (outcome.decision.demands?.ticketPatterns.length ?? 0) > 0,
      onTop: true,
    });
    return jsonAnswer(200, { response_action: 'push', view });
  }
  await notifyPrivately(call.caller.slackId, origin.channel, origin.messageTs, notice, all);
  return ACKNOWLEDGED;
}

async function concludeAction(
  call: ViewSubmission,
  outcome: ActionOutcome,
  notice: (request: AccessRequest) => MessageView,
  all: Services,
  channel?: string,
): Promise<HttpAnswer> {
  if (outcome.done) await refreshMessages(outcome.request, all);
  const named = readModalData(call.view.privateMetadata)?.requestId ?? '';
  const text = outcome.done ? notice(outcome.request) : (await refuse(call, { ...outcome, named }, all)).notice;
  // Notify in the approval channel. An approver who is not in it was asked directly and is notified directly.
  const place = outcome.request === undefined ? undefined : (channel ?? all.approvalChannel);
  await notifyPrivately(call.caller.slackId, place, undefined, text, all);
  return ACKNOWLEDGED;
}

function fieldErrors(errors: FieldErrors, { view }: ViewSubmission): HttpAnswer {
  return jsonAnswer(200, errorsAnswer(errors, view.blockIds));
}
