import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { ListedCall } from '../../../core/activity/classify/listed-call.ts';
import type { Edition } from '../../../core/activity/edition.ts';
import type { ReportStore, StoredReport } from '../../../core/activity/ports.ts';
import { MalformedItemError } from '../../../core/model/errors.ts';
import { reportCallsId, reportId } from '../../../core/model/stored-ids.ts';
import { conditionally, type Item, Update } from '../conditional.ts';

/**
 * Reports in the request table. Plan, reading and digest are JSON texts: the digest's keys are names of calls, which are no good
 * as attribute names, and a text is a third of the size of the same map.
 */
export function createReportStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): ReportStore {
  const { client, tableName: TableName } = options;

  return {
    async get(requestId, edition = 'final') {
      const { Item } = await client.send(
        new GetCommand({ TableName, Key: { id: reportId(requestId, edition) }, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : fromItem(requestId, edition, Item);
    },

    async create({ requestId, edition, version, plan, reading, digest }) {
      const written = await conditionally(() =>
        client.send(
          new PutCommand({
            TableName,
            Item: {
              id: reportId(requestId, edition),
              requestId,
              ...(edition === undefined ? {} : { edition }),
              version,
              plan: JSON.stringify(plan),
              reading: JSON.stringify(reading),
              digest: JSON.stringify(digest),
            },
            ConditionExpression: 'attribute_not_exists(id)',
          }),
        ),
      );
      return 'done' in written;
    },

    async save({ requestId, edition, version, reading: seen, digest }, calls = []) {
      const items = itemsOf(calls);
      const first = seen.listed?.parts ?? 0;
      const reading =
        items.length === 0 || seen.listed === undefined
          ? seen
          : { ...seen, listed: { ...seen.listed, parts: first + items.length } };
      const update = new Update()
        .set('version', version + 1)
        .set('reading', JSON.stringify(reading))
        .set('digest', JSON.stringify(digest));
      update.when(`${update.name('version')} = ${update.value(version)}`);
      // What was mailed is what is kept: nothing is added to a report after it went out.
      update.when(`attribute_not_exists(${update.name('sentAt')})`);
      const written = { TableName, Key: { id: reportId(requestId, edition) }, ...update.build() };
      if (items.length === 0) return 'done' in (await conditionally(() => client.send(new UpdateCommand(written))));
      const puts = items.map((text, at) => ({
        Put: { TableName, Item: { id: reportCallsId(requestId, first + at, edition), requestId, calls: text } },
      }));
      try {
        await client.send(
          new TransactWriteCommand({
            TransactItems: [{ Update: { ...written, UpdateExpression: written.UpdateExpression ?? '' } }, ...puts],
          }),
        );
        return true;
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        // Somebody else wrote, or is writing in this very instant: what was read is read again.
        if (
          error.CancellationReasons?.some(
            ({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict',
          )
        )
          return false;
        throw error;
      }
    },

    async calls({ requestId, edition, reading }) {
      const parts = Array.from({ length: reading.listed?.parts ?? 0 }, (_, at) => at);
      const calls: ListedCall[] = [];
      for (const part of parts) {
        const { Item } = await client.send(
          new GetCommand({ TableName, Key: { id: reportCallsId(requestId, part, edition) }, ConsistentRead: true }),
        );
        calls.push(...(parsed(requestId, Item?.calls) as ListedCall[]));
      }
      return calls;
    },

    async note({ requestId, edition }, what, at, { mailIds = [], unreadable, advice = [] } = {}) {
      const update = new Update().setOnce(what, at);
      if (mailIds.length > 0) update.setOnce('mailIds', mailIds);
      if (advice.length > 0) update.setOnce('advice', advice);
      if (unreadable !== undefined) update.setOnce('unreadable', unreadable);
      update.when('attribute_exists(id)');
      await client.send(new UpdateCommand({ TableName, Key: { id: reportId(requestId, edition) }, ...update.build() }));
    },

    async claim({ requestId, edition }, now, until) {
      const update = new Update().set('sendingUntil', until);
      const held = update.name('sendingUntil');
      update.when('attribute_exists(id)');
      update.when(`attribute_not_exists(${held}) OR ${held} <= ${update.value(now)}`);
      const Key = { id: reportId(requestId, edition) };
      return (
        'done' in (await conditionally(() => client.send(new UpdateCommand({ TableName, Key, ...update.build() }))))
      );
    },

    async release({ requestId, edition }, until) {
      const update = new Update().remove('sendingUntil');
      update.when(`${update.name('sendingUntil')} = ${update.value(until)}`);
      const Key = { id: reportId(requestId, edition) };
      await conditionally(() => client.send(new UpdateCommand({ TableName, Key, ...update.build() })));
    },
  };
}

/** An item holds 400 KB; half of it, since characters may take more bytes than one. */
const MOST_CHARACTERS = 180_000;

/** The calls of one round as JSON texts, each small enough for an item. */
function itemsOf(calls: readonly ListedCall[]): readonly string[] {
  const items: ListedCall[][] = [];
  let room = 0;
  for (const call of calls) {
    const size = JSON.stringify(call).length;
    if (room < size) {
      items.push([]);
      room = MOST_CHARACTERS;
    }
    items.at(-1)?.push(call);
    room -= size;
  }
  return items.map((item) => JSON.stringify(item));
}

function fromItem(requestId: string, edition: Edition, item: Item): StoredReport {
  const { version, plan, reading, digest, sentAt, toldAt, mailIds, unreadable, advice } = item;
  if (typeof version !== 'number') throw new MalformedItemError(`report of ${requestId} has no version`);
  return {
    requestId,
    ...(edition === 'final' ? {} : { edition }),
    version,
    plan: parsed(requestId, plan) as StoredReport['plan'],
    reading: parsed(requestId, reading) as StoredReport['reading'],
    digest: parsed(requestId, digest) as StoredReport['digest'],
    ...(typeof sentAt === 'string' ? { sentAt } : {}),
    ...(typeof toldAt === 'string' ? { toldAt } : {}),
    ...(Array.isArray(mailIds) ? { mailIds: mailIds.map(String) } : {}),
    ...(Array.isArray(advice) ? { advice: advice.map(String) } : {}),
    ...(typeof unreadable === 'string' ? { unreadable } : {}),
  };
}

function parsed(requestId: string, text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    throw new MalformedItemError(`report of ${requestId} cannot be read`);
  }
}
