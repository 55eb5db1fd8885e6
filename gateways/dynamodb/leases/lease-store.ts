import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { LeaseItem, LeaseStore, Now } from '../../../core/access/ports.ts';
import { RemovalInProgressError } from '../../../core/model/errors.ts';
import { after, CLOCK_SKEW_SECONDS, isInstant } from '../../../core/model/events.ts';
import { endAttribute, removedId } from '../../../core/model/stored-ids.ts';
import { type Assignment, assignmentKey, isAssignmentKey } from '../../../core/model/target.ts';
import { conditionally, type Item, Update } from '../conditional.ts';
import { type OnFull, updateMakingRoom } from '../full-item.ts';
import { itemsInState } from '../paging.ts';
import { fromLeaseItem, isSpoiled, spoiledParts } from './lease-item.ts';
import { LEASE_ROOM, REMOVED_ROOM } from './lease-room.ts';

/** The value of `state` that puts lease items into the by-state index, beside the requests. */
const LEASE_STATE = 'lease';

/**
 * An assignment that somebody else made before nothing was there is gone. When its event arrives late, it must not make
 * a lease standing: another request may hold the assignment by then, and its end would never remove it. Clocks may
 * differ by this much. Seconds.
 */
export const REMOVED_TOLERANCE_SECONDS = 30;

/**
 * That an assignment is gone is remembered longer than the event of its creation may wait: EventBridge tries for a
 * day to hand it to Lambda, whose queue keeps it for up to six hours. Nothing delivers it again from a dead-letter
 * queue. It is also longer than any access lasts. Seconds.
 */
export const GONE_TTL_SECONDS = 15 * 24 * 3600;

/** The ends of accesses are remembered longer than a policy may make its pause: 180 days. Seconds. */
const ENDED_TTL_SECONDS = 181 * 24 * 3600;

/**
 * One item per assignment, with the set of requests that claim it. DynamoDB drops a set that becomes empty, so "no
 * claim is left" is `attribute_not_exists(leases)` and can be a condition.
 */
export function createLeaseStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly now: Now;
  readonly onFull?: OnFull | undefined;
}): LeaseStore {
  const { client, tableName: TableName, onFull } = options;

  /**
   * One conditional write. The unreadable parts of an item that somebody has spoiled are removed first: they would make
   * DynamoDB refuse every write of the functions that end access.
   */
  async function write(assignment: Assignment, update: Update): ReturnType<typeof tryWrite> {
    const written = await tryWrite(assignment, update).catch((error: unknown) => {
      // DynamoDB's error for an operand of the wrong type.
      if (error instanceof Error && error.name === 'ValidationException') return undefined;
      throw error;
    });
    if (written !== undefined && !written.spoiled) return written;
    await repair(assignment);
    return tryWrite(assignment, update);
  }

  async function repair(assignment: Assignment): Promise<void> {
    const Key = { id: assignmentKey(assignment) };
    for (const spoiled of spoiledParts()) {
      const whole = spoiled.when('attribute_exists(id)').build();
      await conditionally(() => client.send(new UpdateCommand({ TableName, Key, ...whole })));
    }
    onFull?.(Key.id, ['leases', 'removing']);
  }

  async function tryWrite(
    assignment: Assignment,
    update: Update,
  ): Promise<{ readonly spoiled: boolean } & ({ readonly item: LeaseItem } | { readonly conflict?: LeaseItem })> {
    const id = assignmentKey(assignment);
    const written = await updateMakingRoom({ client, TableName, id, room: LEASE_ROOM, onFull }, update.build());
    if ('done' in written) return { spoiled: false, item: fromLeaseItem(written.done.Attributes ?? {}) };
    if (written.conflict === undefined) return { spoiled: false };
    return { spoiled: isSpoiled(written.conflict), conflict: fromLeaseItem(written.conflict) };
  }

  /** Written before the item goes or reopens, so that a late event of the earlier assignment finds that it is gone. */
  async function noteRemoved({ assignment, standing, removing }: LeaseItem): Promise<void> {
    if (removing !== undefined && standing !== true)
      await noteNothingThere(assignment, options.now().toISOString(), removing.requestId);
  }

  /** @param ended the access that ended by it: the first time that was written stays */
  async function noteNothingThere(assignment: Assignment, at: string, ended?: string): Promise<void> {
    const update = new Update();
    if (ended !== undefined) update.setAttributeOnce(endAttribute(ended), at);
    update.set('removedAt', at).set('ttl', Math.floor(new Date(at).getTime() / 1000) + ENDED_TTL_SECONDS);
    const known = update.name('removedAt');
    // A stored value that is no text, or is in the future, would refuse every later instant.
    const isText = `attribute_type(${known}, ${update.value('S')})`;
    const latest = update.value(after(options.now(), CLOCK_SKEW_SECONDS));
    update.when(`NOT ${isText} OR ${known} < ${update.value(at)} OR ${known} > ${latest}`);
    const id = removedId(assignmentKey(assignment));
    await updateMakingRoom({ client, TableName, id, room: REMOVED_ROOM, onFull }, update.build());
  }

  async function removalsOf(assignment: Assignment): Promise<Item> {
    const Key = { id: removedId(assignmentKey(assignment)) };
    const { Item = {} } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item;
  }

  return {
    async get(assignment) {
      const { Item } = await client.send(
        new GetCommand({ TableName, Key: { id: assignmentKey(assignment) }, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : fromLeaseItem(Item);
    },

    async add(assignment, requestId) {
      const update = new Update()
        .set('principalId', assignment.principalId)
        .set('target', assignment.target)
        .set('state', LEASE_STATE)
        .setOnce('endsAt', options.now().toISOString())
        .remove('releasedAt')
        .remove('opensAt')
        .add('leases', new Set([requestId]));
      const leases = update.name('leases');
      const opensAt = update.name('opensAt');
      update.when(`attribute_not_exists(${opensAt}) OR ${opensAt} <= ${update.value(options.now().toISOString())}`);
      update.when(`attribute_not_exists(${update.name('removing')})`);
      update.when(`attribute_not_exists(${leases}) OR contains(${leases}, ${update.value(requestId)})`);
      const written = await write(assignment, update);
      if ('item' in written) return written.item;
      if (written.conflict !== undefined && written.conflict.removing === undefined) return written.conflict;
      throw new RemovalInProgressError(
        'the same assignment is being removed; it can be granted again when that is done',
      );
    },

    async noteStanding(assignment, standing) {
      const update = new Update().setOnce('standing', standing);
      const written = await write(assignment, update.when('attribute_exists(id)'));
      if ('item' in written) return written.item;
      throw new RemovalInProgressError('the lease went away while the assignment was being looked up');
    },

    async noteOurs(assignment) {
      const update = new Update().set('standing', false);
      const heard = update.name('standingAt');
      update.when('attribute_exists(id)');
      update.when(`NOT (${update.name('standing')} = ${update.value(true)} AND attribute_exists(${heard}))`);
      const written = await write(assignment, update);
      return 'item' in written ? written.item : written.conflict;
    },

    async noteAbsent(assignment, at) {
      await noteNothingThere(assignment, at);
      // An event of the assignment that is gone may have come just before this, and have made the lease standing.
      const update = new Update().set('standing', false);
      update
        .when(`${update.name('standing')} = ${update.value(true)}`)
        .when(`${update.name('standingAt')} <= ${update.value(after(at, REMOVED_TOLERANCE_SECONDS))}`);
      await write(assignment, update);
    },

    async absentAt(assignment) {
      const { removedAt } = await removalsOf(assignment);
      return isInstant(removedAt) && removedAt <= after(options.now(), CLOCK_SKEW_SECONDS) ? removedAt : undefined;
    },

    async removedFor(assignment, requestId) {
      const at = (await removalsOf(assignment))[endAttribute(requestId)];
      return isInstant(at) ? at : undefined;
    },

    async drop(assignment, requestId) {
      const update = new Update().deleteFromSet('leases', requestId);
      const written = await write(assignment, update.when('attribute_exists(id)'));
      return 'item' in written ? written.item : undefined;
    },

    async claim(assignment, holder, since) {
      const update = new Update()
        .set('principalId', assignment.principalId)
        .set('target', assignment.target)
        .set('state', LEASE_STATE)
        .set('endsAt', since)
        .set('standing', false)
        .set('removing', { requestId: holder, since });
      const written = await write(assignment, update.when('attribute_not_exists(id)'));
      return 'item' in written ? written.item : undefined;
    },

    async beginRemoval(assignment, requestId, since) {
      const update = new Update().set('removing', { requestId, since });
      update
        .when('attribute_exists(id)')
        .when(`attribute_not_exists(${update.name('leases')})`)
        .when(`attribute_not_exists(${update.name('removing')})`);
      const written = await write(assignment, update);
      return 'item' in written ? written.item : written.conflict;
    },

    async noteRemoval(seen, operationId) {
      if (seen.removing === undefined) return;
      const update = new Update();
      if (operationId === undefined) update.remove('removing.operationId');
      else update.set('removing.operationId', operationId);
      await write(seen.assignment, sameRemoval(update, seen));
    },

    async forget(seen) {
      await noteRemoved(seen);
      const update = sameRemoval(new Update(), seen);
      update.when(`attribute_not_exists(${update.name('leases')})`);
      await conditionally(() =>
        client.send(new DeleteCommand({ TableName, Key: { id: assignmentKey(seen.assignment) }, ...update.build() })),
      );
    },

    async release(seen, at) {
      await noteRemoved(seen);
      const update = new Update().remove('removing').set('releasedAt', at).set('endsAt', at);
      await write(seen.assignment, sameRemoval(update.when('attribute_exists(id)'), seen));
    },

    async holdBack(assignment, until) {
      const update = new Update()
        .set('principalId', assignment.principalId)
        .set('target', assignment.target)
        .set('state', LEASE_STATE)
        .setOnce('endsAt', options.now().toISOString())
        .set('opensAt', until);
      const opensAt = update.name('opensAt');
      update
        .when(`attribute_not_exists(${opensAt}) OR ${opensAt} < ${update.value(until)}`)
        .when(`attribute_not_exists(${update.name('leases')})`)
        .when(`attribute_not_exists(${update.name('removing')})`);
      const written = await write(assignment, update);
      return 'item' in written ? written.item : written.conflict;
    },

    async *all(how) {
      for await (const item of itemsInState(client, TableName, LEASE_STATE, how))
        if (isAssignmentKey(String(item.id))) yield fromLeaseItem(item);
    },
  };
}

/** The removal must still be the one that was seen: a later grant may have made the item anew since. */
function sameRemoval(update: Update, seen: LeaseItem): Update {
  const removing = update.name('removing');
  if (seen.removing === undefined) return update.when(`attribute_not_exists(${removing})`);
  return update
    .when(`${update.name('removing.requestId')} = ${update.value(seen.removing.requestId)}`)
    .when(`${update.name('removing.since')} = ${update.value(seen.removing.since)}`);
}
