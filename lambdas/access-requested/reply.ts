import { sendPrivately } from '../../gateways/slack/private-message.ts';
import type { MessageView } from '../../slack/blocks.ts';
import type { BlockAction, LegacyAction } from '../../slack/call.ts';
import { privateAnswer } from '../../slack/views/ephemerals.ts';
import { logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { type HttpAnswer, jsonAnswer, TAKEN } from './http.ts';
import type { Services } from './services.ts';

/**
 * Tells the person who pressed, and nobody else. Slack shows the body of the answer to a legacy button; of the answer to a Block
 * Kit button it shows nothing, so there the notice is posted. What was done stays done when Slack does not take the notice.
 */
export async function replyToAction(
  call: LegacyAction | BlockAction,
  notice: MessageView,
  all: Services,
): Promise<HttpAnswer> {
  if (call.kind === 'legacy-action') return jsonAnswer(200, privateAnswer(notice));
  await notifyPrivately(call.caller.slackId, call.channel, call.message?.threadTs, notice, all);
  return TAKEN;
}

/** A notice in the channel the person is in; directly to them where there is none, or where the app may not write. */
export async function notifyPrivately(
  slackId: string,
  channel: string | undefined,
  threadTs: string | undefined,
  notice: MessageView,
  all: Services,
): Promise<void> {
  try {
    await sendPrivately(all.chat, { slackId, channel, threadTs }, notice);
  } catch (error) {
    logFailure('slack.notice-failed', error);
    count(METRICS.slackFailed);
  }
}
