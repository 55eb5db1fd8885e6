import * as z from 'zod/mini';
import type { AccessRequest } from '../../core/access/request.ts';
import { oweReview } from '../../core/access/review-reminders.ts';
import { tellApprovers } from '../../core/access/tell-approvers.ts';
import { tellNews, tellOutcome, tellStory, warnOfEnd } from '../../core/access/tell-story.ts';
import { METRICS } from '../alarms.ts';
import { readEnvironment } from '../environment.ts';
import { log, logFailure } from '../log.ts';
import { count } from '../metrics.ts';
import { once } from '../once.ts';
import { systemNow } from '../services/clock.ts';
import { chat } from '../services/slack.ts';
import { requestStore, reviewStore, usageStore } from '../services/tables.ts';
import { storyRenderer } from '../story.ts';
import { taskInput } from '../task-input.ts';

const services = once(() => {
  const environment = readEnvironment('announce-access');
  return {
    requests: requestStore(environment),
    chat: chat(environment, 5_000),
    usage: usageStore(environment),
    now: systemNow,
    approvalChannel: environment.settings.slack.approvalChannel,
    reviews: reviewStore(environment),
    ...storyRenderer(environment.settings),
  };
});

/** Brings the messages about a request up to date, and warns before the end. The truth is in the request; this only shows it. */
export async function handler(event: unknown): Promise<void> {
  const { requestId, warn, news } = z.parse(taskInput.announce, event);
  try {
    if (warn === true) await warnOfEnd(requestId, services());
    else {
      const told = await (news === true ? tellNews : tellStory)(requestId, services());
      if (told !== undefined) await showRequest(told);
    }
    log('access.announced', { requestId, warn: warn === true });
  } catch (error) {
    logFailure('access.announce-failed', error, { requestId });
    count(METRICS.slackFailed);
    throw error;
  }
}

/** What goes with the story: who waited is notified, access is counted, a broken glass is shown to the approvers it skipped, its review is owed. */
async function showRequest(request: AccessRequest): Promise<void> {
  const all = services();
  if (request.state === 'active') await all.usage.note(request);
  await tellOutcome(request, all);
  if (request.breakGlass) await tellApprovers(request, request.review?.approvers ?? [], all);
  await oweReview(request, all);
}
