import { writeLine } from '../log.ts';
import { systemNow } from '../services/clock.ts';
import { type DashboardMetricName, METRIC_NAMESPACE, type MetricName } from './metric-catalog.ts';

/**
 * Counts something in CloudWatch by the embedded metric format, which takes one line on stdout, no API call and no
 * permission.
 *
 * @param at when it happened, if that is not now
 * @see
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function count(metric: MetricName | DashboardMetricName, value = 1, at: Date = systemNow()): void {
  write(metric, value, 'Count', at);
}

/** Writes a duration in the same way. @param at when it was over, if that is not now */
export function measureSeconds(metric: DashboardMetricName, seconds: number, at: Date = systemNow()): void {
  write(metric, seconds, 'Seconds', at);
}

function write(metric: string, value: number, unit: 'Count' | 'Seconds', at: Date): void {
  writeLine({
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [{ Namespace: METRIC_NAMESPACE, Dimensions: [[]], Metrics: [{ Name: metric, Unit: unit }] }],
    },
    [metric]: value,
  });
}
