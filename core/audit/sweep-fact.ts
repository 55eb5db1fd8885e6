import { SYSTEM_ACTOR } from '../access/request.ts';
import type { SweepResult } from '../access/sweep-access.ts';
import type { AuditFact } from './audit-event.ts';

/** What a sweep leaves in the audit: nothing, unless it found something that should not have been there, or failed. */
export function sweepFact(result: SweepResult, at: string): AuditFact | undefined {
  const { pastEnd, orphans, failures, complete } = result;
  const found = [
    ...(pastEnd > 0 ? [`${pastEnd} past their end`] : []),
    ...(orphans > 0 ? [`${orphans} without a live request`] : []),
    ...(failures > 0 ? [`${failures} failed`] : []),
    ...(complete ? [] : ['not finished in time']),
  ];
  return found.length === 0 ? undefined : { type: 'swept', at, by: SYSTEM_ACTOR, note: found.join(', ') };
}
