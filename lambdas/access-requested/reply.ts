import type { MessageView } from '../../slack/blocks.ts';
import type { BlockPress, LegacyPress } from '../../slack/call.ts';
import { privateAnswer } from '../../slack/views/ephemerals.ts';
import { METRICS } from '../alarms.ts';
import { logFailure } from '../log.ts';
import { count } from '../metrics.ts';
import { type HttpAnswer, jsonAnswer, TAKEN } from './http.ts';
import type { Services } from './services.ts';

/**
 * Tells the person who pressed, and nobody else. Slack shows the body of the answer to a legacy button; of the answer to a Block
 * Kit button it shows nothing, so there the notice is posted. What was done stays done when Slack does not take the notice.
 */
export async function replyToPress(
  call: LegacyPress | BlockPress,
  notice: MessageView,
  all: Services,
): Promise<HttpAnswer> {
  if (call.kind === 'legacy-press') return jsonAnswer(200, privateAnswer(notice));
  await tellPrivately(call.caller.slackId, call.channel, call.message?.threadTs, notice, all);
  return TAKEN;
}

/** A notice in the channel the person is in, or directly to them where there is none. */
export async function tellPrivately(
  slackId: string,
  channel: string | undefined,
  threadTs: string | undefined,
  notice: MessageView,
  all: Services,
): Promise<void> {
  try {
    if (channel !== undefined) await all.chat.whisper(channel, slackId, notice, threadTs);
    else await all.chat.post(await all.chat.directChannel(slackId), notice);
  } catch (error) {
    logFailure('slack.notice-failed', error);
    count(METRICS.slackFailed);
  }
}
