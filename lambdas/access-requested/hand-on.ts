import { handOn, othersToDecide } from '../../core/access/approval/take-part.ts';
import type { ActionOutcome } from '../../core/access/lease/revoke/end-access.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import type { BlockAction, ViewSubmission } from '../../slack/call.ts';
import { peopleOf } from '../../slack/people.ts';
import { handOnModal } from '../../slack/views/approving/hand-on-modal.ts';
import { handedOnNotice } from '../../slack/views/approving/reminder.ts';
import type { HttpAnswer } from './http.ts';
import { replyRefused } from './refused-action.ts';
import { openModal } from './reply.ts';
import type { Services } from './services.ts';

/** Opens the form that asks which approver to hand the request on to. Only for an approver who could vote now. */
export async function openHandOn(call: BlockAction, judged: ActionOutcome, all: Services): Promise<HttpAnswer> {
  if (!judged.done) return replyRefused(call, call.action.value, judged, all);
  const { request } = judged;
  const own = [...peopleOf(request)].find(([, slackId]) => slackId === call.caller.slackId)?.[0];
  const ids = othersToDecide(request, own ?? '');
  if (ids.length === 0) return replyRefused(call, request.id, { refusal: { reason: 'nobody-else' }, request }, all);
  const others = await Promise.all(
    ids.map(async (principalId) => {
      const user = await all.keptDirectory.user(principalId).catch(() => undefined);
      return { principalId, name: user?.displayName || user?.userName || principalId };
    }),
  );
  return openModal(call, handOnModal(request, others), all);
}

/**
 * Hands a request on to another approver, who is mentioned below the approval message, or told directly if they are not
 * in its channel.
 */
export async function submitHandOn(
  call: ViewSubmission,
  requestId: string,
  form: { readonly to: string; readonly note: string },
  all: Services,
): Promise<ActionOutcome> {
  const say = (request: AccessRequest) =>
    handedOnNotice(request, { ...form, by: request.events.at(-1)?.by ?? '' }, peopleOf(request));
  return handOn(requestId, call.caller, form, say, all);
}
