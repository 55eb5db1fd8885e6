import type { LeaseItem } from '../access/ports.ts';

/**
 * Whose an existing assignment is, judged by its lease item: `leased` a live lease holds it; `standing` it was there
 * before the live lease, or somebody else made it meanwhile; `being-removed` Glasshammer is removing it; `settling` its
 * last lease has just gone and the revoke or the sweep is about to deal with it; `outside` it has no lease item.
 */
export type Ownership = 'leased' | 'standing' | 'being-removed' | 'settling' | 'outside';

/** Says whose an assignment is. @param item its lease item, if there is one */
export function classify(item: LeaseItem | undefined): Ownership {
  if (item === undefined) return 'outside';
  if (item.removing !== undefined) return 'being-removed';
  if (item.leases.length === 0) return 'settling';
  return item.standing === true ? 'standing' : 'leased';
}
