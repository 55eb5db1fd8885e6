import type { LeaseItem } from '../access/ports.ts';

/**
 * Whose an existing assignment is, told from its lease item:
 * `leased` a live lease owns it; `standing` it was there before a lease that is live, or somebody else made it meanwhile;
 * `being-removed` we are taking it away; `settling` its last lease has just gone and the revoke or the sweep is about to deal
 * with it; `outside` nobody's lease owns it.
 */
export type Ownership = 'leased' | 'standing' | 'being-removed' | 'settling' | 'outside';

/** Tells whose an assignment is. @param item its lease item, if there is one */
export function classify(item: LeaseItem | undefined): Ownership {
  if (item === undefined) return 'outside';
  if (item.removing !== undefined) return 'being-removed';
  if (item.leases.length === 0) return 'settling';
  return item.standing === true ? 'standing' : 'leased';
}
