import { type Assignment, assignmentIds, assignmentKey, isGroupTarget } from '../model/target.ts';
import type { DriftServices } from './ports.ts';
import type { Actor } from './types.ts';

export type CutUnheldServices = Pick<DriftServices, 'workflow' | 'sha256' | 'audit' | 'now'> & {
  readonly leases: Pick<DriftServices['leases'], 'get'>;
};

/**
 * Has the sessions cut that were begun with what one of our roles had made, once it has gone by another hand than ours and no request
 * held it: such as what a call of the grant made that arrived after the revoke. Whoever ends a request, or finishes a removal, cuts
 * its sessions; of this nobody else would. Who is told of it twice starts one cut, and writes it into the audit once.
 *
 * @param gone.at ISO 8601
 * @param gone.by absent where it was found missing by looking
 */
export async function cutUnheld(
  assignment: Assignment,
  { at, by }: { readonly at: string; readonly by?: Actor },
  { leases, workflow, audit, sha256, now }: CutUnheldServices,
): Promise<void> {
  // Credentials come of an assignment to an account alone.
  if (isGroupTarget(assignment.target)) return;
  const item = await leases.get(assignment);
  if (item !== undefined && (item.leases.length > 0 || item.removing !== undefined)) return;
  const key = sha256(`${assignmentKey(assignment)} gone ${at}`);
  await workflow.startCut(key, assignment, at);
  await audit.write(`drift-unheld-${key}`, {
    type: 'drift-found',
    at: now().toISOString(),
    by: by?.id ?? 'unknown',
    note: 'made by a role of Glasshammer, removed outside of it under no live request; its sessions are cut',
    ids: [assignmentIds(assignment)],
  });
}
