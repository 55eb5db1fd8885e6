import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ReviewStore } from '../../../core/access/review/review-reminders.ts';
import { reviewId } from '../../../core/model/stored-ids.ts';
import { conditionally } from '../conditional.ts';
import { itemsInState } from '../paging.ts';

/** The value of `state` of owed reviews, in the by-state index; its sort key `endsAt` is the next reminder. */
const REVIEW_STATE = 'review';

const keyOf = (requestId: string) => ({ id: reviewId(requestId) });

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
      for await (const item of itemsInState(client, TableName, REVIEW_STATE))
        if (typeof item.requestId === 'string' && item.id === reviewId(item.requestId))
          yield { requestId: item.requestId, remindAt: String(item.endsAt) };
    },
  };
}
