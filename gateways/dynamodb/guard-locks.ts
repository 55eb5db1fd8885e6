import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { guardLockId } from '../../core/model/stored-ids.ts';
import type { GuardLocks } from '../../core/sessions/ports.ts';
import { conditionally } from './conditional.ts';

/** A lock that was left behind is deleted a day after its end. Seconds. */
const TTL_SECONDS = 24 * 3600;

/** Locks on accounts' guard policies, as items of the request table. */
export function createGuardLocks(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): GuardLocks {
  const { client, tableName: TableName } = options;

  return {
    async take(accountId, holder, now, until) {
      const ttl = Math.floor(new Date(until).getTime() / 1000) + TTL_SECONDS;
      const written = await conditionally(() =>
        client.send(
          new PutCommand({
            TableName,
            Item: { id: guardLockId(accountId), holder, until, ttl },
            ConditionExpression: 'attribute_not_exists(id) OR #until <= :now OR holder = :holder',
            ExpressionAttributeNames: { '#until': 'until' },
            ExpressionAttributeValues: { ':now': now, ':holder': holder },
          }),
        ),
      );
      return 'done' in written;
    },

    async release(accountId, holder) {
      await conditionally(() =>
        client.send(
          new DeleteCommand({
            TableName,
            Key: { id: guardLockId(accountId) },
            ConditionExpression: 'holder = :holder',
            ExpressionAttributeValues: { ':holder': holder },
          }),
        ),
      );
    },
  };
}
