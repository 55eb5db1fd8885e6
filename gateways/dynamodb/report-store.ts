import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ReportStore, StoredReport } from '../../core/activity/ports.ts';
import { MalformedItemError } from '../../core/model/errors.ts';
import { reportId } from '../../core/model/stored-ids.ts';
import { conditionally, type Item, Update } from './conditional.ts';

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
    async get(requestId) {
      const { Item } = await client.send(
        new GetCommand({ TableName, Key: { id: reportId(requestId) }, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : fromItem(requestId, Item);
    },

    async create({ requestId, version, plan, reading, digest }) {
      const written = await conditionally(() =>
        client.send(
          new PutCommand({
            TableName,
            Item: {
              id: reportId(requestId),
              requestId,
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

    async save({ requestId, version, reading, digest }) {
      const update = new Update()
        .set('version', version + 1)
        .set('reading', JSON.stringify(reading))
        .set('digest', JSON.stringify(digest));
      update.when(`${update.name('version')} = ${update.value(version)}`);
      // What was mailed is what is kept: nothing is added to a report after it went out.
      update.when(`attribute_not_exists(${update.name('sentAt')})`);
      const written = await conditionally(() =>
        client.send(new UpdateCommand({ TableName, Key: { id: reportId(requestId) }, ...update.build() })),
      );
      return 'done' in written;
    },

    async note(requestId, what, at) {
      const update = new Update().setOnce(what, at);
      update.when('attribute_exists(id)');
      await client.send(new UpdateCommand({ TableName, Key: { id: reportId(requestId) }, ...update.build() }));
    },
  };
}

function fromItem(requestId: string, item: Item): StoredReport {
  const { version, plan, reading, digest, sentAt, toldAt } = item;
  if (typeof version !== 'number') throw new MalformedItemError(`report of ${requestId} has no version`);
  return {
    requestId,
    version,
    plan: parsed(requestId, plan) as StoredReport['plan'],
    reading: parsed(requestId, reading) as StoredReport['reading'],
    digest: parsed(requestId, digest) as StoredReport['digest'],
    ...(typeof sentAt === 'string' ? { sentAt } : {}),
    ...(typeof toldAt === 'string' ? { toldAt } : {}),
  };
}

function parsed(requestId: string, text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    throw new MalformedItemError(`report of ${requestId} cannot be read`);
  }
}
