import type { AbandonedResult } from '../access/recovery/abandoned-access.ts';
import type { ReconcileMadeResult } from '../access/recovery/reconcile-made.ts';
import type { SweepResult } from '../access/recovery/sweep-access.ts';
import { SYSTEM_ACTOR } from '../model/request.ts';
import type { AuditFact } from './audit-event.ts';

/**
 * What a sweep leaves in the audit: nothing, unless it found something that should not have been there, or failed.
 *
 * @param result of the sweep, with what it found of requests that no workflow works on
 */
export function sweepFact(
  result: SweepResult & Pick<AbandonedResult, 'abandoned' | 'started'> & Pick<ReconcileMadeResult, 'unrequested'>,
  at: string,
): AuditFact | undefined {
  const { pastEnd, orphans, unrequested, abandoned, started, failures, complete } = result;
  const found = [
    ...(pastEnd > 0 ? [`${pastEnd} past their end`] : []),
    ...(orphans > 0 ? [`${orphans} without a live request`] : []),
    ...(unrequested > 0 ? [`${unrequested} made by us, whatever our records say of it`] : []),
    ...(abandoned > 0 ? [`${abandoned} whose workflow had stopped`] : []),
    ...(started > 0 ? [`${started} whose workflow had never begun`] : []),
    ...(failures > 0 ? [`${failures} failed`] : []),
    ...(complete ? [] : ['not finished in time']),
  ];
  return found.length === 0 ? undefined : { type: 'swept', at, by: SYSTEM_ACTOR, note: found.join(', ') };
}
