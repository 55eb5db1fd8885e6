import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { ChangeResult, IdempotencyKey, Join, Now, RequestChange, RequestStore } from '../../core/access/ports.ts';
import type { AccessRequest, RequestState } from '../../core/model/request.ts';
import { clickId } from '../../core/model/stored-ids.ts';
import { conditionally, Update } from './conditional.ts';
import { itemsInState } from './paging.ts';
import { fromItem, messageKey, toItem } from './request-item.ts';

const CLICK_TTL_SECONDS = 30 * 24 * 3600;

/** How often a write that met another one is tried; each try takes as long as a call does, which is room enough. */
const MOST_ATTEMPTS = 5;

/** Requests in the request table; each change is one conditional write that carries its event. */
export function createRequestStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly now: Now;
}): RequestStore {
  const { client, tableName: TableName } = options;

  async function get(id: string): Promise<AccessRequest | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName, Key: { id }, ConsistentRead: true }));
    return Item === undefined ? undefined : fromItem(Item);
  }

  /** An item that leads to a request; whoever writes it first, or replaces what is over, has it. */
  function pointerTo(request: AccessRequest, { key, replaces }: IdempotencyKey) {
    return {
      TableName,
      Item: {
        id: clickId(key),
        requestId: request.id,
        ttl: Math.floor(options.now().getTime() / 1000) + CLICK_TTL_SECONDS,
      },
      ConditionExpression: 'attribute_not_exists(id) OR requestId = :replaces',
      ExpressionAttributeValues: { ':replaces': replaces ?? '' },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
  }

  async function create(
    request: AccessRequest,
    idempotencyKey?: IdempotencyKey,
    place?: IdempotencyKey,
  ): ReturnType<RequestStore['create']> {
    const put = { TableName, Item: toItem(request), ConditionExpression: 'attribute_not_exists(id)' };
    const pointers = [idempotencyKey, place].filter((pointer) => pointer !== undefined);
    if (pointers.length === 0) {
      const written = await conditionally(() => client.send(new PutCommand(put)));
      return 'done' in written ? { created: true } : { created: false, exists: request.id };
    }
    const TransactItems = [put, ...pointers.map((pointer) => pointerTo(request, pointer))].map((Put) => ({ Put }));
    for (let attempt = 1; ; attempt++) {
      try {
        await client.send(new TransactWriteCommand({ TransactItems }));
        return { created: true };
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const [byId, ...byPointer] = error.CancellationReasons ?? [];
        if (byId?.Code === 'ConditionalCheckFailed') return { created: false, exists: request.id };
        const taken = byPointer.findIndex((reason) => reason.Code === 'ConditionalCheckFailed');
        const item = byPointer[taken]?.Item;
        if (item !== undefined) {
          const exists = String(unmarshall(item).requestId);
          return { created: false, exists, ...(pointers[taken] === place ? { inPlace: true } : {}) };
        }
        // Another press of the same button is being written in this very instant; the SDK does not retry this one.
        const busy = [byId, ...byPointer].some((reason) => reason?.Code === 'TransactionConflict');
        if (!busy || attempt === MOST_ATTEMPTS) throw error;
      }
    }
  }

  async function inPlace(key: string): Promise<string | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName, Key: { id: clickId(key) }, ConsistentRead: true }));
    return typeof Item?.requestId === 'string' ? Item.requestId : undefined;
  }

  async function change(id: string, wanted: RequestChange): Promise<ChangeResult> {
    const written = await conditionally(() =>
      client.send(
        new UpdateCommand({
          TableName,
          Key: { id },
          ...expressionOf(wanted),
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    );
    if ('done' in written) return { changed: true, request: fromItem(written.done.Attributes ?? {}) };
    return { changed: false, request: written.conflict === undefined ? undefined : fromItem(written.conflict) };
  }

  async function join({ requestId, from, set, event, access, joined, extended }: Join): Promise<boolean> {
    const brought = new Update();
    const isIn = (update: Update, states: readonly RequestState[]) =>
      update.when(`${update.name('state')} IN (${states.map((state) => update.value(state)).join(', ')})`);
    isIn(brought, from).set('state', 'joined').append('events', [event]);
    for (const [field, value] of Object.entries(set)) if (value !== undefined) brought.set(field, value);
    const root = new Update();
    isIn(root, access.in);
    root.when(`${root.name('endsAt')} = ${root.value(access.endsAt)}`);
    root.when(`NOT contains(${root.name('joiners')}, ${root.value(requestId)})`);
    root
      .add('joiners', new Set([requestId]))
      .append('joins', [joined], [])
      .set('endsAt', joined.endsAt);
    if (extended !== undefined) root.append('events', [extended]);
    for (const [field, value] of Object.entries(access.set ?? {})) if (value !== undefined) root.set(field, value);
    try {
      await client.send(
        new TransactWriteCommand({
          TransactItems: [
            { Update: { TableName, Key: { id: requestId }, ...written(brought) } },
            { Update: { TableName, Key: { id: access.id }, ...written(root) } },
          ],
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const known = ['ConditionalCheckFailed', 'TransactionConflict', 'None'];
      if (error.CancellationReasons?.every(({ Code }) => known.includes(Code ?? 'None')) !== true) throw error;
      return false;
    }
  }

  async function* inStates(states: readonly RequestState[]): AsyncIterable<AccessRequest> {
    for (const state of states) {
      for await (const item of itemsInState(client, TableName, state)) yield fromItem(item);
    }
  }

  return { get, create, inPlace, change, join, inStates };
}

/** An update in a transaction, which always has an expression. */
function written(update: Update) {
  const { UpdateExpression = '', ...rest } = update.build();
  return { UpdateExpression, ...rest };
}

function expressionOf(wanted: RequestChange): ReturnType<Update['build']> {
  const update = new Update();
  const state = update.name('state');
  update.when('attribute_exists(id)');
  update.when(`${state} IN (${wanted.from.map((from) => update.value(from)).join(', ')})`);
  if (wanted.to !== undefined) update.set('state', wanted.to);
  if (wanted.event !== undefined) update.append('events', [...(wanted.eventsBefore ?? []), wanted.event]);
  for (const [field, value] of Object.entries(wanted.set ?? {})) {
    if (value !== undefined) update.set(field, value);
  }
  if (wanted.tokens?.approval !== undefined) update.set('tokens.approval', wanted.tokens.approval);
  if (wanted.tokens?.hold !== undefined) update.set('tokens.hold', wanted.tokens.hold);
  if (wanted.message !== undefined) update.set(`messages.${messageKey(wanted.message)}`, wanted.message);
  if (wanted.vote !== undefined) {
    update.append('votes', [wanted.vote]);
    update.add('voters', new Set([wanted.vote.principalId]));
    update.when(`NOT contains(${update.name('voters')}, ${update.value(wanted.vote.principalId)})`);
  }
  if (wanted.eventsSeen !== undefined) {
    update.when(`size(${update.name('events')}) = ${update.value(wanted.eventsSeen)}`);
  }
  if (wanted.reviewOwed === true) update.when(`${update.name('review.status')} = ${update.value('owed')}`);
  return update.build();
}
