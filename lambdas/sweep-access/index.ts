import { randomUUID } from 'node:crypto';
import {
  type AbandonedResult,
  type AbandonedServices,
  endAbandoned,
} from '../../core/access/recovery/abandoned-access.ts';
import { listingInTime } from '../../core/access/recovery/attempts.ts';
import { listedOnce, oneLook } from '../../core/access/recovery/one-look.ts';
import { type ReconcileMadeResult, reconcileMade } from '../../core/access/recovery/reconcile-made.ts';
import {
  restartUnrecorded,
  type UnrecordedResult,
  type UnrecordedServices,
} from '../../core/access/recovery/restart-unrecorded.ts';
import { type SweepResult, type SweepServices, sweepAccess } from '../../core/access/recovery/sweep-access.ts';
import type { AuditFact } from '../../core/audit/audit-event.ts';
import { driftRemovedFact, sweepFact } from '../../core/audit/sweep-fact.ts';
import { removeDrift } from '../../core/drift/remove-drift.ts';
import { SWEPT_ID } from '../../core/model/stored-ids.ts';
import { createAuditLog } from '../../gateways/dynamodb/audit-log.ts';
import { beat } from '../../gateways/dynamodb/heartbeat.ts';
import { createReportLooks } from '../../gateways/dynamodb/reports/report-looks.ts';
import { createComparisonStore } from '../../gateways/dynamodb/requests/comparison-store.ts';
import { readEnvironment } from '../shared/environment.ts';
import { log, logFailure } from '../shared/log.ts';
import { DASHBOARD_METRICS, METRICS } from '../shared/monitoring/metric-catalog.ts';
import { count, measureSeconds } from '../shared/monitoring/metrics.ts';
import { once } from '../shared/once.ts';
import { systemNow } from '../shared/services/clock.ts';
import { driftScope, removableBy } from '../shared/services/configured-targets.ts';
import { driftStore, leaseWatch, madeStore } from '../shared/services/drift.ts';
import { assignments, directory } from '../shared/services/identity-center.ts';
import { documentClient, holdStore, leaseStore, requestStore } from '../shared/services/tables.ts';
import { executionHistory, executionWatch, workflow } from '../shared/services/workflow.ts';
import { sha256 } from '../shared/sha256.ts';

/** Work that is not begun this long before the function's timeout is left to the next sweep. Milliseconds. */
const STOP_BEFORE_MS = 20_000;

/**
 * Time that is kept for `reconcileMade`, which needs no list of requests or leases: an attacker who may write requests
 * can make those lists as long as they like. Milliseconds.
 */
const RESERVED_FOR_RECONCILE_MS = 90_000;
/**
 * The part of that time that is kept for removing what `reconcileMade` has listed until then: an attacker who may write
 * items can make this list longer as well. Milliseconds.
 */
const RESERVED_FOR_REMOVING_MS = 30_000;

const services = once(() => {
  const environment = readEnvironment('sweep-access');
  return {
    requests: requestStore(environment),
    leases: leaseStore(environment),
    looks: createReportLooks({ client: documentClient(), tableName: environment.requestTable }),
    assignments: assignments(environment),
    directory: directory(environment),
    made: madeStore(environment),
    holds: holdStore(environment),
    removals: leaseWatch(environment),
    workflow: workflow(environment),
    executions: executionWatch(environment),
    histories: executionHistory(environment),
    audit: createAuditLog({ client: documentClient(), tableName: environment.requestTable }),
    compared: createComparisonStore({ client: documentClient(), tableName: environment.requestTable }),
    beat: (at: string) => beat(documentClient(), environment.requestTable, SWEPT_ID, at),
    now: systemNow,
    sha256,
    maxDurationSeconds: environment.settings.access.maxDurationSeconds,
    deliveryDelaySeconds: environment.settings.report.deliveryDelaySeconds,
    removable: removableBy(environment.settings),
  };
});

const driftServices = once(() => {
  const environment = readEnvironment('sweep-access');
  return {
    drift: driftStore(environment),
    leases: leaseWatch(environment),
    assignments: services().assignments,
    rules: environment.settings.drift.rules,
    scope: driftScope(environment.settings),
    now: systemNow,
  };
});

/** Started every five minutes, independent of every workflow. */
export async function handler(
  _event: unknown,
  context?: { getRemainingTimeInMillis?(): number },
): Promise<SweepResult & AbandonedResult & UnrecordedResult & ReconcileMadeResult> {
  const remaining = () => context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
  try {
    const { executions, histories } = services();
    const all = {
      ...services(),
      requests: listedOnce(services().requests),
      executions: { ...oneLook(executions), begunSince: executions.begunSince, madeBy: histories.madeBy },
      onFailure: (error: unknown, what: { readonly requestId?: string }) =>
        logFailure('sweep.item-failed', error, what),
    };
    const keeping = (ms: number) => listingInTime({ ...all, hasTimeLeft: () => remaining() > STOP_BEFORE_MS + ms });
    const listed = await listedParts(keeping(RESERVED_FOR_RECONCILE_MS)).then(
      (done) => done,
      (error: unknown) => ({ error }),
    );
    // Last, when all access that a request or a lease names has been ended; and even if that part failed.
    const reconciled = await reconcileMade({ ...keeping(0), made: keeping(RESERVED_FOR_REMOVING_MS).made });
    if (reconciled.unrequested > 0) count(METRICS.tampered, reconciled.unrequested);
    if ('error' in listed) throw listed.error;
    const { swept, tended, restarted } = listed;
    if (restarted.unrecorded > 0) count(METRICS.tampered, restarted.unrecorded);
    const result = {
      ...swept,
      ...tended,
      ...restarted,
      ...reconciled,
      failures: swept.failures + tended.failures + restarted.failures + reconciled.failures,
      complete: swept.complete && tended.complete && restarted.complete && reconciled.complete,
      ids: [...swept.ids, ...tended.ids, ...restarted.ids, ...reconciled.ids],
    };
    count(METRICS.leasePastEnd, result.pastEnd + result.orphans + result.unrequested);
    count(METRICS.leftOut, result.leftOut.length);
    for (const id of result.leftOut) log('sweep.left-out', { id });
    // The event that should have reported these stopped workflows was lost, or its clean-up failed, so they are counted
    // for the alarm here.
    if (result.abandoned > 0) count(METRICS.workflowStopped, result.abandoned);
    measureSeconds(DASHBOARD_METRICS.sweepLag, result.lagSeconds);
    if (result.failures > 0 || !result.complete) count(METRICS.sweepFailed, Math.max(1, result.failures));
    const { ids: _ids, leftOut, ...counted } = result;
    log('sweep.done', { ...counted, leftOut: leftOut.length });
    await writeAuditFact((at) => sweepFact(result, at));
    await sweepDrift(() => remaining() > STOP_BEFORE_MS);
    await writeHeartbeat();
    return result;
  } catch (error) {
    logFailure('sweep.failed', error);
    count(METRICS.sweepFailed);
    throw error;
  }
}

async function listedParts(all: SweepServices & AbandonedServices & UnrecordedServices) {
  const swept = await sweepAccess(all);
  // After overdue access: this part also asks Step Functions, and if that fails, the rest must not wait for it.
  const tended = await endAbandoned(all);
  return { swept, tended, restarted: await restartUnrecorded(all) };
}

/**
 * Removes assignments that others made and that a drift rule revokes. It runs last and catches its own errors, so that
 * it cannot keep the sweep from Glasshammer's own assignments.
 */
async function sweepDrift(hasTimeLeft: () => boolean): Promise<void> {
  try {
    const result = await removeDrift({
      ...driftServices(),
      hasTimeLeft,
      onFailure: (error) => logFailure('sweep.drift-failed', error),
    });
    const failed = result.failures + Number(!result.complete);
    if (failed > 0) count(METRICS.sweepFailed, failed);
    const { ids: _ids, ...counted } = result;
    if (result.removed > 0 || failed > 0) log('sweep.drift', counted);
    await writeAuditFact((at) => driftRemovedFact(result, at));
  } catch (error) {
    logFailure('sweep.drift-failed', error);
    count(METRICS.sweepFailed);
  }
}

/** A sign of life for the doctor: the sweep ran to its end, whatever it found. */
async function writeHeartbeat(): Promise<void> {
  try {
    await services().beat(systemNow().toISOString());
  } catch (error) {
    logFailure('sweep.sign-lost', error);
  }
}

/**
 * Writes a fact to the audit. The requests' own histories have what the sweep ended; that the sweep had to do it, and
 * what it could not do, is only in this fact.
 */
async function writeAuditFact(factAt: (at: string) => AuditFact | undefined): Promise<void> {
  const at = systemNow().toISOString();
  const fact = factAt(at);
  if (fact === undefined) return;
  try {
    await services().audit.write(`${at}#${randomUUID()}`, fact);
  } catch (error) {
    // The work is done and must not look undone because the audit could not be written.
    logFailure('sweep.fact-lost', error);
    count(METRICS.auditFailed);
  }
}
