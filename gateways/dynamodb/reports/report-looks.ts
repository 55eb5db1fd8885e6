import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Edition, readEdition } from '../../../core/activity/edition.ts';
import type { ReportLooks } from '../../../core/activity/ports.ts';
import { MalformedItemError } from '../../../core/model/errors.ts';
import { reportLookId } from '../../../core/model/stored-ids.ts';
import { conditionally, Update } from '../conditional.ts';
import { itemsInState } from '../paging.ts';

/** The value of `state` of reports that wait for a look, in the by-state index; its sort key `endsAt` says when. */
const LOOK_STATE = 'report-look';

/**
 * When reports get another look, each in a small item of its own: the index holds whole items, and a report is large.
 * An item without `state` gets no more looks.
 */
export function createReportLooks(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): ReportLooks {
  const { client, tableName: TableName } = options;
  const keyOf = (requestId: string) => ({ id: reportLookId(requestId) });
  return {
    async get(requestId) {
      const { Item } = await client.send(new GetCommand({ TableName, Key: keyOf(requestId), ConsistentRead: true }));
      if (Item === undefined) return undefined;
      if (typeof Item.looks !== 'number') throw new MalformedItemError(`the looks at ${requestId} are no number`);
      const out = readEdition(String(Item.out));
      if (out === undefined) throw new MalformedItemError(`what is out of the report of ${requestId} is no edition`);
      return {
        looks: Item.looks,
        out,
        ...(Item.state === LOOK_STATE ? { at: String(Item.endsAt) } : {}),
      };
    },

    async begin(requestId, at) {
      const out: Edition = 'final';
      const waits = at === undefined ? {} : { state: LOOK_STATE, endsAt: at };
      const Item = { ...keyOf(requestId), requestId, looks: 0, out, ...waits };
      await conditionally(() =>
        client.send(new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(id)' })),
      );
    },

    async move(requestId, seen, { looks, out, at }) {
      const update = new Update().set('looks', looks).set('out', out);
      if (at === undefined) update.remove('state').remove('endsAt');
      else update.set('state', LOOK_STATE).set('endsAt', at);
      update.when(`${update.name('looks')} = ${update.value(seen)}`);
      return (
        'done' in
        (await conditionally(() =>
          client.send(new UpdateCommand({ TableName, Key: keyOf(requestId), ...update.build() })),
        ))
      );
    },

    async *due(now, how) {
      for await (const item of itemsInState(client, TableName, LOOK_STATE, { ...how, until: now }))
        if (typeof item.requestId === 'string' && item.id === reportLookId(item.requestId)) yield item.requestId;
    },
  };
}
