import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { DeliveredEvent } from '../../core/audit/deliver-changes.ts';
import { type MetricValue, metricsOf, type Outcome } from '../../core/audit/metrics.ts';
import { createEventBus } from '../../gateways/event-bus.ts';
import { type BatchAnswer, deliverBatch } from '../shared/audit-batch.ts';
import { readEnvironment } from '../shared/environment.ts';
import { DASHBOARD_METRICS, type DashboardMetricName } from '../shared/monitoring/metric-catalog.ts';
import { count, measureSeconds } from '../shared/monitoring/metrics.ts';
import { once } from '../shared/once.ts';
import { AWS_CALLS } from '../shared/services/aws-calls.ts';

const services = once(() => {
  const { auditBus } = readEnvironment('audit-to-bus');
  return { bus: createEventBus({ client: new EventBridgeClient(AWS_CALLS), busName: auditBus }) };
});

/**
 * Sends the request table's stream to the event bus. It sees every event of every request, so it also writes the
 * dashboard's metrics, each at the time of its event.
 */
export async function handler(event: unknown): Promise<BatchAnswer> {
  const { answer, delivered } = await deliverBatch(event, services().bus);
  for (const one of delivered) for (const metric of metricsOf(one)) write(metric, one);
  return answer;
}

const OUTCOME_METRICS: Readonly<Record<Outcome, DashboardMetricName>> = {
  granted: DASHBOARD_METRICS.requestsGranted,
  refused: DASHBOARD_METRICS.requestsRefused,
  denied: DASHBOARD_METRICS.requestsDenied,
  expired: DASHBOARD_METRICS.requestsExpired,
  cancelled: DASHBOARD_METRICS.requestsCancelled,
  failed: DASHBOARD_METRICS.requestsFailed,
};

function write(metric: MetricValue, { event }: DeliveredEvent): void {
  const at = new Date(event.at);
  switch (metric.kind) {
    case 'requested':
      count(DASHBOARD_METRICS.requests, 1, at);
      break;
    case 'outcome':
      count(OUTCOME_METRICS[metric.outcome], 1, at);
      break;
    case 'time-to-access':
      measureSeconds(DASHBOARD_METRICS.timeToAccess, metric.seconds, at);
      break;
    case 'time-to-removed':
      measureSeconds(DASHBOARD_METRICS.timeFromEndToRemoved, metric.seconds, at);
  }
}
