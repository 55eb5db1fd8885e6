import { historyOf } from '../../../core/audit/new-events.ts';
import { refusal } from '../../../core/model/refusal.ts';
import { archiveKey } from '../../../gateways/s3/archive-key.ts';
import { sha256 } from '../../shared/sha256.ts';
import { type ApiAnswer, answerJson } from '../http.ts';
import { refusedWithoutAudit } from '../problems.ts';
import type { Services } from '../services.ts';
import type { Call } from './act.ts';
import { concernedRequest } from './concerned.ts';

/**
 * What is recorded of a request: the events in its item, which are those that go to the archive and the bus, each with
 * its key in the archive. `glasshammer audit verify` compares the archive with the same events.
 */
export async function getAuditRecord(call: Call, all: Services): Promise<ApiAnswer> {
  const found = await concernedRequest(call, all);
  if (found === undefined) return refusedWithoutAudit(refusal('unknown-request'));
  const { request } = found;
  const events = historyOf({ ...request }).map((event) => ({ event: { ...event }, key: archiveKey(event, sha256) }));
  // A request that was refused at once has started no workflow.
  const isBegun = request.events.some(({ type }) => type !== 'requested' && type !== 'refused');
  return answerJson(200, { execution: isBegun ? all.executionOf(request.id) : null, events });
}
