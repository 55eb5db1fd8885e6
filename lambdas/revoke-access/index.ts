import * as z from 'zod/mini';
import { revokeRecalled } from '../../core/access/lease/revoke/recall-made.ts';
import { revokeAccess } from '../../core/access/lease/revoke/revoke-access.ts';
import type { RevokeAnswer } from '../../core/access/lease/revoke/revoke-answer.ts';
import { reconcileAccess } from '../../core/access/recovery/reconcile-access.ts';
import { restartCut } from '../../core/access/recovery/restart-cut.ts';
import { restartLost } from '../../core/access/recovery/restart-lost.ts';
import type { AuditFact } from '../../core/audit/audit-event.ts';
import { createLostLog } from '../../gateways/dynamodb/audit-log.ts';
import { readEnvironment } from '../shared/environment.ts';
import { forRequest, log, logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { once } from '../shared/once.ts';
import { systemNow } from '../shared/services/clock.ts';
import { removableBy } from '../shared/services/configured-targets.ts';
import { assignments } from '../shared/services/identity-center.ts';
import { documentClient, leaseStore, requestStore } from '../shared/services/tables.ts';
import { executionHistory, workflow } from '../shared/services/workflow.ts';
import { taskInput } from '../shared/task-input.ts';

const services = once(() => {
  const environment = readEnvironment('revoke-access');
  return {
    requests: requestStore(environment),
    leases: leaseStore(environment),
    assignments: assignments(environment),
    workflow: workflow(environment),
    executions: executionHistory(environment),
    audit: createLostLog({ client: documentClient(), tableName: environment.requestTable }),
    now: systemNow,
    deliveryDelaySeconds: environment.settings.report.deliveryDelaySeconds,
    removable: removableBy(environment.settings),
  };
});

/**
 * The workflow's "Revoke access", and the target of the rule that watches for workflows that failed, timed out or were
 * aborted. Each failed attempt counts towards the alarm, which therefore lasts exactly as long as access cannot be taken back.
 */
export async function handler(event: unknown): Promise<RevokeAnswer | undefined> {
  const stopped = z.safeParse(taskInput.executionStopped, event);
  try {
    if (stopped.success) {
      await recover(stopped.data.detail);
      return undefined;
    }
    return await revoke(z.parse(taskInput.revoke, event));
  } catch (error) {
    count(METRICS.revokeFailed);
    throw error;
  }
}

async function revoke(input: z.infer<typeof taskInput.revoke>): Promise<RevokeAnswer> {
  const { requestId, made, lost = false, cutSince, failure } = input;
  const answer = await forRequest('access.revoke-failed', requestId, () =>
    revokeRecalled({ requestId, made: made || undefined, lost }, () => revokeAccess(requestId, services(), failure), {
      ...services(),
      cutSince: cutSince || undefined,
      tellLost,
    }),
  );
  log('access.revoke', { requestId, next: answer.next });
  // Once for each record that is gone; what only has its sessions cut may never have had one.
  if (answer.lost && !cutSince) count(METRICS.tampered);
  if (answer.next === 'again') count(METRICS.revokeFailed);
  if (answer.failed) count(METRICS.grantFailed);
  return answer;
}

/** That access was held of which no record speaks; whatever becomes of the fact, the access is taken back. */
async function tellLost(id: string, fact: AuditFact): Promise<void> {
  try {
    await services().audit.write(id, fact);
  } catch (error) {
    logFailure('revoke.fact-lost', error);
    count(METRICS.auditFailed);
  }
}

async function recover(detail: {
  readonly name: string;
  readonly status: string;
  readonly input: string;
}): Promise<void> {
  const { requestId, made, cutSince } = z.parse(taskInput.started, JSON.parse(detail.input));
  // An operator's own execution: the command that started it says what became of it.
  if (requestId === undefined) return log('workflow.stopped', { status: detail.status });
  count(METRICS.workflowStopped);
  log('workflow.stopped', { requestId, status: detail.status });
  const dead = { requestId, executionName: detail.name, status: detail.status };
  if (!cutSince && (await restartLost(dead, services()))) count(METRICS.tampered);
  if (made && cutSince && (await restartCut({ requestId, made, cutSince }, services()))) return;
  await forRequest('access.revoke-failed', requestId, () => reconcileAccess(dead, services()));
}
