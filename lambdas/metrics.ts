import { METRIC_NAMESPACE, type MetricName } from './alarms.ts';
import { writeLine } from './log.ts';
import { systemNow } from './services/clock.ts';

/**
 * Counts something in CloudWatch, by the embedded metric format: one line on stdout, no call and no permission.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function count(metric: MetricName, value = 1): void {
  writeLine({
    _aws: {
      Timestamp: systemNow().getTime(),
      CloudWatchMetrics: [
        { Namespace: METRIC_NAMESPACE, Dimensions: [[]], Metrics: [{ Name: metric, Unit: 'Count' }] },
      ],
    },
    [metric]: value,
  });
}
