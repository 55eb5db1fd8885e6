import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { KeptSoFar, SoFarAnswers } from '../../../core/activity/report/so-far/may-see-so-far.ts';
import { MalformedItemError } from '../../../core/model/errors.ts';
import { soFarId } from '../../../core/model/stored-ids.ts';
import { conditionally, Update } from '../conditional.ts';

/** An item holds 400 KB, its other attributes included. Bytes. */
const MOST_BYTES = 380_000;

/** What was read so far, in the item that says when it was asked for; the next question overwrites it. */
export function createSoFarAnswers(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): SoFarAnswers {
  const { client, tableName: TableName } = options;
  return {
    async keep(requestId, kept) {
      const update = new Update().set('kept', textOf(kept));
      // Without the item nobody was let through to ask, so nothing is kept.
      update.when('attribute_exists(id)');
      const Key = { id: soFarId(requestId) };
      await conditionally(() => client.send(new UpdateCommand({ TableName, Key, ...update.build() })));
    },

    async last(requestId) {
      const Key = { id: soFarId(requestId) };
      const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      if (Item === undefined) return undefined;
      const { askedAt, kept } = Item;
      return { askedAt: String(askedAt), ...(kept === undefined ? {} : { kept: parsed(requestId, kept) }) };
    },
  };
}

/** If the text is too long, the calls that matter least are left out; the counts still include them. */
function textOf(kept: KeptSoFar): string {
  let { done } = kept;
  let text = JSON.stringify(kept);
  while (Buffer.byteLength(text) > MOST_BYTES && done.calls.length > 0) {
    done = { ...done, calls: done.calls.slice(0, Math.floor(done.calls.length * 0.8)) };
    text = JSON.stringify({ ...kept, done });
  }
  return text;
}

function parsed(requestId: string, text: unknown): KeptSoFar {
  try {
    return JSON.parse(String(text)) as KeptSoFar;
  } catch {
    throw new MalformedItemError(`what was read so far of ${requestId} cannot be read`);
  }
}
