import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ListedCall } from '../../../core/activity/classify/listed-call.ts';
import type { Edition } from '../../../core/activity/edition.ts';
import type { ReportStore, StoredReport } from '../../../core/activity/ports.ts';
import type { Listed } from '../../../core/activity/read/progress.ts';
import { MalformedItemError } from '../../../core/model/errors.ts';
import { reportCallsId, reportId } from '../../../core/model/stored-ids.ts';
import { byteLength } from '../../../core/model/text.ts';
import { conditionally, type Item, Update } from '../conditional.ts';

/**
 * Reports in the request table. Plan, reading and digest are JSON texts: the digest's keys are names of calls, which
 * are unsuitable as attribute names, and a text is a third of the size of the same map.
 */
export function createReportStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): ReportStore {
  const { client, tableName: TableName } = options;

  /**
   * Writes the calls of a round, which may be more than a transaction takes, under part numbers that are still free.
   * They belong to the list once the report says so. Numbers taken by a round that was never saved are noted in `lost`
   * and passed over.
   */
  async function putCalls(
    { requestId, edition }: Pick<StoredReport, 'requestId' | 'edition'>,
    listed: Listed | undefined,
    calls: readonly ListedCall[],
  ): Promise<Listed | undefined> {
    if (listed === undefined || calls.length === 0) return listed;
    let { parts } = listed;
    const lost = [...(listed.lost ?? [])];
    for (const text of itemsOf(calls)) {
      for (; !(await putPart(text, parts)); parts += 1) lost.push(parts);
      parts += 1;
    }
    return { ...listed, parts, ...(lost.length === 0 ? {} : { lost }) };

    async function putPart(calls: string, part: number): Promise<boolean> {
      const Item = { id: reportCallsId(requestId, part, edition), requestId, calls };
      const ConditionExpression = 'attribute_not_exists(id)';
      return (
        'done' in (await conditionally(() => client.send(new PutCommand({ TableName, Item, ConditionExpression }))))
      );
    }
  }

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

    async save({ requestId, edition, version, reading, digest }, calls = []) {
      const listed = await putCalls({ requestId, edition }, reading.listed, calls);
      const update = new Update()
        .set('version', version + 1)
        .set('reading', JSON.stringify(listed === undefined ? reading : { ...reading, listed }))
        .set('digest', JSON.stringify(digest));
      update.when(`${update.name('version')} = ${update.value(version)}`);
      // The report that is kept is the one that was mailed: nothing is added after it went out.
      update.when(`attribute_not_exists(${update.name('sentAt')})`);
      const Key = { id: reportId(requestId, edition) };
      return (
        'done' in (await conditionally(() => client.send(new UpdateCommand({ TableName, Key, ...update.build() }))))
      );
    },

    async calls({ requestId, edition, reading: { listed } }) {
      const { parts = 0, lost = [] } = listed ?? {};
      const kept = Array.from({ length: parts }, (_, part) => part).filter((part) => !lost.includes(part));
      const calls: ListedCall[] = [];
      for (let at = 0; at < kept.length; at += READ_AT_ONCE) {
        const read = kept.slice(at, at + READ_AT_ONCE).map((part) => {
          const Key = { id: reportCallsId(requestId, part, edition) };
          return client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
        });
        for (const { Item } of await Promise.all(read))
          for (const call of parsed(requestId, Item?.calls) as ListedCall[]) calls.push(call);
      }
      return calls;
    },

    async note({ requestId, edition }, what, at, more = {}) {
      const { mailIds = [], readerMails, unreadable, advice = [], archived, unarchived } = more;
      const update = new Update().setOnce(what, at);
      if (readerMails !== undefined) update.set('readerMails', readerMails);
      if (mailIds.length > 0) update.setOnce('mailIds', mailIds);
      if (advice.length > 0) update.setOnce('advice', advice);
      if (unreadable !== undefined) update.setOnce('unreadable', unreadable);
      if (archived !== undefined) update.setOnce('archived', JSON.stringify(archived));
      if (unarchived !== undefined) update.setOnce('unarchived', unarchived);
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

/** At most this many items of a list are read at once. */
const READ_AT_ONCE = 8;

/** An item holds 400 KB of UTF-8; half of it leaves room for other attributes, and for one large call. Bytes. */
const MOST_BYTES = 200_000;

/** The calls of one round as JSON texts, each small enough for an item. */
function itemsOf(calls: readonly ListedCall[]): readonly string[] {
  const items: ListedCall[][] = [];
  let room = 0;
  for (const call of calls) {
    const size = byteLength(JSON.stringify(call)) + 1;
    if (room < size) {
      items.push([]);
      room = MOST_BYTES;
    }
    items.at(-1)?.push(call);
    room -= size;
  }
  return items.map((item) => JSON.stringify(item));
}

function fromItem(requestId: string, edition: Edition, item: Item): StoredReport {
  const { version, plan, reading, digest, sentAt, toldAt, unreadable, archived, unarchived } = item;
  const { mailIds, readerMails, advice } = item;
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
    ...(isTexts(readerMails) ? { readerMails } : {}),
    ...(Array.isArray(advice) ? { advice: advice.map(String) } : {}),
    ...(typeof unreadable === 'string' ? { unreadable } : {}),
    ...(archived === undefined ? {} : { archived: parsed(requestId, archived) as StoredReport['archived'] }),
    ...(typeof unarchived === 'string' ? { unarchived } : {}),
  };
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
}

function parsed(requestId: string, text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    throw new MalformedItemError(`report of ${requestId} cannot be read`);
  }
}
