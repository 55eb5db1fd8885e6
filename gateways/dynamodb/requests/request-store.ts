import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { RequestListing } from '../../../core/access/listing.ts';
import type {
  ChangeResult,
  Join,
  Now,
  PointerKey,
  RequestChange,
  RequestStore,
  VotedRequest,
} from '../../../core/access/ports.ts';
import { MalformedItemError, RequestNotFoundError } from '../../../core/model/errors.ts';
import type { HeldAccess } from '../../../core/model/held-access.ts';
import { mayHoldAccess } from '../../../core/model/life-cycle.ts';
import { type AccessRequest, assignmentOf, type RequestState, type Vote } from '../../../core/model/request.ts';
import { clickId, voteId } from '../../../core/model/stored-ids.ts';
import type { Assignment } from '../../../core/model/target.ts';
import { readerOf } from '../batch-reader.ts';
import { conditionally, type Item, Update, written } from '../conditional.ts';
import { type OnFull, updateMakingRoom } from '../full-item.ts';
import { holdUpdate } from '../leases/hold-store.ts';
import { itemsInState } from '../paging.ts';
import { readItem } from '../read-item.ts';
import { fromItem, messageKey, storedStateIn, toItem } from './request-item.ts';
import { REQUEST_ROOM } from './request-room.ts';
import { votesIn, voteUpdate } from './vote-item.ts';

/** An attacker may have filled every item, so no more than this are in memory at once. */
const HELD_AT_ONCE = 100;

const CLICK_TTL_SECONDS = 30 * 24 * 3600;

/** How often a write that collides with another is tried; each try takes as long as a call, which is pause enough. */
const MOST_ATTEMPTS = 5;

/** Requests in the request table; each change is one conditional write that carries its event. */
export function createRequestStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly now: Now;
  readonly onFull?: OnFull | undefined;
}): RequestStore {
  const { client, tableName: TableName, onFull } = options;
  const readByIds = readerOf(client);

  async function get(id: string): Promise<AccessRequest | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName, Key: { id }, ConsistentRead: true }));
    return Item === undefined ? undefined : fromItem(Item);
  }

  async function getWithVotes(id: string): Promise<VotedRequest | undefined> {
    const found = await readByIds(TableName, [id, voteId(id)]);
    const item = found.find((one) => one.id === id);
    return item && { request: fromItem(item), votes: votesIn(found.find((one) => one.id === voteId(id))) };
  }

  /** Leads to a request: the first request to write it has it, or one that replaces a request that is over. */
  function pointerTo(request: AccessRequest, { key, replaces }: PointerKey) {
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
    idempotencyKey?: PointerKey,
    place?: PointerKey,
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
          const exists = String(readItem(item).requestId);
          return { created: false, exists, ...(pointers[taken] === place ? { inPlace: true } : {}) };
        }
        // Another press of the same button is being written at this moment; the SDK does not retry this error.
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
    if (wanted.vote !== undefined) return cast(id, wanted, wanted.vote);
    const item = { client, TableName, id, room: REQUEST_ROOM, onFull };
    const written = await updateMakingRoom(item, expressionOf(wanted));
    if ('done' in written) return { changed: true, request: fromItem(written.done.Attributes ?? {}) };
    return { changed: false, request: written.conflict === undefined ? undefined : fromItem(written.conflict) };
  }

  /** The vote and its event are one transaction: a vote that is not in the history does not count. */
  async function cast(id: string, wanted: RequestChange, vote: Vote): Promise<ChangeResult> {
    const change = { TableName, Key: { id }, UpdateExpression: '', ...expressionOf(wanted) };
    const TransactItems = [{ Update: change }, { Update: voteUpdate(TableName, id, vote) }];
    for (let attempt = 1; ; attempt++) {
      try {
        await client.send(new TransactWriteCommand({ TransactItems }));
        break;
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
        if (codes.includes('ConditionalCheckFailed')) return { changed: false, request: await get(id) };
        // Another approver is voting at this moment; the SDK does not retry this error.
        if (!codes.includes('TransactionConflict') || attempt === MOST_ATTEMPTS) throw error;
      }
    }
    const request = await get(id);
    if (request === undefined) throw new RequestNotFoundError(`request ${id} went away as it was voted on`);
    return { changed: true, request };
  }

  async function join(wanted: Join): Promise<boolean> {
    const { requestId, from, set, event, access, joined, extended, hold, assignment } = wanted;
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
            { Update: holdUpdate(TableName, assignment, hold, turnOf(wanted)) },
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

  async function holding(ids: readonly string[]): Promise<ReadonlyMap<string, Assignment>> {
    const held = new Map<string, Assignment>();
    for (let at = 0; at < ids.length; at += HELD_AT_ONCE) {
      for (const item of await readByIds(TableName, ids.slice(at, at + HELD_AT_ONCE))) {
        const request = readable(item);
        if (request !== undefined && mayHoldAccess(request.state)) held.set(request.id, assignmentOf(request));
      }
    }
    return held;
  }

  async function* inStates(
    states: readonly RequestState[],
    { endsFrom: from, goOn }: RequestListing = {},
  ): AsyncIterable<AccessRequest> {
    for (const state of states) {
      for await (const item of itemsInState(client, TableName, state, { from, goOn })) {
        const request = readable(item);
        if (request !== undefined) yield request;
      }
    }
  }

  return { get, getWithVotes, create, inPlace, change, join, holding, inStates };
}

/** A hold of no length: the request has had its turn, and the access that it joined holds the time. */
function turnOf({ requestId, joined: { at }, votesUntil }: Join): HeldAccess {
  return { accessId: requestId, startedAt: at, endsAt: at, ...(votesUntil === undefined ? {} : { votesUntil }) };
}

/** An item that cannot be read must not keep a pass from the others; access that it has is found by its lease. */
function readable(item: Item): AccessRequest | undefined {
  try {
    return fromItem(item);
  } catch (error) {
    if (error instanceof MalformedItemError) return undefined;
    throw error;
  }
}

function expressionOf(wanted: RequestChange): ReturnType<Update['build']> {
  const update = new Update();
  update.when('attribute_exists(id)');
  update.when(storedStateIn(update, wanted.from));
  if (wanted.to !== undefined) update.set('state', wanted.to);
  if (wanted.event !== undefined) update.append('events', [...(wanted.eventsBefore ?? []), wanted.event]);
  for (const [field, value] of Object.entries(wanted.set ?? {})) {
    if (value !== undefined) update.set(field, value);
  }
  if (wanted.tokens?.approval !== undefined) update.set('tokens.approval', wanted.tokens.approval);
  if (wanted.tokens?.hold !== undefined) update.set('tokens.hold', wanted.tokens.hold);
  if (wanted.operationId !== undefined) update.set('grant.operationId', wanted.operationId);
  if (wanted.message !== undefined) update.set(`messages.${messageKey(wanted.message)}`, wanted.message);
  if (wanted.vote !== undefined) {
    const { subject: _subject, ...shown } = wanted.vote;
    update.append('votes', [shown], []);
    update.add('voters', new Set([wanted.vote.principalId]));
  }
  if (wanted.mailed !== undefined && wanted.mailed.length > 0) {
    for (const key of wanted.mailed) update.when(`NOT contains(${update.name('mailed')}, ${update.value(key)})`);
    update.add('mailed', new Set(wanted.mailed));
  }
  if (wanted.eventsSeen !== undefined) {
    update.when(`size(${update.name('events')}) = ${update.value(wanted.eventsSeen)}`);
  }
  if (wanted.accessSeen !== undefined) {
    const { endsAt, joins } = wanted.accessSeen;
    const [end, joined] = [update.name('endsAt'), update.name('joins')];
    update.when(`${end} = ${update.value(endsAt)}`);
    // Joins are only ever added, so their number shows a new one.
    update.when(
      joins.length === 0
        ? `attribute_not_exists(${joined}) OR size(${joined}) = ${update.value(0)}`
        : `size(${joined}) = ${update.value(joins.length)}`,
    );
  }
  if (wanted.reviewOwed === true) update.when(`${update.name('review.status')} = ${update.value('owed')}`);
  return update.build();
}
