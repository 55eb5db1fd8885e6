import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Listing } from '../../core/access/listing.ts';
import type { DriftStore } from '../../core/drift/ports.ts';
import type { DriftItem, DriftMode, DriftPass, MalformedDriftItem } from '../../core/drift/types.ts';
import { isInstant } from '../../core/model/events.ts';
import { DRIFT_MODE_ID, DRIFT_PASS_ID, driftId } from '../../core/model/stored-ids.ts';
import { assignmentKey } from '../../core/model/target.ts';
import { conditionally, type Item } from './conditional.ts';
import { itemsInState } from './paging.ts';

/** The value of `state` for each status, so that each status is one query of the by-state index. */
const STATES = { told: 'drift', 'to-remove': 'drift-to-remove', removed: 'drift-removed' } as const;

/**
 * Drift in the request table: one item for each assignment that operators were told of, the mode, and the progress of
 * the full pass.
 */
export function createDriftStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): DriftStore {
  const { client, tableName: TableName } = options;

  async function read(id: string): Promise<Item | undefined> {
    return (await client.send(new GetCommand({ TableName, Key: { id }, ConsistentRead: true }))).Item;
  }

  /** Writes over the item that was seen, or a new item if none was seen. */
  async function write(item: Item, seen: Seen | undefined): Promise<boolean> {
    const last = isRevision(seen?.revision) ? seen.revision : 0;
    const written = await conditionally(() =>
      client.send(
        new PutCommand({
          TableName,
          Item: { ...item, revision: last + 1 },
          ...expecting(seen),
        }),
      ),
    );
    return 'done' in written;
  }

  async function* inStatus(status: DriftItem['status'], how?: Listing): AsyncIterable<DriftItem> {
    for await (const item of itemsInState(client, TableName, STATES[status], how)) {
      const drift = fromDriftItem(item);
      if (drift !== undefined) yield drift;
    }
  }

  return {
    async get(assignment) {
      const item = await read(driftId(assignmentKey(assignment)));
      return item === undefined ? undefined : (fromDriftItem(item) ?? spoiled(item));
    },

    put: ({ status, due, ...rest }, seen) =>
      write({ id: driftId(assignmentKey(rest.assignment)), state: STATES[status], endsAt: due, ...rest }, seen),

    async drop(assignment, seen) {
      const dropped = await conditionally(() =>
        client.send(
          new DeleteCommand({
            TableName,
            Key: { id: driftId(assignmentKey(assignment)) },
            ...expecting(seen),
          }),
        ),
      );
      return 'done' in dropped;
    },

    inStatus,

    /** Report-only unless the stored mode is `enforcing`: a mode that cannot be read must not remove anything. */
    async mode(): Promise<DriftMode> {
      const item = await read(DRIFT_MODE_ID);
      if (item === undefined) return { mode: 'report-only' };
      return {
        mode: item.mode === 'enforcing' ? 'enforcing' : 'report-only',
        ...(typeof item.by === 'string' ? { by: item.by } : {}),
        ...(typeof item.at === 'string' ? { at: item.at } : {}),
      };
    },

    async setMode(mode) {
      await client.send(new PutCommand({ TableName, Item: { id: DRIFT_MODE_ID, ...mode } }));
    },

    async pass() {
      const item = await read(DRIFT_PASS_ID);
      if (item === undefined) return undefined;
      const { id: _id, ...pass } = item;
      return isDriftPass(item) ? (pass as unknown as DriftPass) : spoiled(item);
    },

    savePass: (pass, seen) => write({ id: DRIFT_PASS_ID, ...pass }, seen),
  };
}

/** The revision of the item that was seen; of a spoiled item, the attribute as it is stored. */
type Seen = Pick<MalformedDriftItem, 'revision'>;

function expecting(seen: Seen | undefined) {
  if (seen === undefined) return { ConditionExpression: 'attribute_not_exists(id)' };
  if (isRevision(seen.revision))
    return { ConditionExpression: 'revision = :seen', ExpressionAttributeValues: { ':seen': seen.revision } };
  // The item was spoiled: write only while its revision is still one that this store never writes.
  return {
    ConditionExpression: 'attribute_exists(id) AND NOT revision BETWEEN :first AND :last',
    ExpressionAttributeValues: { ':first': 0, ':last': LAST_REVISION },
  };
}

const LAST_REVISION = Number.MAX_SAFE_INTEGER - 1;

/** Is it a revision that the next one can be told from? */
function isRevision(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= LAST_REVISION;
}

function spoiled({ revision }: Item): MalformedDriftItem {
  return { spoiled: true, revision };
}

function isDriftPass({
  startedAt,
  finishedAt,
  modeAt,
  unit,
  after,
  checked,
  found,
  failures,
  revision,
}: Item): boolean {
  return (
    isInstant(startedAt) &&
    (finishedAt === undefined || isInstant(finishedAt)) &&
    [modeAt, unit, after].every((part) => part === undefined || typeof part === 'string') &&
    isRevision(revision) &&
    [checked, found, failures].every((count) => typeof count === 'number')
  );
}

/** Somebody may have edited the item by hand: one that cannot be read must not keep a pass from all the others. */
function isDriftItem({ id, endsAt, foundAt, assignment, names, made, rules, revision }: Item): boolean {
  const { principalId, target } = mapIn(assignment);
  const { accountId, permissionSetArn, groupId } = mapIn(target);
  const about = groupId === undefined ? [accountId, permissionSetArn] : [groupId];
  return (
    [endsAt, foundAt, rules, principalId, ...about].every((part) => typeof part === 'string') &&
    id === driftId(assignmentKey(assignment as DriftItem['assignment'])) &&
    isRevision(revision) &&
    Object.values(mapIn(names)).every((name) => typeof name === 'string' || name === true) &&
    (made === undefined || typeof mapIn(mapIn(made).by).name === 'string')
  );
}

function mapIn(value: unknown): Item {
  return typeof value === 'object' && value !== null ? (value as Item) : {};
}

function fromDriftItem(item: Item): DriftItem | undefined {
  const { id: _id, state, endsAt, ...rest } = item;
  const status = (Object.keys(STATES) as DriftItem['status'][]).find((one) => STATES[one] === state);
  if (status === undefined || !isDriftItem(item) || typeof endsAt !== 'string') return undefined;
  return { ...(rest as unknown as Omit<DriftItem, 'status' | 'due'>), status, due: endsAt };
}
