import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { LeaseStore } from '../../../core/access/ports.ts';
import type { LeaseWatch } from '../../../core/drift/ports.ts';
import { after } from '../../../core/model/events.ts';
import { type Assignment, assignmentKey } from '../../../core/model/target.ts';
import { type Item, Update } from '../conditional.ts';
import { type OnFull, updateMakingRoom } from '../full-item.ts';
import { fromLeaseItem } from './lease-item.ts';
import { LEASE_ROOM } from './lease-room.ts';
import { REMOVED_TOLERANCE_SECONDS } from './lease-store.ts';

/**
 * A change shortly before a lease began may have been in progress when the grant looked, and CloudTrail has whole
 * seconds. So a change counts from this long before. Seconds.
 */
const TOLERANCE_SECONDS = 60;

/**
 * Lease items, as changes by others affect them. `standingAt` is the time of the newest known change by others, so that
 * events may come in any order. `endsAt` is when the item was made, which is when the grant looked.
 */
export function createLeaseWatch(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly leases: LeaseStore;
  readonly onFull?: OnFull | undefined;
}): LeaseWatch {
  const { client, tableName: TableName, leases, onFull } = options;

  async function update(assignment: Assignment, change: Update) {
    const id = assignmentKey(assignment);
    return updateMakingRoom({ client, TableName, id, room: LEASE_ROOM, onFull }, change.build());
  }

  /**
   * When the lease item was made; `undefined` if there is none, or if Glasshammer's own records say that what was made
   * at `when` is gone. The lease is read before the removals: a removal is noted before its item goes, so the second
   * read sees the end of an earlier life of the item.
   */
  async function leaseSince(assignment: Assignment, when: string): Promise<string | undefined> {
    const lease = await read(assignmentKey(assignment));
    if (typeof lease?.endsAt !== 'string') return undefined;
    return (await wasAbsentSince(assignment, when)) ? undefined : lease.endsAt;
  }

  async function wasAbsentSince(assignment: Assignment, at: string): Promise<boolean> {
    const removedAt = await leases.absentAt(assignment);
    return removedAt !== undefined && new Date(at).toISOString() <= after(removedAt, REMOVED_TOLERANCE_SECONDS);
  }

  async function read(id: string): Promise<Item | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName, Key: { id }, ConsistentRead: true }));
    return Item;
  }

  return {
    get: leases.get,
    all: leases.all,
    noteRemoval: leases.noteRemoval,
    forget: leases.forget,
    claim: leases.claim,
    absentAt: leases.absentAt,
    wasAbsentSince,

    async noteOutside(assignment, standing, at) {
      const when = new Date(at).toISOString();
      const begunAt = standing ? await leaseSince(assignment, when) : undefined;
      if (standing && begunAt === undefined) return undefined;
      const change = new Update().set('standing', standing).set('standingAt', when);
      const known = change.name('standingAt');
      const value = change.value(when);
      // A released item counts as well: the look for what its grant may have made since must find it standing.
      const isHeld = `attribute_exists(${change.name('leases')})`;
      change
        .when(standing ? `${isHeld} OR attribute_exists(${change.name('releasedAt')})` : isHeld)
        .when(`attribute_not_exists(${change.name('removing')})`)
        .when(`${change.name('endsAt')} <= ${change.value(after(when, TOLERANCE_SECONDS))}`)
        // Creation and removal in the same second: the removal counts, so that nothing of Glasshammer's stays for good.
        .when(`attribute_not_exists(${known}) OR ${known} ${standing ? '<' : '<='} ${value}`);
      // The grant has not looked yet: that one assignment is gone does not say that no other is there.
      if (!standing) change.when(`attribute_exists(${change.name('standing')})`);
      if (begunAt !== undefined) change.when(`${change.name('endsAt')} = ${change.value(begunAt)}`);
      const written = await update(assignment, change);
      if ('done' in written) return fromLeaseItem(written.done.Attributes ?? {});
      const { conflict } = written;
      if (conflict?.standingAt !== when || conflict.standing !== standing) return undefined;
      return conflict.leases === undefined ? undefined : fromLeaseItem(conflict);
    },
  };
}
