import { maySeeSoFar } from '../../core/activity/report/so-far/may-see-so-far.ts';
import type { BlockAction } from '../../slack/call.ts';
import { readingSoFarNotice } from '../../slack/views/ephemerals.ts';
import type { HttpAnswer } from './http.ts';
import { replyRefused } from './refused-action.ts';
import { replyToAction } from './reply.ts';
import type { Services } from './services.ts';

/**
 * Answers "What was done so far" by handing the question to the function that may read CloudTrail, which answers the
 * person itself: this function may not read CloudTrail, and reading takes longer than Slack waits. Only for people who
 * may see the answer.
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
