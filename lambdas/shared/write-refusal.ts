import { type RefusedAction, refusedActionFact } from '../../core/access/request/refused-action.ts';
import type { AuditLog } from '../../core/audit/ports.ts';
import { logFailure } from './log.ts';
import { METRICS } from './monitoring/metric-catalog.ts';
import { count } from './monitoring/metrics.ts';

/**
 * Writes to the audit who was refused what, and why. It never throws: if the write fails, the person is answered all
 * the same and the metric `AuditFailed` counts it.
 *
 * @param at ISO 8601
 */
export async function writeRefusal(refused: RefusedAction, at: string, refusals: AuditLog): Promise<void> {
  const { id, fact } = refusedActionFact(refused, at);
  try {
    await refusals.write(id, fact);
  } catch (error) {
    logFailure('action.refusal-lost', error);
    count(METRICS.auditFailed);
  }
}
