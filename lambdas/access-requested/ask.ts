import type { SlackCaller } from '../../core/access/request/identity/identify.ts';
import { type AccessInput, type AccessOutcome, requestAccess } from '../../core/access/request/request-access.ts';
import type { MessageView } from '../../slack/blocks.ts';
import {
  alreadyActiveNotice,
  duplicateNotice,
  extendingNotice,
  grantingNotice,
  pendingNotice,
  refusedNotice,
  scheduledNotice,
  strangerNotice,
  unaskedNotice,
} from '../../slack/views/ephemerals.ts';
import { log } from '../shared/log.ts';
import { strangersRequestIdOf } from './idempotency-key.ts';
import type { Services } from './services.ts';

/** Submits an ask. The notice tells the requester what happens next. */
export async function carryOut(
  ask: AccessInput & { readonly caller: SlackCaller },
  all: Services,
): Promise<{ readonly outcome: AccessOutcome; readonly notice: MessageView }> {
  const strangersRequestId = strangersRequestIdOf(ask.caller, all.now().toISOString());
  const outcome = await requestAccess({ ...ask, strangersRequestId }, all);
  log('request.asked', { requestId: outcome.request.id, outcome: outcome.outcome });
  return { outcome, notice: noticeFor(outcome) };
}

function noticeFor(outcome: AccessOutcome): MessageView {
  const { request } = outcome;
  switch (outcome.outcome) {
    case 'refused':
      if (request.requester.principalId === '') return strangerNotice(outcome.refusal, request.requester.slackId);
      return refusedNotice(outcome.refusal, {
        nearest: outcome.decision?.nearest,
        requestId: request.id,
        asked: request,
      });
    case 'duplicate':
      return request.state === 'active' ? alreadyActiveNotice(request) : duplicateNotice(request);
    case 'pending':
      return pendingNotice(request);
    case 'scheduled':
      return scheduledNotice(request);
    case 'granting':
      return request.held === undefined ? grantingNotice(request) : extendingNotice(request, request.held);
    case 'incomplete':
    case 'confirm':
      return unaskedNotice(request);
  }
}
