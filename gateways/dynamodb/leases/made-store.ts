import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { GoneAssignment, MadeAssignment, MadeStore } from '../../../core/access/recovery/made.ts';
import { isInstant } from '../../../core/model/events.ts';
import { ITEM_PREFIXES, madeId } from '../../../core/model/stored-ids.ts';
import { type Assignment, assignmentKey, assignmentOfKey, isAssignmentKey } from '../../../core/model/target.ts';
import { type Item, Update } from '../conditional.ts';
import { type OnFull, updateMakingRoom } from '../full-item.ts';
import { itemsInState } from '../paging.ts';
import { MADE_ROOM } from './lease-room.ts';
import { GONE_TTL_SECONDS } from './lease-store.ts';

/** The value of `state` that puts these items into the by-state index. */
const MADE_STATE = 'made';

/** One item per assignment that one of Glasshammer's roles has made, in the request table. */
export function createMadeStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly onFull?: OnFull | undefined;
}): MadeStore {
  const { client, tableName: TableName, onFull } = options;
  const keyOf = (assignment: Assignment) => ({ id: madeId(assignmentKey(assignment)) });

  const write = (assignment: Assignment, update: Update) =>
    updateMakingRoom({ client, TableName, ...keyOf(assignment), room: MADE_ROOM, onFull }, update.build());

  /**
   * An update that only the latest event of its kind writes. CloudTrail has whole seconds. Of Glasshammer's creation
   * and a removal in the same second the creation counts, because a look-up shows later that it is gone. Of somebody
   * else's creation and a removal the removal counts, so that it keeps nothing of Glasshammer's alive.
   */
  function latest(what: 'madeAt' | 'theirsAt', when: string): Update {
    const update = new Update().set(what, when);
    const known = update.name(what);
    update.when(`attribute_not_exists(${known}) OR ${known} < ${update.value(when)}`);
    const gone = update.name('goneAt');
    const before = what === 'madeAt' ? '<=' : '<';
    return update.when(`attribute_not_exists(${gone}) OR ${gone} ${before} ${update.value(when)}`);
  }

  return {
    async get(assignment) {
      const { Item = {} } = await client.send(
        new GetCommand({ TableName, Key: keyOf(assignment), ConsistentRead: true }),
      );
      return fromMadeItem({ ...Item, ...keyOf(assignment) });
    },

    async noteMadeByGlasshammer(assignment, at) {
      const update = latest('madeAt', at)
        .set('principalId', assignment.principalId)
        .set('target', assignment.target)
        .set('state', MADE_STATE)
        .setOnce('endsAt', at)
        .remove('ttl');
      const written = await write(assignment, update);
      const item = ('done' in written ? written.done.Attributes : written.conflict) ?? {};
      return wasGone(item, 'madeAt', at) ? { goneAt: item.goneAt } : fromMadeItem({ ...keyOf(assignment), ...item });
    },

    /**
     * If no creation by Glasshammer's roles is known, the note has no `state`, so that no list has it, and expires.
     * Until then a late event of a creation by Glasshammer finds it.
     */
    async noteMadeByOthers(assignment, at, by) {
      for (const isListed of [true, false, true]) {
        const update = latest('theirsAt', at).set('theirsBy', { id: by.id, name: by.name });
        const state = update.name('state');
        update.when(isListed ? `attribute_exists(${state})` : `attribute_not_exists(${state})`);
        const written = await write(assignment, isListed ? update : update.set('ttl', ttlFrom(at)));
        if ('done' in written) return fromMadeItem({ ...keyOf(assignment), ...written.done.Attributes });
        const { conflict = {} } = written;
        if (wasGone(conflict, 'theirsAt', at)) return undefined;
        if (isInstant(conflict.theirsAt) && conflict.theirsAt >= at) return fromMadeItem(conflict);
      }
      return { assignment };
    },

    /** The item that is left has no `state`, so that no list has it, and expires by itself. */
    async noteGone(assignment, at) {
      const update = new Update().set('goneAt', at).set('ttl', ttlFrom(at));
      const until = update.value(at);
      update.when(`attribute_not_exists(${update.name('madeAt')}) OR ${update.name('madeAt')} < ${until}`);
      for (const known of [update.name('theirsAt'), update.name('goneAt')])
        update.when(`attribute_not_exists(${known}) OR ${known} <= ${until}`);
      for (const attribute of ['state', 'endsAt', 'madeAt', 'theirsAt', 'theirsBy']) update.remove(attribute);
      const written = await write(assignment, update);
      if ('done' in written) return;
      // Somebody has made it since. That it was gone is kept: the event of an earlier creation may still come.
      const between = new Update().set('goneAt', at).when('attribute_exists(id)');
      const gone = between.name('goneAt');
      await write(assignment, between.when(`attribute_not_exists(${gone}) OR ${gone} < ${between.value(at)}`));
    },

    async *all(how) {
      for await (const item of itemsInState(client, TableName, MADE_STATE, how))
        if (isAssignmentKey(keyIn(item))) yield fromMadeItem(item);
    },
  };
}

/**
 * Reads a stored item, even one that somebody has spoiled: the assignment is taken from the key, and what is no instant
 * is left out. So is a creation from before the assignment was gone.
 */
export function fromMadeItem(item: Item): MadeAssignment {
  const { madeAt, theirsAt, theirsBy } = item;
  const { id, name } = (theirsBy ?? {}) as Item;
  return {
    assignment: assignmentOfKey(keyIn(item)),
    ...(isInstant(madeAt) && !wasGone(item, 'madeAt', madeAt) ? { madeAt } : {}),
    ...(isInstant(theirsAt) && !wasGone(item, 'theirsAt', theirsAt)
      ? { theirsAt, theirsBy: { id: String(id ?? 'unknown'), name: String(name ?? 'unknown') } }
      : {}),
  };
}

function wasGone(item: Item, what: 'madeAt' | 'theirsAt', at: string): item is Item & GoneAssignment {
  const { goneAt } = item;
  return isInstant(goneAt) && (what === 'madeAt' ? goneAt > at : goneAt >= at);
}

function ttlFrom(at: string): number {
  return Math.floor(Date.parse(at) / 1000) + GONE_TTL_SECONDS;
}

/** The key of the leases of the same assignment; empty if the id is of another kind. */
function keyIn({ id }: Item): string {
  return String(id).startsWith(ITEM_PREFIXES.made) ? String(id).slice(ITEM_PREFIXES.made.length) : '';
}
