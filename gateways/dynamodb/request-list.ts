import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ListedRequest, RequestList } from '../../core/access/request/find-requests.ts';
import { MalformedItemError } from '../../core/model/errors.ts';
import { readerOf } from './batch-reader.ts';
import type { Item } from './conditional.ts';
import { BY_MONTH_INDEX, fromItem } from './request-item.ts';

/**
 * Every request in the request table, refused ones included, by an index of their months. It holds the few fields that are looked
 * for, so that a page of a thousand is one call of less than a megabyte, and so that most changes of a request are none of the index.
 */
export function createRequestList(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): RequestList {
  const { client, tableName: TableName } = options;
  const readByIds = readerOf(client);
  return {
    async askedIn(month, { from, to, after, limit }) {
      const until = after === undefined || after.requestedAt > to ? to : after.requestedAt;
      // Behind a request that is known: its key. Behind an instant alone, everything before it.
      const start =
        after === undefined || after.id === ''
          ? {}
          : { ExclusiveStartKey: { id: after.id, askedIn: month, requestedAt: after.requestedAt } };
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: BY_MONTH_INDEX,
          KeyConditionExpression: 'askedIn = :month AND requestedAt BETWEEN :from AND :until',
          ExpressionAttributeValues: { ':month': month, ':from': from, ':until': until },
          ScanIndexForward: false,
          Limit: limit,
          ...start,
        }),
      );
      const requests = Items.flatMap(listed).filter(({ requestedAt }) => requestedAt < to);
      if (LastEvaluatedKey === undefined) return { requests };
      return {
        requests,
        goesOn: { id: String(LastEvaluatedKey.id), requestedAt: String(LastEvaluatedKey.requestedAt) },
      };
    },

    async read(ids) {
      const items = await readByIds(TableName, ids);
      return items.flatMap((item) => {
        try {
          return [fromItem(item)];
        } catch (error) {
          // One that cannot be read must not hide the others.
          if (error instanceof MalformedItemError) return [];
          throw error;
        }
      });
    },
  };
}

/** What the index has of a request, whatever of it is missing. */
function listed(item: Item): ListedRequest[] {
  const { id, state, requester, target, names, reason, ticket, requestedAt, breakGlass, review } =
    item as Partial<ListedRequest>;
  if (id === undefined || state === undefined || requestedAt === undefined) return [];
  const nobody = { slackId: '', principalId: '', userName: '', displayName: '', email: '' };
  return [
    {
      id,
      state,
      requestedAt,
      requester: requester ?? nobody,
      target: target ?? { accountId: '', permissionSetArn: '' },
      names: names ?? {},
      reason: reason ?? '',
      ticket: ticket ?? '',
      breakGlass: breakGlass === true,
      ...(review === undefined ? {} : { review }),
    },
  ];
}
