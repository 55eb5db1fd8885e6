import { removeInOnePass } from '../access/lease/revoke/removal.ts';
import type { AssignmentPort, Now } from '../access/ports.ts';
import { whileTimeLasts } from '../access/recovery/attempts.ts';
import { assignmentIds, isGroupTarget } from '../model/target.ts';
import type { DriftScope, DriftStore, LeaseWatch } from './ports.ts';
import { isInScope, rulesText } from './rules.ts';
import type { DriftItem, DriftRule } from './types.ts';

/**
 * What the removal needs. The function that finds drift has no right to remove it, and the sweep, which removes it, has
 * no right to look for it.
 */
export interface RemoveDriftServices {
  readonly drift: DriftStore;
  readonly leases: LeaseWatch;
  readonly assignments: Pick<AssignmentPort, 'exists' | 'remove' | 'removalStatus'>;
  readonly rules: readonly DriftRule[];
  readonly scope: DriftScope;
  readonly now: Now;
  hasTimeLeft(): boolean;
  /** Called for each item that failed; the rest goes on. */
  onFailure(error: unknown): void;
}

export interface RemovedDrift {
  readonly removed: number;
  readonly failures: number;
  /** False when the rest of the list was left to the next run for lack of time. */
  readonly complete: boolean;
  /** Principal, account and permission set of each removed assignment. */
  readonly ids: readonly string[];
}

/** Holds the lease item while drift is being removed, so that no grant begins meanwhile. */
const HOLDER = 'drift';

/**
 * Removes drift that operators were told of, whose grace is over, and that is still there without a lease: only while
 * an operator has confirmed drift, and only under the rules by which it was announced. Never removes access by groups,
 * or memberships. An item that fails does not stop the rest; the next run follows up a removal that takes longer.
 */
export async function removeDrift(services: RemoveDriftServices): Promise<RemovedDrift> {
  const result = { removed: 0, failures: 0, complete: true, ids: [] as string[] };
  if ((await services.drift.mode()).mode !== 'enforcing') return result;
  const now = services.now().toISOString();
  const listed = services.drift.inStatus('to-remove', { goOn: () => services.hasTimeLeft() });
  for await (const item of whileTimeLasts(listed, services, result)) {
    if (item.due > now || item.rules !== rulesText(services.rules)) continue;
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

/** True if the assignment is gone now and Glasshammer removed it. */
async function removeOne(item: DriftItem, now: string, services: RemoveDriftServices): Promise<boolean> {
  const { assignment } = item;
  const { leases, assignments } = services;
  if (isGroupTarget(assignment.target) || !isInScope(assignment.target, services.scope)) return false;
  const held = await leases.get(assignment);
  // A request holds it by now: it is judged again when the lease is gone.
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
