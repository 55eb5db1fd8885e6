import { removeInOnePass } from '../access/lease/revoke/removal.ts';
import type { AssignmentPort, Now } from '../access/ports.ts';
import { assignmentIds, isGroupTarget } from '../model/target.ts';
import type { DriftScope, DriftStore, LeaseWatch } from './ports.ts';
import { isInScope, rulesText } from './rules.ts';
import type { DriftItem, DriftRule } from './types.ts';

/** Everything the removal needs; whoever finds drift has none of the right to remove it, and the other way round. */
export interface RemoveDriftServices {
  readonly drift: DriftStore;
  readonly leases: LeaseWatch;
  readonly assignments: Pick<AssignmentPort, 'exists' | 'remove' | 'removalStatus'>;
  readonly rules: readonly DriftRule[];
  readonly scope: DriftScope;
  readonly now: Now;
  hasTimeLeft(): boolean;
  /** Told of each item that failed; the rest goes on. */
  onFailure(error: unknown): void;
}

export interface RemovedDrift {
  readonly removed: number;
  readonly failures: number;
  /** Of what was removed: principal, account and permission set. */
  readonly ids: readonly string[];
}

/** The holder of the lease item while drift is being removed, so that no grant comes between. */
const HOLDER = 'drift';

/**
 * Removes what was told of, has had its grace, is still there and is still nobody's: only while an operator has confirmed drift,
 * and only by the very rules it was told by. Groups and memberships never. One item that fails never stops the rest; a removal
 * that takes longer is followed up by the next run.
 */
export async function removeDrift(services: RemoveDriftServices): Promise<RemovedDrift> {
  const result = { removed: 0, failures: 0, ids: [] as string[] };
  if ((await services.drift.mode()).mode !== 'enforcing') return result;
  const now = services.now().toISOString();
  for await (const item of services.drift.inStatus('to-remove')) {
    if (item.due > now || item.rules !== rulesText(services.rules)) continue;
    if (!services.hasTimeLeft()) break;
    try {
      if (!(await removeOne(item, now, services))) continue;
      result.removed += 1;
      result.ids.push(assignmentIds(item.assignment));
    } catch (error) {
      result.failures += 1;
      services.onFailure(error);
    }
  }
  return result;
}

/** True when it is gone now, and by us. */
async function removeOne(item: DriftItem, now: string, services: RemoveDriftServices): Promise<boolean> {
  const { assignment } = item;
  const { leases, assignments } = services;
  if (isGroupTarget(assignment.target) || !isInScope(assignment.target, services.scope)) return false;
  const held = await leases.get(assignment);
  // Somebody has a lease on it by now: it is judged again when that is over.
  if (held !== undefined && held.removing?.requestId !== HOLDER) return false;
  if (held === undefined && !(await assignments.exists(assignment))) {
    await services.drift.drop(item.assignment, item);
    return false;
  }
  const claimed = held ?? (await leases.claim(assignment, HOLDER, now));
  if (claimed === undefined) return false;
  if ((await removeInOnePass(claimed, services)).outcome !== 'gone') return false;
  const { revision: _revision, ...rest } = item;
  await services.drift.put({ ...rest, status: 'removed', due: services.now().toISOString() }, item);
  await leases.forget(claimed);
  return true;
}
