import { Duration } from 'aws-cdk-lib';
import { type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type DashboardMetricName,
  METRIC_NAMESPACE,
  type MetricName,
} from '../../lambdas/shared/monitoring/metric-catalog.ts';

/** A metric that the functions write. */
export function ownMetric(
  metricName: MetricName | DashboardMetricName,
  statistic: 'Sum' | 'Maximum' | 'p50' | 'p99',
  periodSeconds = 300,
): IMetric {
  return new Metric({ namespace: METRIC_NAMESPACE, metricName, statistic, period: Duration.seconds(periodSeconds) });
}
