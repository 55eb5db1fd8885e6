import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Granted } from '../../../core/access/lease/ports.ts';
import type { HoldStore, Now } from '../../../core/access/ports.ts';
import { after, isInstant } from '../../../core/model/events.ts';
import type { HeldAccess } from '../../../core/model/held-access.ts';
import {
  endAttribute,
  grantedId,
  HOLD_PREFIX,
  holdAttribute,
  removedId,
  turnAttribute,
  usageId,
} from '../../../core/model/stored-ids.ts';
import { type Assignment, assignmentKey } from '../../../core/model/target.ts';
import { compareText } from '../../../core/model/text.ts';
import { readerOf } from '../batch-reader.ts';
import { conditionally, type Item, Update, written } from '../conditional.ts';

/** Limits look back one day, and at the last access before that. Seconds. */
const KEPT_SECONDS = 24 * 3600;
/** So many old holds may stay before they are removed: then most items never need a second write. */
const MOST_OLD = 20;

/**
 * What people held: one item for each person and target in the request table, with an attribute for each access, so
 * that two writers never collide. Only the grant writes what was given, with the lease and before the assignment, so
 * that no limit misses access that was given. When an access really ended is in the item of removals, written by the
 * function that notes the removal.
 */
export function createHoldStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly now: Now;
}): HoldStore {
  const { client, tableName: TableName } = options;
  const readByIds = readerOf(client);

  async function removeOld(key: string, holds: readonly HeldAccess[]): Promise<void> {
    const oldest = after(options.now(), -KEPT_SECONDS);
    const old = holds.slice(0, -1).filter(({ endsAt, votesUntil = '' }) => endsAt < oldest && votesUntil < oldest);
    if (old.length <= MOST_OLD) return;
    const prune = new Update();
    for (const { accessId, votesUntil } of old) {
      prune.removeAttribute(holdAttribute(accessId));
      if (votesUntil !== undefined) prune.removeAttribute(turnAttribute(accessId));
    }
    // The ends go first: a hold whose end is not known counts for as long as it was given.
    await forgetEnds(removedId(key), old);
    await client.send(new UpdateCommand({ TableName, Key: { id: usageId(key) }, ...prune.build() }));
  }

  async function forgetEnds(id: string, old: readonly HeldAccess[]): Promise<void> {
    const prune = new Update().when('attribute_exists(id)');
    for (const { accessId } of old) prune.removeAttribute(endAttribute(accessId));
    await conditionally(() => client.send(new UpdateCommand({ TableName, Key: { id }, ...prune.build() })));
  }

  return {
    async of(assignment) {
      const key = assignmentKey(assignment);
      const items = await readByIds(TableName, [usageId(key), removedId(key)]);
      const itemOf = (id: string) => items.find((item) => item.id === id) ?? {};
      const removed = itemOf(removedId(key));
      const own = holdsIn(itemOf(usageId(key))).filter(({ startedAt, endsAt }) => startedAt < endsAt);
      return own.map((hold) => shortened(hold, removed[endAttribute(hold.accessId)]));
    },

    async given(assignments) {
      const keys = assignments.map(assignmentKey);
      const items = await readByIds(TableName, keys.map(usageId));
      const byId = new Map(items.map((item) => [String(item.id), holdsIn(item)]));
      return new Map(keys.map((key) => [key, byId.get(usageId(key)) ?? []]));
    },

    async granted(requestId) {
      const [item] = await readByIds(TableName, [grantedId(requestId)]);
      // Only `grantedUpdate` writes it.
      return item?.granted as Granted | undefined;
    },

    prune: (assignment, given) => removeOld(assignmentKey(assignment), given),
  };
}

function shortened(hold: HeldAccess, endedAt: unknown): HeldAccess {
  // An end that is no instant is ignored: a limit could not compare it, and would not count the hold.
  return isInstant(endedAt) && endedAt >= hold.startedAt && endedAt < hold.endsAt ? { ...hold, endsAt: endedAt } : hold;
}

/** The write of holds, to be sent in one transaction with the change that makes them true. */
export function holdUpdate(TableName: string, assignment: Assignment, ...holds: readonly HeldAccess[]) {
  const update = new Update();
  for (const { accessId, startedAt, endsAt, votesUntil } of holds) {
    update.setAttribute(holdAttribute(accessId), { startedAt, endsAt });
    // An attribute of its own, so that a writer who moves the end of an access need not know it.
    if (votesUntil !== undefined) update.setAttribute(turnAttribute(accessId), votesUntil);
  }
  return { TableName, Key: { id: usageId(assignmentKey(assignment)) }, ...written(update) };
}

/** The write of what is given, to be sent in the same transaction. */
export function grantedUpdate(TableName: string, requestId: string, granted: Granted) {
  return { TableName, Key: { id: grantedId(requestId) }, ...written(new Update().set('granted', granted)) };
}

/**
 * A hold without valid instants was not written by the program. It is left out, so that the functions that end access
 * can still read the other holds.
 */
function holdsIn(item: Item): HeldAccess[] {
  return Object.entries(item)
    .filter(([name]) => name.startsWith(HOLD_PREFIX))
    .flatMap(([name, value]) => {
      const { startedAt, endsAt } = (value ?? {}) as { startedAt?: unknown; endsAt?: unknown };
      if (!isInstant(startedAt) || !isInstant(endsAt)) return [];
      const accessId = name.slice(HOLD_PREFIX.length);
      const votesUntil = item[turnAttribute(accessId)];
      return [{ ...{ accessId, startedAt, endsAt }, ...(typeof votesUntil === 'string' ? { votesUntil } : {}) }];
    })
    .sort((a, b) => compareText(a.startedAt, b.startedAt));
}
