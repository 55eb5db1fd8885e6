import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { ReviewStore } from '../../core/access/review-reminders.ts';
import { conditionally, type Item } from './conditional.ts';
import { BY_STATE_INDEX } from './request-item.ts';

/** The value of `state` under which owed reviews stand in the by-state index; its sort key `endsAt` is the next reminder. */
const REVIEW_STATE = 'review';

const keyOf = (requestId: string) => ({ id: `review#${requestId}` });

/** Owed reviews in the request table. */
export function createReviewStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): ReviewStore {
  const { client, tableName: TableName } = options;
  return {
    async owe(requestId, remindAt) {
      const Item = { ...keyOf(requestId), requestId, state: REVIEW_STATE, endsAt: remindAt };
      await conditionally(() =>
        client.send(new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(id)' })),
      );
    },

    async postpone(requestId, remindAt) {
      await conditionally(() =>
        client.send(
          new UpdateCommand({
            TableName,
            Key: keyOf(requestId),
            UpdateExpression: 'SET endsAt = :at',
            ConditionExpression: 'attribute_exists(id) AND endsAt < :at',
            ExpressionAttributeValues: { ':at': remindAt },
          }),
        ),
      );
    },

    async settle(requestId) {
      await client.send(new DeleteCommand({ TableName, Key: keyOf(requestId) }));
    },

    async *owed() {
      let from: Item | undefined;
      do {
        const page = await client.send(
          new QueryCommand({
            TableName,
            IndexName: BY_STATE_INDEX,
            KeyConditionExpression: '#state = :state',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: { ':state': REVIEW_STATE },
            ExclusiveStartKey: from,
          }),
        );
        for (const item of page.Items ?? []) yield { requestId: String(item.requestId), remindAt: String(item.endsAt) };
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
    },
  };
}
