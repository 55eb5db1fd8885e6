import type { AccessRequest } from '../../core/access/request.ts';
import { tellStory } from '../../core/access/tell-story.ts';
import { METRICS } from '../alarms.ts';
import { logFailure } from '../log.ts';
import { count } from '../metrics.ts';
import type { Services } from './services.ts';

/** Shows at once, in every copy of the message, what a click has changed. The workflow shows it again; this is only sooner. */
export async function refreshMessages(request: AccessRequest, all: Services): Promise<void> {
  try {
    await tellStory(request.id, all);
  } catch (error) {
    logFailure('slack.refresh-failed', error, { requestId: request.id });
    count(METRICS.slackFailed);
  }
}
