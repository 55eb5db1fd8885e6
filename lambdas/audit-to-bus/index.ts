import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { DeliveredEvent } from '../../core/audit/deliver-changes.ts';
import { type Figure, figuresOf, type Outcome } from '../../core/audit/metrics.ts';
import { createEventBus } from '../../gateways/event-bus.ts';
import { type BatchAnswer, deliverBatch } from '../shared/audit-batch.ts';
import { readEnvironment } from '../shared/environment.ts';
import { FIGURES, type FigureName } from '../shared/metric-catalog.ts';
import { count, measureSeconds } from '../shared/metrics.ts';
import { once } from '../shared/once.ts';
import { AWS_CALLS } from '../shared/services/aws-calls.ts';

const services = once(() => {
  const { auditBus } = readEnvironment('audit-to-bus');
  return { bus: createEventBus({ client: new EventBridgeClient(AWS_CALLS), busName: auditBus }) };
});

/**
 * The stream of the request table onto the event bus. It sees every event of every request, so it also writes the figures of the
 * dashboard, each at the time of its event.
 */
export async function handler(event: unknown): Promise<BatchAnswer> {
  const { answer, delivered } = await deliverBatch(event, services().bus);
  for (const one of delivered) for (const figure of figuresOf(one)) write(figure, one);
  return answer;
}

const OUTCOME_FIGURES: Readonly<Record<Outcome, FigureName>> = {
  granted: FIGURES.requestsGranted,
  refused: FIGURES.requestsRefused,
  denied: FIGURES.requestsDenied,
  expired: FIGURES.requestsExpired,
  cancelled: FIGURES.requestsCancelled,
  failed: FIGURES.requestsFailed,
};

function write(figure: Figure, { event }: DeliveredEvent): void {
  const at = new Date(event.at);
  switch (figure.kind) {
    case 'requested':
      count(FIGURES.requests, 1, at);
      break;
    case 'outcome':
      count(OUTCOME_FIGURES[figure.outcome], 1, at);
      break;
    case 'time-to-access':
      measureSeconds(FIGURES.timeToAccess, figure.seconds, at);
      break;
    case 'time-to-removed':
      measureSeconds(FIGURES.timeFromEndToRemoved, figure.seconds, at);
  }
}
