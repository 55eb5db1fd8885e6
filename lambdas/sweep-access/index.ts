import { type SweepResult, sweepAccess } from '../../core/access/sweep-access.ts';
import { METRICS } from '../alarms.ts';
import { readEnvironment } from '../environment.ts';
import { log, logFailure } from '../log.ts';
import { count } from '../metrics.ts';
import { once } from '../once.ts';
import { systemNow } from '../services/clock.ts';
import { assignments } from '../services/identity-center.ts';
import { leaseStore, requestStore } from '../services/tables.ts';
import { workflow } from '../services/workflow.ts';

/** What is not begun this long before the function's timeout is left to the next sweep. Milliseconds. */
const STOP_BEFORE_MS = 20_000;

const services = once(() => {
  const environment = readEnvironment('sweep-access');
  return {
    requests: requestStore(environment),
    leases: leaseStore(environment),
    assignments: assignments(environment),
    workflow: workflow(environment),
    now: systemNow,
    deliveryDelaySeconds: environment.settings.report.deliveryDelaySeconds,
  };
});

/** Run every five minutes, independent of every workflow. */
export async function handler(
  _event: unknown,
  context?: { getRemainingTimeInMillis?(): number },
): Promise<SweepResult> {
  const remaining = () => context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
  try {
    const result = await sweepAccess({
      ...services(),
      hasTimeLeft: () => remaining() > STOP_BEFORE_MS,
      onFailure: (error, what) => logFailure('sweep.item-failed', error, what),
    });
    count(METRICS.leasePastEnd, result.pastEnd + result.orphans);
    if (result.failures > 0 || !result.complete) count(METRICS.sweepFailed, Math.max(1, result.failures));
    log('sweep.done', { ...result });
    return result;
  } catch (error) {
    logFailure('sweep.failed', error);
    count(METRICS.sweepFailed);
    throw error;
  }
}
