import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { RequestFilter, RequestList } from '../../../core/access/request/find-requests.ts';
import { MalformedItemError } from '../../../core/model/errors.ts';
import { readerOf } from '../batch-reader.ts';
import { BY_MONTH_INDEX, fromItem } from './request-item.ts';

/**
 * Every request in the request table, refused ones included, from an index by month. The index holds only what is
 * searched for, so that a thousand requests are one call, and most changes of a request do not touch the index.
 * DynamoDB filters: it reads as much for the same price, but only possible matches are sent and parsed.
 */
export function createRequestList(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): RequestList {
  const { client, tableName: TableName } = options;
  const readByIds = readerOf(client);
  return {
    async askedIn(month, filter, { from, to, after, limit }) {
      const until = after === undefined || after.requestedAt > to ? to : after.requestedAt;
      // After a known request: its key. After an instant alone: everything before that instant.
      const start =
        after === undefined || after.id === ''
          ? {}
          : { ExclusiveStartKey: { id: after.id, askedIn: month, requestedAt: after.requestedAt } };
      const narrowed = expressionOf(filter);
      const answer = await client.send(
        new QueryCommand({
          TableName,
          IndexName: BY_MONTH_INDEX,
          KeyConditionExpression: 'askedIn = :month AND requestedAt BETWEEN :from AND :until',
          ProjectionExpression: 'id, requestedAt',
          ScanIndexForward: false,
          Limit: limit,
          ...narrowed,
          ExpressionAttributeValues: {
            ':month': month,
            ':from': from,
            ':until': until,
            ...narrowed.ExpressionAttributeValues,
          },
          ...start,
        }),
      );
      const { Items = [], LastEvaluatedKey: last, ScannedCount: looked = Items.length } = answer;
      const requests = Items.map(positionOf).filter(({ requestedAt }) => requestedAt < to);
      return { requests, looked, ...(last === undefined ? {} : { goesOn: positionOf(last) }) };
    },

    async read(ids) {
      const items = await readByIds(TableName, ids);
      return items.flatMap((item) => {
        try {
          return [fromItem(item)];
        } catch (error) {
          // A request that cannot be read must not hide the others.
          if (error instanceof MalformedItemError) return [];
          throw error;
        }
      });
    },
  };
}

function positionOf(item: Readonly<Record<string, unknown>>) {
  return { id: String(item.id), requestedAt: String(item.requestedAt) };
}

type Narrowed = Pick<QueryCommandInput, 'FilterExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>;

/** The filter as DynamoDB evaluates it; empty if it does not narrow anything. */
function expressionOf({ person, accountId, set, states, breakGlass, reviewed, text }: RequestFilter): Narrowed {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const conditions: string[] = [];
  const find = (part: string) => {
    names['#find'] = 'find';
    names[`#${part}`] = part;
    return `#find.#${part}`;
  };
  const hasWord = (part: string, word: string) => {
    values[`:${part}`] = word;
    values[`:${part}Lower`] = word.toLowerCase();
    conditions.push(`(contains(${find(part)}, :${part}) OR contains(${find(part)}, :${part}Lower))`);
  };
  if (person !== undefined) hasWord('people', person);
  if (set !== undefined) hasWord('sets', set);
  if (accountId !== undefined) {
    values[':account'] = accountId;
    conditions.push(`${find('account')} = :account`);
  }
  if (text !== undefined) {
    values[':text'] = text.toLowerCase();
    conditions.push(`contains(${find('text')}, :text)`);
  }
  if (states !== undefined) {
    names['#state'] = 'state';
    for (const [at, state] of states.entries()) values[`:state${at}`] = state;
    conditions.push(`#state IN (${states.map((_state, at) => `:state${at}`).join(', ')})`);
  }
  if (breakGlass !== undefined) {
    values[':breakGlass'] = breakGlass;
    conditions.push('breakGlass = :breakGlass');
  }
  if (reviewed !== undefined) {
    Object.assign(names, { '#review': 'review', '#status': 'status' });
    values[':read'] = 'acknowledged';
    conditions.push(reviewed ? '#review.#status = :read' : '(attribute_exists(#review) AND #review.#status <> :read)');
  }
  if (conditions.length === 0) return {};
  return {
    FilterExpression: conditions.join(' AND '),
    ExpressionAttributeValues: values,
    ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
  };
}
