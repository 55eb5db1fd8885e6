import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { SO_FAR_PAUSE_SECONDS } from '../../../core/activity/report/so-far/may-see-so-far.ts';
import type { SoFarGate } from '../../../core/activity/report/so-far/so-far.ts';
import { after } from '../../../core/model/events.ts';
import { soFarId } from '../../../core/model/stored-ids.ts';
import { conditionally } from '../conditional.ts';

/** Notes in the request table when the activity so far was last read; one item per request, beside its report. */
export function createSoFarGate(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): SoFarGate {
  const { client, tableName: TableName } = options;
  return {
    async pass(requestId, askId, at) {
      const written = await conditionally(() =>
        client.send(
          new PutCommand({
            TableName,
            Item: { id: soFarId(requestId), requestId, askId, askedAt: at },
            ConditionExpression: 'attribute_not_exists(id) OR askedAt <= :before OR askId = :askId',
            ExpressionAttributeValues: { ':before': after(at, -SO_FAR_PAUSE_SECONDS), ':askId': askId },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        ),
      );
      return 'done' in written ? undefined : String(written.conflict?.askedAt ?? at);
    },
  };
}
