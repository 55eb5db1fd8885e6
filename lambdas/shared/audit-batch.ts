import { type DeliveredEvent, type Delivery, deliverChanges } from '../../core/audit/deliver-changes.ts';
import { isTampering } from '../../core/audit/metrics.ts';
import type { AuditTarget } from '../../core/audit/ports.ts';
import { readChanges } from '../../gateways/dynamodb/stream-changes.ts';
import { log, logFailure } from './log.ts';
import { METRICS } from './metric-catalog.ts';
import { count } from './metrics.ts';

/**
 * What Lambda's stream mapping is answered (`ReportBatchItemFailures`): nothing, or the record from which on it hands everything
 * over again.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Hands the events of one batch of the request table's stream to a target. What it does not take comes again, in order. */
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
 * Counted by each reader of the stream, and before its target has it: whoever edits records may also know how to keep a target busy.
 * A batch that comes again counts again, when it is noticed and not when it was done: an alarm looks at the last minutes.
 */
function countTampering({ event }: DeliveredEvent): void {
  if (!isTampering(event)) return;
  count(METRICS.tampered);
  log('audit.tampered', { eventId: event.id, type: event.type, note: event.note });
}
