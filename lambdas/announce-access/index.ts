import * as z from 'zod/mini';
import { tellStory, warnOfEnd } from '../../core/access/tell-story.ts';
import { METRICS } from '../alarms.ts';
import { requestStore, usageStore } from '../services/tables.ts';
import { chat } from '../services/slack.ts';
import { systemNow } from '../services/clock.ts';
import { readEnvironment } from '../environment.ts';
import { log, logFailure } from '../log.ts';
import { count } from '../metrics.ts';
import { once } from '../once.ts';
import { storyRenderer } from '../story.ts';
import { taskInput } from '../task-input.ts';

const services = once(() => {
  const environment = readEnvironment('announce-access');
  return {
    requests: requestStore(environment),
    chat: chat(environment, 5_000),
    usage: usageStore(environment),
    now: systemNow,
    ...storyRenderer(environment.settings),
  };
});

/** Brings the messages about a request up to date, and warns before the end. The truth is in the request; this only shows it. */
export async function handler(event: unknown): Promise<void> {
  const { requestId, warn } = z.parse(taskInput.announce, event);
  try {
    if (warn === true) await warnOfEnd(requestId, services());
    else {
      const request = await tellStory(requestId, services());
      if (request.state === 'active') await services().usage.note(request);
    }
    log('access.announced', { requestId, warn: warn === true });
  } catch (error) {
    logFailure('access.announce-failed', error, { requestId });
    count(METRICS.slackFailed);
    throw error;
  }
}
