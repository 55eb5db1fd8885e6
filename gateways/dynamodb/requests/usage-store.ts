import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { RecentTarget, UsageStore } from '../../../core/access/approval/request-approval.ts';
import { type AccessRequest, assignmentOf } from '../../../core/model/request.ts';
import { earlierRecentId, latelyId, recentId, usageId } from '../../../core/model/stored-ids.ts';
import { assignmentKey } from '../../../core/model/target.ts';
import { compareText } from '../../../core/model/text.ts';
import { readerOf } from '../batch-reader.ts';
import { conditionally, type Item, Update } from '../conditional.ts';

/** Prefix of the attributes that hold one target each, in the item of what a person had lately. */
const TARGET_PREFIX = 'target:';

/** A form shows a handful; beyond this many, the oldest are removed. */
const MOST_KEPT = 20;

/**
 * How often a person had a target, counted once per request. For people to see; no decision depends on it. The item of
 * holds once had these counts, and the ones that are left there are still added.
 */
export function createUsageStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): UsageStore {
  const { client, tableName: TableName } = options;
  const readByIds = readerOf(client);
  const key = (request: AccessRequest) => ({ id: latelyId(assignmentKey(assignmentOf(request))) });

  async function read(request: AccessRequest): ReturnType<UsageStore['read']> {
    const { id } = key(request);
    const items = await readByIds(TableName, [id, usageId(assignmentKey(assignmentOf(request)))]);
    const times = items.reduce((sum, item) => sum + Number(item.times ?? 0), 0);
    const lastAt = items
      .flatMap((item) => (typeof item.lastAt === 'string' ? [item.lastAt] : []))
      .sort(compareText)
      .at(-1);
    return { times, ...(lastAt === undefined ? {} : { lastAt }) };
  }

  async function remember(request: AccessRequest): Promise<void> {
    const { target, names, requester } = request;
    const { times } = await read(request);
    const Key = { id: recentId(requester.principalId) };
    const attribute = `${TARGET_PREFIX}${assignmentKey({ principalId: '', target })}`;
    const update = new Update().setAttribute(attribute, { target, names, times, lastAt: request.startsAt });
    const { Attributes = {} } = await client.send(
      new UpdateCommand({ TableName, Key, ...update.build(), ReturnValues: 'ALL_NEW' }),
    );
    const old = targetsIn(Attributes).slice(MOST_KEPT);
    if (old.length === 0) return;
    const prune = new Update();
    for (const { name } of old) prune.removeAttribute(name);
    await client.send(new UpdateCommand({ TableName, Key, ...prune.build() }));
  }

  return {
    read,
    async note(request) {
      await conditionally(() =>
        client.send(
          new UpdateCommand({
            TableName,
            Key: key(request),
            UpdateExpression: 'SET lastAt = :at, lastRequest = :id ADD times :one',
            ConditionExpression: 'attribute_not_exists(lastRequest) OR lastRequest <> :id',
            ExpressionAttributeValues: { ':at': request.startsAt, ':id': request.id, ':one': 1 },
          }),
        ),
      );
      await remember(request);
    },
    async recent(principalId) {
      const [now, earlier] = [recentId(principalId), earlierRecentId(principalId)];
      const items = await readByIds(TableName, [earlier, now]);
      const itemOf = (id: string) => items.find((item) => item.id === id) ?? {};
      return targetsIn({ ...itemOf(earlier), ...itemOf(now) }).map(({ recent }) => recent);
    },
  };
}

/** Latest first. An entry of another shape is left out, since entries are only shown. */
function targetsIn(item: Item): { readonly name: string; readonly recent: RecentTarget }[] {
  return Object.entries(item)
    .filter(([name, value]) => name.startsWith(TARGET_PREFIX) && typeof value === 'object' && value !== null)
    .map(([name, value]) => ({ name, recent: value as RecentTarget }))
    .filter(({ recent: { target, names, lastAt } }) => typeof lastAt === 'string' && Boolean(target) && Boolean(names))
    .sort((a, b) => compareText(b.recent.lastAt, a.recent.lastAt));
}
