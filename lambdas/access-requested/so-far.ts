import { maySeeSoFar } from '../../core/activity/report/may-see-so-far.ts';
import type { BlockAction } from '../../slack/call.ts';
import { readingSoFarNotice } from '../../slack/views/ephemerals.ts';
import type { HttpAnswer } from './http.ts';
import { replyRefused } from './refused-action.ts';
import { replyToAction } from './reply.ts';
import type { Services } from './services.ts';

/**
 * "What was done so far": reading CloudTrail takes longer than Slack waits, and this function may not read it. So the one that may is
 * handed the question, for those only who may see the answer, and answers by itself.
 */
export async function askSoFar(call: BlockAction, requestId: string, all: Services): Promise<HttpAnswer> {
  const judged = await maySeeSoFar(requestId, call.caller, all);
  if (!judged.done) return replyRefused(call, requestId, judged, all);
  const { channel, message, caller } = call;
  await all.soFarQuestions.ask({
    requestId: judged.request.id,
    askId: `${caller.slackId} ${call.actionTs ?? call.triggerId ?? all.now().toISOString()}`,
    tell: {
      slackId: caller.slackId,
      channel,
      ...(message?.threadTs === undefined ? {} : { threadTs: message.threadTs }),
    },
  });
  return replyToAction(call, readingSoFarNotice(judged.request), all);
}
