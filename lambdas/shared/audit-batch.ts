import { type DeliveredEvent, type Delivery, deliverChanges } from '../../core/audit/deliver-changes.ts';
import { isTampering } from '../../core/audit/metrics.ts';
import type { AuditTarget } from '../../core/audit/ports.ts';
import { readChanges } from '../../gateways/dynamodb/stream-changes.ts';
import { log, logFailure } from './log.ts';
import { METRICS } from './monitoring/metric-catalog.ts';
import { count } from './monitoring/metrics.ts';

/**
 * The answer to Lambda's stream mapping (`ReportBatchItemFailures`): empty, or the first record that failed. Lambda
 * delivers that record and all later ones again.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Delivers the events of one batch of the request table's stream to a target. Lambda delivers the first event that
 * fails, and all after it, again in order.
 */
export async function deliverBatch(
  event: unknown,
  target: AuditTarget,
): Promise<{ readonly answer: BatchAnswer; readonly delivered: Delivery['delivered'] }> {
  const changes = readChanges(event);
  const { delivered, failed } = await deliverChanges(changes, target, countTampering);
  if (delivered.length > 0) log('audit.delivered', { changes: changes.length, events: delivered.length });
  if (failed === undefined) return { answer: { batchItemFailures: [] }, delivered };
  const { requestId, id, type } = failed.event;
  logFailure('audit.delivery-failed', failed.error, { requestId, eventId: id, type });
  count(METRICS.auditFailed);
  return { answer: { batchItemFailures: [{ itemIdentifier: failed.change.sequenceNumber }] }, delivered };
}

/**
 * Each reader of the stream counts tampering before it delivers to its target: an attacker who edits records may also
 * be able to make a target unavailable. A batch that is delivered again counts again, at the current time and not at
 * the event's, because the alarm evaluates the last minutes.
 */
function countTampering({ event }: DeliveredEvent): void {
  if (!isTampering(event)) return;
  count(METRICS.tampered);
  log('audit.tampered', { eventId: event.id, type: event.type, note: event.note });
}
