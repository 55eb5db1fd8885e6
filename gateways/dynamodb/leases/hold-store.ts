import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { HoldStore, Now } from '../../../core/access/ports.ts';
import { after } from '../../../core/model/events.ts';
import type { HeldAccess } from '../../../core/model/held-access.ts';
import { HOLD_PREFIX, holdAttribute, usageId } from '../../../core/model/stored-ids.ts';
import { type Assignment, assignmentKey } from '../../../core/model/target.ts';
import { compareText } from '../../../core/model/text.ts';
import { readerOf } from '../batch-reader.ts';
import { type Item, Update, written } from '../conditional.ts';

/** Limits look back a day, and at the last access before it. Seconds. */
const KEPT_SECONDS = 24 * 3600;
/** So many may be too old before they are taken out: most items never need a second write. */
const MOST_OLD = 20;

/**
 * What people held, beside how often: one item per person and target in the request table, each access an attribute of its own, so
 * that two writers never meet. Written with the lease and before the
 * assignment, so that a limit never forgets access that was given.
 */
export function createHoldStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly now: Now;
}): HoldStore {
  const { client, tableName: TableName } = options;
  const readByIds = readerOf(client);
  const keyOf = (assignment: Assignment) => ({ id: usageId(assignmentKey(assignment)) });

  return {
    async of(assignment) {
      const [item = {}] = await readByIds(TableName, [keyOf(assignment).id]);
      return holdsIn(item);
    },

    async note(assignment, { accessId, startedAt, endsAt }) {
      const update = new Update().setAttribute(holdAttribute(accessId), { startedAt, endsAt });
      const { Attributes = {} } = await client.send(
        new UpdateCommand({ TableName, Key: keyOf(assignment), ...update.build(), ReturnValues: 'ALL_NEW' }),
      );
      const oldest = after(options.now(), -KEPT_SECONDS);
      const old = holdsIn(Attributes)
        .slice(0, -1)
        .filter((hold) => hold.endsAt < oldest);
      if (old.length <= MOST_OLD) return;
      const prune = new Update();
      for (const hold of old) prune.removeAttribute(holdAttribute(hold.accessId));
      await client.send(new UpdateCommand({ TableName, Key: keyOf(assignment), ...prune.build() }));
    },
  };
}

/** Writes down a hold, to be sent in one transaction with what makes it true. */
export function holdUpdate(TableName: string, assignment: Assignment, { accessId, startedAt, endsAt }: HeldAccess) {
  const update = new Update().setAttribute(holdAttribute(accessId), { startedAt, endsAt });
  return { TableName, Key: { id: usageId(assignmentKey(assignment)) }, ...written(update) };
}

function holdsIn(item: Item): HeldAccess[] {
  return Object.entries(item)
    .filter(([name]) => name.startsWith(HOLD_PREFIX))
    .map(([name, value]) => {
      const { startedAt, endsAt } = value as { startedAt?: unknown; endsAt?: unknown };
      return { accessId: name.slice(HOLD_PREFIX.length), startedAt: String(startedAt), endsAt: String(endsAt) };
    })
    .sort((a, b) => compareText(a.startedAt, b.startedAt));
}
