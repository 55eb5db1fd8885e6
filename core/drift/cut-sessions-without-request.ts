import { type Assignment, assignmentIds, assignmentKey, isGroupTarget } from '../model/target.ts';
import type { DriftServices } from './ports.ts';
import type { Actor } from './types.ts';

export type CutWithoutRequestServices = Pick<DriftServices, 'workflow' | 'sha256' | 'audit' | 'now'> & {
  readonly leases: Pick<DriftServices['leases'], 'get' | 'wasAbsentSince'>;
};

/**
 * Cuts the sessions of an assignment that one of Glasshammer's roles made and somebody else removed while no request
 * held it: for example one that a call of the grant made after the revoke. The end of a request, or of a removal, cuts
 * the sessions of its own assignment; nothing else would cut these. A second call for the same removal starts no second
 * cut and writes no second fact.
 *
 * @param gone.at ISO 8601
 * @param gone.by absent when the assignment was found missing by a look-up
 * @param gone.madeAt ISO 8601; given where `at` is only when the assignment was found missing. It then says which
 *   removal it is, because a later look-up finds it missing at another instant.
 */
export async function cutSessionsWithoutRequest(
  assignment: Assignment,
  { at, by, madeAt }: { readonly at: string; readonly by?: Actor; readonly madeAt?: string },
  { leases, workflow, audit, sha256, now }: CutWithoutRequestServices,
): Promise<void> {
  // Only an assignment to an account gives credentials.
  if (isGroupTarget(assignment.target)) return;
  const item = await leases.get(assignment);
  if (item !== undefined && (item.leases.length > 0 || item.removing !== undefined)) return;
  // A revoke or a grant found it gone after that. The sessions are cut, or will be, with the request it did this for.
  if (await leases.wasAbsentSince(assignment, at)) return;
  const key = sha256(`${assignmentKey(assignment)} ${madeAt === undefined ? `gone ${at}` : `made ${madeAt}`}`);
  await workflow.startCut(key, assignment, at);
  await audit.write(`drift-unheld-${key}`, {
    type: 'drift-found',
    at: now().toISOString(),
    by: by?.id ?? 'unknown',
    note: 'made by a role of Glasshammer, removed outside of it under no live request; its sessions are cut',
    ids: [assignmentIds(assignment)],
  });
}
