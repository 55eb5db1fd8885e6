import * as z from 'zod/mini';
import { revokeAccess } from '../../core/access/lease/revoke/revoke-access.ts';
import type { RevokeAnswer } from '../../core/access/lease/revoke/revoke-answer.ts';
import { revokeStep } from '../../core/access/lease/revoke/revoke-step.ts';
import { reconcileAccess } from '../../core/access/recovery/reconcile-access.ts';
import { restartCut } from '../../core/access/recovery/restart-cut.ts';
import { restartLost } from '../../core/access/recovery/restart-lost.ts';
import type { AuditFact } from '../../core/audit/audit-event.ts';
import { createLostLog } from '../../gateways/dynamodb/audit-log.ts';
import { readEnvironment } from '../shared/environment.ts';
import { forRequest, log, logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/monitoring/metric-catalog.ts';
import { count } from '../shared/monitoring/metrics.ts';
import { once } from '../shared/once.ts';
import { systemNow } from '../shared/services/clock.ts';
import { removableBy } from '../shared/services/configured-targets.ts';
import { assignments } from '../shared/services/identity-center.ts';
import { documentClient, holdStore, leaseStore, requestStore } from '../shared/services/tables.ts';
import { executionHistory, workflow } from '../shared/services/workflow.ts';
import { sha256 } from '../shared/sha256.ts';
import { taskInput } from '../shared/task-input.ts';

const services = once(() => {
  const environment = readEnvironment('revoke-access');
  return {
    requests: requestStore(environment),
    holds: holdStore(environment),
    leases: leaseStore(environment),
    assignments: assignments(environment),
    workflow: workflow(environment),
    executions: executionHistory(environment),
    audit: createLostLog({ client: documentClient(), tableName: environment.requestTable }),
    now: systemNow,
    sha256,
    deliveryDelaySeconds: environment.settings.report.deliveryDelaySeconds,
    removable: removableBy(environment.settings),
  };
});

/**
 * Handles the workflow's step "Revoke access". It is also the target of the rule for workflows that failed, timed out
 * or were aborted. Each failed attempt counts towards the alarm, so the alarm lasts as long as access cannot be
 * removed.
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
  const { requestId, made, cutSince, failure } = input;
  const answer = await forRequest('access.revoke-failed', requestId, () =>
    revokeStep({ requestId, made: made || undefined }, () => revokeAccess(requestId, services(), failure), {
      ...services(),
      cutSince: cutSince || undefined,
      tellLost,
    }),
  );
  log('access.revoke', { requestId, next: answer.next });
  // Once for each lost record. A workflow that only cuts sessions is not counted: its access may never have had a
  // record.
  if (answer.lost && !cutSince) count(METRICS.tampered);
  if (answer.next === 'again') count(METRICS.revokeFailed);
  if (answer.failed) count(METRICS.grantFailed);
  return answer;
}

/**
 * Writes to the audit that access was held which no record knows. It never throws: the access is removed all the same.
 */
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
  // An operator's command started this execution, and reports its outcome itself.
  if (requestId === undefined) return log('workflow.stopped', { status: detail.status });
  count(METRICS.workflowStopped);
  log('workflow.stopped', { requestId, status: detail.status });
  const dead = { requestId, executionName: detail.name, status: detail.status };
  if (!cutSince && (await restartLost(dead, services()))) count(METRICS.tampered);
  if (made && cutSince && (await restartCut({ requestId, made, cutSince }, services()))) return;
  await forRequest('access.revoke-failed', requestId, () => reconcileAccess(dead, services()));
}
