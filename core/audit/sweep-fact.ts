import type { AbandonedResult } from '../access/recovery/abandoned-access.ts';
import type { ReconcileMadeResult } from '../access/recovery/reconcile-made.ts';
import type { UnrecordedResult } from '../access/recovery/restart-unrecorded.ts';
import type { SweepResult } from '../access/recovery/sweep-access.ts';
import type { RemovedDrift } from '../drift/remove-drift.ts';
import { SYSTEM_ACTOR } from '../model/request.ts';
import type { AuditFact } from './audit-event.ts';

/** At most this many ids are named, so that the fact fits into every target of events. */
const MOST_NAMED = 200;

/**
 * The fact that a sweep leaves in the audit, which names what the sweep found; `undefined` unless it found something
 * that should not have been there, or failed.
 *
 * @param result of the sweep, with the requests that no workflow works on and the assignments under no live request
 */
export function sweepFact(
  result: Omit<SweepResult, 'leftOut'> &
    Pick<AbandonedResult, 'abandoned' | 'started'> &
    Pick<ReconcileMadeResult, 'unrequested'> &
    Pick<UnrecordedResult, 'unrecorded'>,
  at: string,
): AuditFact | undefined {
  const { pastEnd, orphans, unrequested, unrecorded, abandoned, started, failures, complete } = result;
  const ids = [...new Set(result.ids)];
  const found = [
    ...(pastEnd > 0 ? [`${pastEnd} past their end`] : []),
    ...(orphans > 0 ? [`${orphans} without a live request`] : []),
    ...(unrequested > 0 ? [`${unrequested} made by us, whatever our records say of it`] : []),
    ...(unrecorded > 0 ? [`${unrecorded} whose workflow had given access that no record knew of`] : []),
    ...(abandoned > 0 ? [`${abandoned} whose workflow had stopped`] : []),
    ...(started > 0 ? [`${started} whose workflow had never begun`] : []),
    ...(failures > 0 ? [`${failures} failed`] : []),
    ...(complete ? [] : ['not finished in time']),
    ...(ids.length > MOST_NAMED ? [`${ids.length - MOST_NAMED} of them not named here`] : []),
  ];
  return found.length === 0 ? undefined : fact(found.join(', '), ids, at);
}

/** The fact about drift that a rule removed; `undefined` when nothing was removed. */
export function driftRemovedFact(
  { removed, ids }: Pick<RemovedDrift, 'removed' | 'ids'>,
  at: string,
): AuditFact | undefined {
  return removed === 0 ? undefined : fact(`${removed} made outside of Glasshammer, as announced`, ids, at);
}

function fact(note: string, ids: readonly string[], at: string): AuditFact {
  return { type: 'swept', at, by: SYSTEM_ACTOR, note, ...(ids.length === 0 ? {} : { ids: ids.slice(0, MOST_NAMED) }) };
}
