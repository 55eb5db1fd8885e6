import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { DriftStore } from '../../core/drift/ports.ts';
import type { DriftItem, DriftMode, DriftPass } from '../../core/drift/types.ts';
import { MalformedItemError } from '../../core/model/errors.ts';
import { DRIFT_MODE_ID, DRIFT_PASS_ID, driftId } from '../../core/model/stored-ids.ts';
import { assignmentKey } from '../../core/model/target.ts';
import { conditionally, type Item } from './conditional.ts';
import { itemsInState } from './paging.ts';

/** What `state` holds, so that each status is one query of the by-state index. */
const STATES = { told: 'drift', 'to-remove': 'drift-to-remove', removed: 'drift-removed' } as const;

/** Drift in the request table: one item for each assignment that was told of, the mode, and where the full pass stands. */
export function createDriftStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): DriftStore {
  const { client, tableName: TableName } = options;

  async function read(id: string): Promise<Item | undefined> {
    return (await client.send(new GetCommand({ TableName, Key: { id }, ConsistentRead: true }))).Item;
  }

  /** Over what was seen, or where nothing was. */
  async function write(item: Item, seenRevision: number | undefined): Promise<boolean> {
    const written = await conditionally(() =>
      client.send(
        new PutCommand({
          TableName,
          Item: { ...item, revision: (seenRevision ?? 0) + 1 },
          ...expecting(seenRevision),
        }),
      ),
    );
    return 'done' in written;
  }

  async function* inStatus(status: DriftItem['status']): AsyncIterable<DriftItem> {
    for await (const item of itemsInState(client, TableName, STATES[status]))
      if (isDriftItem(item)) yield fromDriftItem(item);
  }

  return {
    async get(assignment) {
      const item = await read(driftId(assignmentKey(assignment)));
      return item === undefined ? undefined : fromDriftItem(item);
    },

    put: ({ status, due, ...rest }, seen) =>
      write(
        { id: driftId(assignmentKey(rest.assignment)), state: STATES[status], endsAt: due, ...rest },
        seen?.revision,
      ),

    async drop(seen) {
      const dropped = await conditionally(() =>
        client.send(
          new DeleteCommand({
            TableName,
            Key: { id: driftId(assignmentKey(seen.assignment)) },
            ...expecting(seen.revision),
          }),
        ),
      );
      return 'done' in dropped;
    },

    inStatus,

    /** Anything but a mode that can be read and says enforcing is report-only: nothing is removed by accident. */
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
      if (typeof item.startedAt !== 'string' || typeof item.revision !== 'number')
        throw new MalformedItemError(`${DRIFT_PASS_ID} says neither when it began nor which writing it is`);
      const { id: _id, ...pass } = item;
      return pass as unknown as DriftPass;
    },

    savePass: (pass, seen) => write({ id: DRIFT_PASS_ID, ...pass }, seen?.revision),
  };
}

function expecting(seenRevision: number | undefined) {
  if (seenRevision === undefined) return { ConditionExpression: 'attribute_not_exists(id)' };
  return { ConditionExpression: 'revision = :seen', ExpressionAttributeValues: { ':seen': seenRevision } };
}

/** Somebody who writes by hand may write anything: one item that is no drift must not keep a pass from all the others. */
function isDriftItem({ id, endsAt, foundAt, assignment, names, made, rules, revision }: Item): boolean {
  const { principalId, target } = mapIn(assignment);
  const { accountId, permissionSetArn, groupId } = mapIn(target);
  const about = groupId === undefined ? [accountId, permissionSetArn] : [groupId];
  return (
    [endsAt, foundAt, rules, principalId, ...about].every((part) => typeof part === 'string') &&
    id === driftId(assignmentKey(assignment as DriftItem['assignment'])) &&
    typeof revision === 'number' &&
    Object.values(mapIn(names)).every((name) => typeof name === 'string' || name === true) &&
    (made === undefined || typeof mapIn(mapIn(made).by).name === 'string')
  );
}

function mapIn(value: unknown): Item {
  return typeof value === 'object' && value !== null ? (value as Item) : {};
}

function fromDriftItem(item: Item): DriftItem {
  const { id, state, endsAt, ...rest } = item;
  const status = (Object.keys(STATES) as DriftItem['status'][]).find((one) => STATES[one] === state);
  if (status === undefined || !isDriftItem(item) || typeof endsAt !== 'string')
    throw new MalformedItemError(`drift item ${String(id)} has no status, no time or no assignment`);
  return { ...(rest as unknown as Omit<DriftItem, 'status' | 'due'>), status, due: endsAt };
}
