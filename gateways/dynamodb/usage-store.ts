import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { UsageStore } from '../../core/access/approval/request-approval.ts';
import { type AccessRequest, assignmentOf } from '../../core/model/request.ts';
import { usageId } from '../../core/model/stored-ids.ts';
import { assignmentKey } from '../../core/model/target.ts';
import { conditionally } from './conditional.ts';

/** How often a person had a target, counted once per request. For approvers to see; no decision depends on it. */
export function createUsageStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): UsageStore {
  const { client, tableName: TableName } = options;
  const key = (request: AccessRequest) => ({ id: usageId(assignmentKey(assignmentOf(request))) });
  return {
    async read(request) {
      const { Item } = await client.send(new GetCommand({ TableName, Key: key(request) }));
      const lastAt = typeof Item?.lastAt === 'string' ? { lastAt: Item.lastAt } : {};
      return { times: Number(Item?.times ?? 0), ...lastAt };
    },
    async note(request) {
      await conditionally(() =>
        client.send(
          new UpdateCommand({
            TableName,
            Key: key(request),
            UpdateExpression: 'SET lastAt = :at, lastRequest = :id ADD times :one',
            ConditionExpression: 'attribute_not_exists(lastRequest) OR lastRequest <> :id',
            ExpressionAttributeValues: { ':at': request.startsAt, ':id': request.id, ':one': 1 },
          }),
        ),
      );
    },
  };
}
