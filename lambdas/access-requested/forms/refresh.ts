import { updateStatusMessages } from '../../../core/access/notify/status-messages.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { logFailure } from '../../shared/log.ts';
import { METRICS } from '../../shared/metric-catalog.ts';
import { count } from '../../shared/metrics.ts';
import type { Services } from '../services.ts';

/** Shows at once, in every copy of the message, what a click has changed. The workflow shows it again; this is only sooner. */
export async function refreshMessages(request: AccessRequest, all: Services): Promise<void> {
  try {
    await updateStatusMessages(request.id, all);
  } catch (error) {
    logFailure('slack.refresh-failed', error, { requestId: request.id });
    count(METRICS.slackFailed);
  }
}
