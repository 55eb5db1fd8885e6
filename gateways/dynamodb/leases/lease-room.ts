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

/** What a lease item that somebody has filled may keep. */
export const LEASE_ROOM: Room = { of: (attribute) => (LEASE.includes(attribute) ? LITTLE : undefined) };

/** The same for an item about what Glasshammer's roles made. */
export const MADE_ROOM: Room = { of: (attribute) => (MADE.includes(attribute) ? LITTLE : undefined) };

/** The same for an item of removals. The ends of earlier accesses may go, so that the next end can be written. */
export const REMOVED_ROOM: Room = {
  of: (attribute) => (REMOVED.includes(attribute) || attribute.startsWith(ENDS) ? LITTLE : undefined),
  isSpare: (attribute) => attribute.startsWith(ENDS),
};
