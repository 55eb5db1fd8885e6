import { updateStatusMessages } from '../../../core/access/notify/status-messages.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { logFailure } from '../../shared/log.ts';
import { METRICS } from '../../shared/monitoring/metric-catalog.ts';
import { count } from '../../shared/monitoring/metrics.ts';
import type { Services } from '../services.ts';

/** Updates every copy of the request's messages at once after a click. The workflow would do the same, only later. */
export async function refreshMessages(request: AccessRequest, all: Services): Promise<void> {
  try {
    await updateStatusMessages(request.id, all);
  } catch (error) {
    logFailure('slack.refresh-failed', error, { requestId: request.id });
    count(METRICS.slackFailed);
  }
}
