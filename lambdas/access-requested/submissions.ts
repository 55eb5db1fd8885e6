import { castVote, votesNeeded } from '../../core/access/approval/cast-vote.ts';
import { type ActionOutcome, endEarly } from '../../core/access/lease/end-access.ts';
import type { AccessInput } from '../../core/access/request/request-access.ts';
import { reviewAccess } from '../../core/access/review/review-access.ts';
import type { AccessRequest, Origin } from '../../core/model/request.ts';
import { FIELDS, MODALS } from '../../slack/actions.ts';
import type { MessageView } from '../../slack/blocks.ts';
import type { ViewSubmission } from '../../slack/call.ts';
import { type ModalData, readModalData } from '../../slack/modal-data.ts';
import { readApproveModal } from '../../slack/views/approve-modal.ts';
import { breakGlassModal, readBreakGlassModal } from '../../slack/views/break-glass-modal.ts';
import { readDenyModal } from '../../slack/views/deny-modal.ts';
import { readEndModal } from '../../slack/views/end-modal.ts';
import { endedForNotice, refusedNotice, reviewedNotice, voteNotice } from '../../slack/views/ephemerals.ts';
import { readExtendModal } from '../../slack/views/extend-modal.ts';
import { errorsAnswer, type FieldErrors } from '../../slack/views/modal-parts.ts';
import { readRequestModal } from '../../slack/views/request-modal.ts';
import { readQuestionReviewModal } from '../../slack/views/review-message.ts';
import { carryOut } from './ask.ts';
import { type HttpAnswer, jsonAnswer, TAKEN } from './http.ts';
import { isRequestId, requestIdOf } from './idempotency-key.ts';
import { refreshMessages } from './refresh.ts';
import { notifyPrivately } from './reply.ts';
import type { Services } from './services.ts';

/** What is planned further ahead than this has no reviewer who still knows why. Milliseconds. */
const LATEST_START_MS = 30 * 24 * 3600_000;

/** Slack's picker knows minutes only: the one that has begun is now. */
const MINUTE_MS = 60_000;

/** A form that was sent. Its hidden data is a claim like a button's value. */
export async function answerSubmission(call: ViewSubmission, sentAt: string, all: Services): Promise<HttpAnswer> {
  const data = readModalData(call.view.privateMetadata);
  if (data === undefined) return TAKEN;
  // What cannot be the id of a request is the id of none.
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
      if (!form.ok) return fieldErrors(form.errors);
      const outcome = await castVote(requestId, call.caller, { vote: 'deny', note: form.note }, all);
      return concludeAction(call, outcome, (after) => voteNotice(after, 'deny'), all);
    }
    case MODALS.endAccess: {
      const form = readEndModal(call.view);
      if (!form.ok) return fieldErrors(form.errors);
      const outcome = await endEarly(requestId, call.caller, all, form.note);
      return concludeAction(call, outcome, (after) => endedForNotice(after), all);
    }
    case MODALS.questionReview: {
      const form = readQuestionReviewModal(call.view);
      if (!form.ok) return fieldErrors(form.errors);
      const outcome = await reviewAccess(requestId, call.caller, { status: 'questioned', note: form.note }, all);
      return concludeAction(call, outcome, reviewedNotice, all);
    }
    default:
      return TAKEN;
  }
}

async function submitRequest(
  call: ViewSubmission,
  data: ModalData,
  sentAt: string,
  all: Services,
): Promise<HttpAnswer> {
  const form = readRequestModal(call.view);
  if (!form.ok) return fieldErrors(form.errors);
  const { ok: _ok, ...wanted } = form;
  const latest = new Date(all.now().getTime() + LATEST_START_MS).toISOString();
  const earliest = new Date(all.now().getTime() - MINUTE_MS).toISOString();
  if (wanted.startsAt !== undefined && wanted.startsAt < earliest)
    return fieldErrors({ [FIELDS.start]: 'That is past. Choose a start that is to come, or leave it empty for now.' });
  if (wanted.startsAt !== undefined && wanted.startsAt > latest)
    return fieldErrors({ [FIELDS.start]: 'Choose a start within the next 30 days.' });
  return ask(call, data, wanted, sentAt, all);
}

/** A broken glass that is extended has said already how audited it is, and the form has asked why: it is not confirmed again. */
async function submitExtension(
  call: ViewSubmission,
  data: ModalData,
  requestId: string,
  sentAt: string,
  all: Services,
): Promise<HttpAnswer> {
  const form = readExtendModal(call.view);
  if (!form.ok) return fieldErrors(form.errors);
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
  if (!form.ok) return fieldErrors(form.errors);
  if (data.wanted === undefined) return TAKEN;
  const { wanted, durationSeconds, clickKey } = data;
  return ask(
    call,
    data,
    {
      wanted,
      reason: form.reason,
      ticket: form.ticket,
      confirmed: true,
      ...(durationSeconds === undefined ? {} : { durationSeconds }),
      ...(clickKey === undefined ? {} : { clickKey }),
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
    ...(data.channel === undefined ? {} : { channel: data.channel }),
    ...(data.messageTs === undefined ? {} : { messageTs: data.messageTs }),
  };
  // A view is sent once; sent again by a retry it has the same id and starts nothing new.
  const requestId = requestIdOf({
    teamId: call.caller.teamId,
    slackId: call.caller.slackId,
    channel: '',
    messageTs: call.view.id,
    button: call.view.callbackId,
    pressedAt: call.view.id === '' ? sentAt : call.view.id,
  });
  const { outcome, notice } = await carryOut({ requestId, caller: call.caller, origin, ...wanted }, all);
  // The form has no confirmation of its own: for a break-glass path it is followed by the one that has.
  if (outcome.outcome === 'confirm') {
    if ('unreadable' in wanted.wanted || 'extends' in wanted.wanted) return TAKEN;
    const carried = { ...data, wanted: wanted.wanted, durationSeconds: outcome.request.durationSeconds };
    const view = breakGlassModal({
      asked: outcome.request,
      data: carried,
      reason: wanted.reason,
      ticket: wanted.ticket,
      onTop: true,
    });
    return jsonAnswer(200, { response_action: 'push', view });
  }
  await notifyPrivately(call.caller.slackId, origin.channel, origin.messageTs, notice, all);
  return TAKEN;
}

async function concludeAction(
  call: ViewSubmission,
  outcome: ActionOutcome,
  notice: (request: AccessRequest) => MessageView,
  all: Services,
): Promise<HttpAnswer> {
  if (outcome.done) await refreshMessages(outcome.request, all);
  const text = outcome.done ? notice(outcome.request) : refusedNotice(outcome.refusal);
  // In the channel where approvers are asked; those who are not in it were asked directly, and are told directly.
  const place = outcome.request === undefined ? undefined : all.settings.slack.approvalChannel;
  await notifyPrivately(call.caller.slackId, place, undefined, text, all);
  return TAKEN;
}

function fieldErrors(errors: FieldErrors): HttpAnswer {
  return jsonAnswer(200, errorsAnswer(errors));
}
