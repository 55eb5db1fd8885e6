import type { ModalView } from '@slack/types';
import { sendPrivately } from '../../gateways/slack/private-message.ts';
import type { MessageView } from '../../slack/blocks.ts';
import type { BlockAction, LegacyAction } from '../../slack/call.ts';
import { privateAnswer } from '../../slack/views/ephemerals.ts';
import { logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/monitoring/metric-catalog.ts';
import { count } from '../shared/monitoring/metrics.ts';
import { ACKNOWLEDGED, type HttpAnswer, jsonAnswer } from './http.ts';
import type { Services } from './services.ts';

/**
 * Answers a press privately. Slack shows the response body for a legacy button but not for a Block Kit button, so there
 * the notice is posted as an ephemeral. If Slack refuses the notice, the action still stands.
 */
export async function replyToAction(
  call: LegacyAction | BlockAction,
  notice: MessageView,
  all: Services,
): Promise<HttpAnswer> {
  if (call.kind === 'legacy-action') return jsonAnswer(200, privateAnswer(notice));
  await notifyPrivately(call.caller.slackId, call.channel, call.message?.threadTs, notice, all);
  return ACKNOWLEDGED;
}

/** Slack opens a modal only for the trigger id of a call, and sent none. */
class NoTriggerError extends Error {
  override readonly name = 'NoTriggerError';
}

/**
 * Opens a modal in answer to a call.
 *
 * @throws NoTriggerError; the person is then told to try again
 */
export async function openModal(
  { triggerId }: { readonly triggerId?: string },
  view: ModalView,
  all: Services,
): Promise<HttpAnswer> {
  if (triggerId === undefined) throw new NoTriggerError('Slack sent no trigger_id');
  await all.chat.openView(triggerId, view);
  return ACKNOWLEDGED;
}

/**
 * Posts a notice as an ephemeral in the channel, or as a direct message if there is no channel or the app may not write
 * there. It never throws: a failure is counted.
 */
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
