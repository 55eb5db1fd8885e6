import type { AbandonedResult } from '../access/recovery/abandoned-access.ts';
import type { ReconcileMadeResult } from '../access/recovery/reconcile-made.ts';
import type { SweepResult } from '../access/recovery/sweep-access.ts';
import type { RemovedDrift } from '../drift/remove-drift.ts';
import { SYSTEM_ACTOR } from '../model/request.ts';
import type { AuditFact } from './audit-event.ts';

/** So many are named; an event has room for them on every way it goes. */
const MOST_NAMED = 200;

/**
 * What a sweep leaves in the audit: nothing, unless it found something that should not have been there, or failed. It
 * names what that was.
 *
 * @param result of the sweep, with what it found of requests that no workflow works on
 */
export function sweepFact(
  result: Omit<SweepResult, 'leftOut'> &
    Pick<AbandonedResult, 'abandoned' | 'started'> &
    Pick<ReconcileMadeResult, 'unrequested'>,
  at: string,
): AuditFact | undefined {
  const { pastEnd, orphans, unrequested, abandoned, started, failures, complete } = result;
  const ids = [...new Set(result.ids)];
  const found = [
    ...(pastEnd > 0 ? [`${pastEnd} past their end`] : []),
    ...(orphans > 0 ? [`${orphans} without a live request`] : []),
    ...(unrequested > 0 ? [`${unrequested} made by us, whatever our records say of it`] : []),
    ...(abandoned > 0 ? [`${abandoned} whose workflow had stopped`] : []),
    ...(started > 0 ? [`${started} whose workflow had never begun`] : []),
    ...(failures > 0 ? [`${failures} failed`] : []),
    ...(complete ? [] : ['not finished in time']),
    ...(ids.length > MOST_NAMED ? [`${ids.length - MOST_NAMED} of them not named here`] : []),
  ];
  return found.length === 0 ? undefined : fact(found.join(', '), ids, at);
}

/** The same of what others had given and a rule took away again. */
export function driftRemovedFact({ removed, ids }: Omit<RemovedDrift, 'failures'>, at: string): AuditFact | undefined {
  return removed === 0 ? undefined : fact(`${removed} made outside of Glasshammer, as announced`, ids, at);
}

function fact(note: string, ids: readonly string[], at: string): AuditFact {
  return { type: 'swept', at, by: SYSTEM_ACTOR, note, ...(ids.length === 0 ? {} : { ids: ids.slice(0, MOST_NAMED) }) };
}
