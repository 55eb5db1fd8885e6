import { errorName, forRequest, log, logFailure } from '../../../lambdas/shared/log.ts';
import { DASHBOARD_METRICS, METRIC_NAMESPACE, METRICS } from '../../../lambdas/shared/monitoring/metric-catalog.ts';
import { count, measureSeconds } from '../../../lambdas/shared/monitoring/metrics.ts';
import { listenToStdout } from '../stdout.ts';

const stdout = listenToStdout();
const SECRET = 'xoxb-1234-very-secret';

describe('the log', () => {
  it('has one line of JSON per event, even if a field has line breaks', () => {
    log('access.grant', { requestId: 'r1', next: 'a\nb "c"', missing: undefined });
    expect(stdout.text()).toMatch(/^[^\n]+\n$/);
    expect(stdout.lines()).toEqual([{ level: 'INFO', event: 'access.grant', requestId: 'r1', next: 'a\nb "c"' }]);
  });

  it('has the name of an error but not its message, which may repeat what was sent to a service', () => {
    const error = Object.assign(new Error(`invalid token ${SECRET}`), { name: 'InvalidAuthError', body: SECRET });
    logFailure('slack.call-failed', error, { requestId: 'r1' });
    expect(stdout.lines()).toEqual([
      { level: 'ERROR', event: 'slack.call-failed', error: 'InvalidAuthError', requestId: 'r1' },
    ]);
    expect(stdout.text()).not.toContain(SECRET);
  });

  it('does not have a thrown value that is no Error', () => {
    logFailure('x', SECRET);
    expect(errorName({ message: SECRET })).toBe('object');
    expect(stdout.text()).not.toContain(SECRET);
  });

  it('names the request whose work failed, and rethrows the error so that the workflow can retry', async () => {
    const error = new TypeError(SECRET);
    await expect(forRequest('access.grant-failed', 'r1', async () => Promise.reject(error))).rejects.toBe(error);
    expect(stdout.lines()).toEqual([
      { level: 'ERROR', event: 'access.grant-failed', error: 'TypeError', requestId: 'r1' },
    ]);
  });

  it('has no line for work that succeeded', async () => {
    expect(await forRequest('x', 'r1', async () => 7)).toBe(7);
    expect(stdout.text()).toBe('');
  });
});

describe('a metric', () => {
  const at = new Date('2026-01-05T12:00:00Z');

  it('is one log line in the embedded metric format, which CloudWatch reads without an API call', () => {
    count(METRICS.revokeFailed, 2, at);
    measureSeconds(DASHBOARD_METRICS.timeToAccess, 4.5, at);
    const line = (name: string, unit: string, value: number) => ({
      _aws: {
        Timestamp: at.getTime(),
        CloudWatchMetrics: [{ Namespace: METRIC_NAMESPACE, Dimensions: [[]], Metrics: [{ Name: name, Unit: unit }] }],
      },
      [name]: value,
    });
    expect(stdout.text().split('\n')).toHaveLength(3);
    expect(stdout.lines()).toEqual([
      line('RevokeFailed', 'Count', 2),
      line(DASHBOARD_METRICS.timeToAccess, 'Seconds', 4.5),
    ]);
  });
});
