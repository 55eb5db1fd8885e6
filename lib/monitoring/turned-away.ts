import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../../lambdas/shared/monitoring/metric-catalog.ts';

/**
 * Counts the calls that an HTTP API throttled. API Gateway's own metric counts them with all other 4xx errors; only its
 * access log tells them apart.
 *
 * @param logs the access log of the API, in JSON with a member `status`
 */
export function callsTurnedAway(scope: Construct, logs: ILogGroup, metricName: string): Metric {
  return new MetricFilter(scope, 'TurnedAway', {
    logGroup: logs,
    filterPattern: FilterPattern.literal('{ $.status = 429 }'),
    metricNamespace: METRIC_NAMESPACE,
    metricName,
    metricValue: '1',
  }).metric({ statistic: 'Sum' });
}
