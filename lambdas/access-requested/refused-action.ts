import type { ForgedCall } from '../../core/access/request/forged-call.ts';
import { refusedActionFact } from '../../core/access/request/refused-action.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import type { MessageView } from '../../slack/blocks.ts';
import type { BlockAction, ViewSubmission } from '../../slack/call.ts';
import { lostRaceNotice } from '../../slack/views/approving/approver-notices.ts';
import { refusedNotice } from '../../slack/views/ephemerals.ts';
import { logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { isRequestId } from '../shared/request-id.ts';
import type { HttpAnswer } from './http.ts';
import { replyToAction } from './reply.ts';
import type { Services } from './services.ts';

/**
 * Writes down who was refused what, and why. It never throws: the person is answered, and the alarm of the audit tells that it is
 * not written.
 *
 * @param named what the button or form claims to be about; anything
 */
export async function noteRefused(
  call: BlockAction | ViewSubmission,
  named: string,
  refusal: Refusal,
  { refusals, now }: Pick<Services, 'refusals' | 'now'>,
): Promise<void> {
  const at = now().toISOString();
  const pressed =
    call.kind === 'block-action'
      ? { action: call.action.actionId, pressedAt: call.actionTs ?? call.triggerId ?? at }
      : { action: call.view.callbackId, pressedAt: call.view.id || at };
  const { id, fact } = refusedActionFact(
    { caller: call.caller, ...pressed, ...(isRequestId(named) ? { requestId: named } : {}), refusal },
    at,
  );
  try {
    await refusals.write(id, fact);
  } catch (error) {
    logFailure('action.refusal-lost', error);
    count(METRICS.auditFailed);
  }
}

/** Writes down that there was a call which Slack did not send. It never throws, as above. */
export async function noteForged(call: ForgedCall, all: Pick<Services, 'noteForged' | 'now'>): Promise<void> {
  try {
    await all.noteForged(call, all.now().toISOString());
  } catch (error) {
    logFailure('slack.forged-call-lost', error);
    count(METRICS.auditFailed);
  }
}

/** Writes a refused press down and tells the person why. */
export async function replyRefused(
  call: BlockAction,
  named: string,
  refusal: Refusal,
  all: Services,
): Promise<HttpAnswer> {
  await noteRefused(call, named, refusal, all);
  return replyToAction(call, refusedNotice(refusal), all);
}

/** A press that came too late reads by whom it was decided, and how. */
export function noticeOfRefusal(refusal: Refusal, request: AccessRequest | undefined): MessageView {
  const late = ['already-decided', 'already-voted', 'request-expired'].includes(refusal.reason);
  return late && request !== undefined ? lostRaceNotice(refusal, request, peopleOf(request)) : refusedNotice(refusal);
}

/** Slack users of those whom a request was shown to. */
export function peopleOf({ asked }: AccessRequest): ReadonlyMap<string, string> {
  return new Map(Object.entries(asked?.slackIds ?? {}));
}
