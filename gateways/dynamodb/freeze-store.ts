import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { FREEZE_ID, stopFactId } from '../../core/model/stored-ids.ts';
import { factPut } from './audit-log.ts';
import { conditionally, happened } from './conditional.ts';

/** Who froze or thawed, when (ISO 8601) and why. */
export interface FreezeChange {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

/** The operator's freeze: while it is in force, every grant is refused when it next reads the freeze. */
export interface FreezeStore {
  /** The freeze in force, if any. */
  frozen(): Promise<FreezeChange | undefined>;
  /** False if a freeze is in force already; the first one stays. */
  freeze(change: FreezeChange): Promise<boolean>;
  /** False if none was in force. */
  thaw(change: FreezeChange): Promise<boolean>;
}

/**
 * The freeze in the request table, which every decision reads strongly consistent. Each change and its fact are one
 * transaction.
 */
export function createFreezeStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly newId: () => string;
}): FreezeStore {
  const { client, tableName: TableName } = options;
  const putFact = (id: string, type: 'frozen' | 'thawed', { by, at, reason }: FreezeChange) => ({
    Put: factPut(TableName, id, { type, at, by, ids: [FREEZE_ID], ...(reason === '' ? {} : { note: reason }) }),
  });
  const newFactId = ({ at }: FreezeChange) => stopFactId(`${at}#${options.newId()}`);

  return {
    async frozen() {
      const { Item } = await client.send(new GetCommand({ TableName, Key: { id: FREEZE_ID }, ConsistentRead: true }));
      if (Item === undefined) return undefined;
      return { by: String(Item.by ?? ''), at: String(Item.at ?? ''), reason: String(Item.reason ?? '') };
    },

    async freeze(change) {
      const fact = newFactId(change);
      return happened(() =>
        client.send(
          new TransactWriteCommand({
            TransactItems: [
              {
                Put: {
                  TableName,
                  Item: { id: FREEZE_ID, ...change, freezeFact: fact },
                  ConditionExpression: 'attribute_not_exists(id)',
                },
              },
              putFact(fact, 'frozen', change),
            ],
          }),
        ),
      );
    },

    /** Marks the item and writes the fact, then deletes the item: the next thaw finishes one that dies in between. */
    async thaw(change) {
      const fact = newFactId(change);
      await happened(() =>
        client.send(
          new TransactWriteCommand({
            TransactItems: [
              {
                Update: {
                  TableName,
                  Key: { id: FREEZE_ID },
                  UpdateExpression: 'SET thawFact = :fact',
                  ConditionExpression: 'attribute_exists(id) AND attribute_not_exists(thawFact)',
                  ExpressionAttributeValues: { ':fact': fact },
                },
              },
              putFact(fact, 'thawed', change),
            ],
          }),
        ),
      );
      const deleted = await conditionally(() =>
        client.send(
          new DeleteCommand({ TableName, Key: { id: FREEZE_ID }, ConditionExpression: 'attribute_exists(thawFact)' }),
        ),
      );
      return 'done' in deleted;
    },
  };
}
