import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { HoldStore, Now } from '../../../core/access/ports.ts';
import { after, isInstant } from '../../../core/model/events.ts';
import type { HeldAccess } from '../../../core/model/held-access.ts';
import {
  endAttribute,
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

/** Limits look back a day, and at the last access before it. Seconds. */
const KEPT_SECONDS = 24 * 3600;
/** So many may be too old before they are taken out: most items never need a second write. */
const MOST_OLD = 20;

/**
 * What people held: one item per person and target in the request table, each access an attribute of its own, so that two writers
 * never meet. What was given is written by the grant alone, with the lease and before the assignment, so that a limit never forgets
 * access that was given; when it really ended is in the item of removals, in which whoever removes it writes that it is gone.
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
    // First: of an end that is not known any more, what was given counts.
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

    prune: (assignment, given) => removeOld(assignmentKey(assignment), given),
  };
}

function shortened(hold: HeldAccess, endedAt: unknown): HeldAccess {
  // What is no instant can be compared with nothing, and no limit would hold against it.
  return isInstant(endedAt) && endedAt >= hold.startedAt && endedAt < hold.endsAt ? { ...hold, endsAt: endedAt } : hold;
}

/** Writes down a hold, to be sent in one transaction with what makes it true. */
export function holdUpdate(TableName: string, assignment: Assignment, ...holds: readonly HeldAccess[]) {
  const update = new Update();
  for (const { accessId, startedAt, endsAt, votesUntil } of holds) {
    update.setAttribute(holdAttribute(accessId), { startedAt, endsAt });
    // Apart, so that whoever moves the end of an access need not know of it.
    if (votesUntil !== undefined) update.setAttribute(turnAttribute(accessId), votesUntil);
  }
  return { TableName, Key: { id: usageId(assignmentKey(assignment)) }, ...written(update) };
}

/** What says no instants was given by nobody, and would keep whoever ends access from all that others hold. */
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
