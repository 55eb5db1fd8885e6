import { endAttribute } from '../../../core/model/stored-ids.ts';
import type { Room } from '../full-item.ts';

const LITTLE = 2_500;

const LEASE = [
  ...['principalId', 'target', 'state', 'endsAt', 'leases', 'standing', 'standingAt'],
  ...['removing', 'releasedAt', 'opensAt'],
];
const MADE = ['principalId', 'target', 'state', 'endsAt', 'madeAt', 'theirsAt', 'theirsBy', 'goneAt', 'ttl'];
const REMOVED = ['removedAt', 'ttl'];
const ENDS = endAttribute('');

/** What the item of an assignment's leases may hold that somebody has filled. */
export const LEASE_ROOM: Room = { of: (attribute) => (LEASE.includes(attribute) ? LITTLE : undefined) };

/** The same of what is kept of our making. */
export const MADE_ROOM: Room = { of: (attribute) => (MADE.includes(attribute) ? LITTLE : undefined) };

/** The same of removals. When an access ended is worth less than that the next one can be written down. */
export const REMOVED_ROOM: Room = {
  of: (attribute) => (REMOVED.includes(attribute) || attribute.startsWith(ENDS) ? LITTLE : undefined),
  isSpare: (attribute) => attribute.startsWith(ENDS),
};
