import * as z from 'zod/mini';
import { announceAccess, announceEnd, announceNews } from '../../core/access/notify/announce-access.ts';
import { readEnvironment } from '../shared/environment.ts';
import { log, logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/monitoring/metric-catalog.ts';
import { count } from '../shared/monitoring/metrics.ts';
import { once } from '../shared/once.ts';
import { systemNow } from '../shared/services/clock.ts';
import { peopleMailer } from '../shared/services/mail.ts';
import { chatIfAny } from '../shared/services/slack.ts';
import { requestStore, reviewStore, usageStore } from '../shared/services/tables.ts';
import { statusRenderer } from '../shared/status-renderer.ts';
import { taskInput } from '../shared/task-input.ts';

const services = once(() => {
  const environment = readEnvironment('announce-access');
  return {
    requests: requestStore(environment),
    chat: chatIfAny(environment, 5_000),
    usage: usageStore(environment),
    now: systemNow,
    reviews: reviewStore(environment),
    mails: peopleMailer(environment),
    ...statusRenderer(environment.settings, environment.consoleUrl),
  };
});

/**
 * Updates the messages about a request, and warns before its end. It changes no state: the request item is the truth.
 */
export async function handler(event: unknown): Promise<void> {
  const { requestId, warn, news, endsAt } = z.parse(taskInput.announce, event);
  try {
    if (warn === true) await announceEnd(requestId, endsAt, services());
    else await (news === true ? announceNews : announceAccess)(requestId, services());
    log('access.announced', { requestId, warn: warn === true });
  } catch (error) {
    logFailure('access.announce-failed', error, { requestId });
    if (error instanceof Error && error.name === 'SlackFailedError') count(METRICS.slackFailed);
    throw error;
  }
}
