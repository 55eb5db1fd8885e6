import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { enter } from '../../core/model/events.ts';
import { madeId, removedId } from '../../core/model/stored-ids.ts';
import { assignmentKey } from '../../core/model/target.ts';
import { makingRoom } from '../../gateways/dynamodb/full-item.ts';
import { LEASE_ROOM, MADE_ROOM, REMOVED_ROOM } from '../../gateways/dynamodb/leases/lease-room.ts';
import { createLeaseStore } from '../../gateways/dynamodb/leases/lease-store.ts';
import { createLeaseWatch } from '../../gateways/dynamodb/leases/lease-watch.ts';
import { createMadeStore } from '../../gateways/dynamodb/leases/made-store.ts';
import { toItem } from '../../gateways/dynamodb/requests/request-item.ts';
import { REQUEST_ROOM } from '../../gateways/dynamodb/requests/request-room.ts';
import { createRequestStore } from '../../gateways/dynamodb/requests/request-store.ts';
import { itemBytes } from '../../sandbox/aws/tables/item-size.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../core/access/requests.ts';
import { emulateAws, REQUEST_TABLE } from './emulated.ts';

/*
 * An attacker has filled an item up to DynamoDB's limit, so DynamoDB refuses a change that makes it even a byte larger.
 */

const EARLIER = '2026-01-05T11:30:00.000Z';
const LATER = '2026-01-05T12:30:00.000Z';
const KEY = assignmentKey(ANAS_ASSIGNMENT);
const text = (length: number) => 'x'.repeat(length);
const numbered = <T>(count: number, make: (name: string) => T) =>
  Array.from({ length: count }, (_, n) => make(`x${String(n).padStart(5, '0')}`));

/** Many attributes whose names begin like this. */
const parts = (count: number, beginning: string, value: unknown = 'x') =>
  Object.fromEntries(numbered(count, (name) => [`${beginning}${name}`, value]));

function createTable() {
  const { dynamo: client, now } = emulateAws();
  const told: string[] = [];
  const own = { client, tableName: REQUEST_TABLE, now, onFull: (id: string) => told.push(id) };
  const leases = createLeaseStore(own);
  return {
    told,
    client,
    leases,
    requests: createRequestStore(own),
    made: createMadeStore(own),
    watch: createLeaseWatch({ ...own, leases }),
  };
}

/** DynamoDB's limit, in bytes. */
const LIMIT = 400 * 1024;

function bytesOnTheWire(item: Record<string, unknown>): number {
  const json = JSON.stringify(marshall(item, { removeUndefinedValues: true }), (_name, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
  return itemBytes(JSON.parse(json));
}

/** Puts an item with these attributes, filled up to the last byte. */
async function fill(client: DynamoDBDocumentClient, parts: Record<string, unknown>, pad = 'pad'): Promise<void> {
  const item = { ...parts, [pad]: '' };
  const length = LIMIT - bytesOnTheWire(item);
  await client.send(new PutCommand({ TableName: REQUEST_TABLE, Item: { ...item, [pad]: text(length) } }));
}

async function read(client: DynamoDBDocumentClient, id: string) {
  return (await client.send(new GetCommand({ TableName: REQUEST_TABLE, Key: { id } }))).Item;
}

describe('a request that an attacker has filled', () => {
  const held = aRequest('active', { tokens: { hold: text(1000) }, grant: { askedAt: NOON, standing: false } });
  const first = held.events.length;

  it.each<[string, Record<string, unknown>, string?]>([
    ['with an unknown attribute', {}],
    ['with a thousand unknown attributes', parts(1000, '')],
    ['with its reason', {}, 'reason'],
    ['with its messages', { messages: parts(1000, '', { role: 'story', channel: text(100), ts: '1' }) }],
    ['with ids of requests that joined it', { joiners: new Set(numbered(9000, (name) => name)) }],
    ['with many tokens', { tokens: { ...parts(300, '', text(1000)), hold: text(1000) } }],
    ['with a token', { tokens: { hold: text(300_000) } }],
    [
      'with events',
      { events: [...held.events, ...numbered(2000, () => ({ type: 'mailed', at: NOON, by: text(50) }))] },
    ],
    ['with one event', { events: [...held.events, { type: 'nudged', at: NOON, by: 'x', note: text(300_000) }] }],
    ['with events in events', { events: [...held.events, { type: 'nudged', nested: [[parts(9000, '')]] }] }],
    ['with bytes', { grant: { ...held.grant, standing: false, bytes: new Uint8Array(300_000) } }],
  ])('%s ends all the same, and is reported as full', async (_what, spoiled, ...[pad]) => {
    const { client, requests, told } = createTable();
    await fill(client, { ...toItem(held), ...spoiled }, pad);
    const event = enter('ending', LATER);
    const ending = await requests.change('r1', { from: ['active'], to: 'ending', event, set: { endingAt: LATER } });
    expect(ending).toMatchObject({ changed: true, request: { state: 'ending', endingAt: LATER } });
    expect(told).toEqual(['r1']);
    const { events, requester, target, grant, endsAt, startsAt } = ending.request ?? {};
    expect({ requester, target, endsAt, startsAt }).toEqual({
      requester: held.requester,
      target: held.target,
      endsAt: held.endsAt,
      startsAt: held.startsAt,
    });
    expect(grant?.standing).toBe(false);
    expect(events?.slice(0, first)).toEqual(held.events);
    expect(events?.at(-1)).toEqual(event);
    // Later changes have room.
    const note = text(2000);
    for (let rounds = 0; rounds < 5; rounds++)
      await requests.change('r1', { from: ['ending'], event: { type: 'warned', at: LATER, by: 'x', note } });
    expect(told).toEqual(['r1']);
  });

  it('keeps everything that the program wrote, if that alone is not too large', async () => {
    const { client, requests } = createTable();
    const approvers = numbered(300, (name) => `00000000-0000-0000-0000-0000000${name}`);
    const wide = {
      ...held,
      asked: { waitingPaths: [{ rule: 'r', approvals: [{ count: 1, approvers }] }] } as never,
      review: { status: 'owed' as const, approvers },
    };
    await fill(client, toItem(wide));
    const { request } = await requests.change('r1', { from: ['active'], set: { told: 1 } });
    expect(request).toEqual({ ...wide, told: 1 });
  });

  it('loses the approvers who were asked as a whole, never only some of them', async () => {
    const { client, requests } = createTable();
    const asked = { waitingPaths: [{ approvals: numbered(3500, () => ({ count: 1, approvers: [text(80)] })) }] };
    await fill(client, { ...toItem(held), asked });
    const { request } = await requests.change('r1', { from: ['active'], set: { told: 1 } });
    expect(request).toEqual({ ...held, told: 1 });
  });

  it('is left alone if the change does not apply anyway', async () => {
    const { client, requests, told } = createTable();
    await fill(client, toItem(held));
    const full = await read(client, 'r1');
    expect(await requests.change('r1', { from: ['pending'], set: { told: 1 } })).toMatchObject({ changed: false });
    expect(await read(client, 'r1')).toEqual(full);
    expect(told).toEqual([]);
  });

  it('is freed of an attribute that the SDK cannot show', async () => {
    const sent: Record<string, unknown>[] = [];
    const told: string[] = [];
    const client = {
      send: async ({ input }: { readonly input: Record<string, unknown> }) => {
        sent.push(input);
        if ('UpdateExpression' in input) return {};
        const Item = JSON.parse(`{"id":{"S":"r1"},"__proto__":{"S":"${text(300_000)}"}}`);
        throw new ConditionalCheckFailedException({ $metadata: {}, message: 'no', Item });
      },
    } as unknown as DynamoDBDocumentClient;
    const full = Object.assign(new Error('Item size to update has exceeded the maximum allowed size'), {
      name: 'ValidationException',
    });
    const item = {
      client,
      TableName: REQUEST_TABLE,
      id: 'r1',
      room: REQUEST_ROOM,
      onFull: (id: string) => told.push(id),
    };
    const write = () => (sent.length === 0 ? Promise.reject(full) : Promise.resolve('written'));
    expect(await makingRoom(item, write)).toBe('written');
    expect(sent[1]).toMatchObject({ UpdateExpression: 'REMOVE #n0', ExpressionAttributeNames: { '#n0': '__proto__' } });
    expect(told).toEqual(['r1']);
  });

  it('is not cut if another writer has changed its history meanwhile, whose event is not lost', async () => {
    const { client, told } = createTable();
    const long = { type: 'nudged', at: NOON, by: 'x', note: text(350_000) };
    await fill(client, { ...toItem(held), events: [...held.events, long] });
    const theirs = { type: 'warned', at: LATER, by: 'y' } as const;
    let updates = 0;
    const beside = {
      send: async (command: UpdateCommand) => {
        updates += 1;
        // The write that is refused, the look, and then the write that makes room.
        if (updates === 3) {
          const events = [...held.events, { ...long, note: 'short' }, theirs];
          await client.send(new PutCommand({ TableName: REQUEST_TABLE, Item: { ...toItem(held), events } }));
        }
        return client.send(command);
      },
    } as unknown as DynamoDBDocumentClient;
    const requests = createRequestStore({
      ...{ client: beside, tableName: REQUEST_TABLE, now: () => new Date(LATER) },
      onFull: (id: string) => told.push(id),
    });
    const event = enter('ending', LATER);
    const ending = await requests.change('r1', { from: ['active'], to: 'ending', event, set: { endingAt: LATER } });
    expect(ending.request?.events.slice(-2)).toEqual([theirs, event]);
    expect(told).toEqual([]);
  });

  it('is not made anew if it is gone', async () => {
    const { client, told } = createTable();
    const room = { of: () => undefined };
    const item = { client, TableName: REQUEST_TABLE, id: 'r1', room, onFull: (id: string) => told.push(id) };
    const full = Object.assign(new Error('Item size to update has exceeded the maximum allowed size'), {
      name: 'ValidationException',
    });
    const refused = makingRoom(item, () => Promise.reject(full));
    await expect(refused).rejects.toMatchObject({ name: 'ItemFullError', cause: full });
    const other = new Error('throttled');
    await expect(makingRoom(item, () => Promise.reject(other))).rejects.toBe(other);
    expect(await read(client, 'r1')).toBeUndefined();
    expect(told).toEqual([]);
  });
});

describe('the lease item of an assignment that an attacker has filled', () => {
  const CLAIMS = new Set(numbered(20_000, (name) => name));

  it.each<[string, Record<string, unknown>, string?]>([
    ['with an unknown attribute', {}],
    ['with five thousand unknown attributes', parts(5000, '')],
    ['with claims', { leases: CLAIMS }],
    ['with the fields of a removal', {}, 'releasedAt'],
    ['with its target', {}, 'target'],
  ])('%s does not keep the assignment from being removed', async (_what, spoiled, ...[pad]) => {
    const { client, leases, told } = createTable();
    await leases.add(ANAS_ASSIGNMENT, 'r1');
    await leases.noteStanding(ANAS_ASSIGNMENT, false);
    await fill(client, { ...(await read(client, KEY)), ...spoiled }, pad);
    expect(await leases.drop(ANAS_ASSIGNMENT, 'r1')).toMatchObject({ leases: [], standing: false });
    const claimed = await leases.beginRemoval(ANAS_ASSIGNMENT, 'r1', LATER);
    expect(claimed).toMatchObject({ leases: [], standing: false, removing: { requestId: 'r1', since: LATER } });
    if (claimed === undefined) return;
    await leases.noteRemoval(claimed, text(100));
    expect(await leases.get(ANAS_ASSIGNMENT)).toMatchObject({ removing: { operationId: text(100) } });
    await leases.forget(claimed);
    expect(await leases.get(ANAS_ASSIGNMENT)).toBeUndefined();
    expect(told).toEqual([KEY]);
  });

  it('still takes the note that somebody else made the assignment', async () => {
    const { client, leases, watch, told } = createTable();
    await leases.add(ANAS_ASSIGNMENT, 'r1');
    await leases.noteStanding(ANAS_ASSIGNMENT, false);
    await fill(client, { ...(await read(client, KEY)) });
    expect(await watch.noteOutside(ANAS_ASSIGNMENT, true, LATER)).toMatchObject({ standing: true, leases: ['r1'] });
    expect(told).toEqual([KEY]);
  });

  it.each(['forget', 'release'] as const)('is still let go if the record of removals is full, too: %s', async (how) => {
    const manyLarge = { ...parts(149, 'end:', text(2400)), 'end:larger': text(3000) };
    for (const spoiled of [{}, parts(9000, 'end:'), manyLarge, parts(150, 'end:', [text(2600)])]) {
      const { client, leases, told } = createTable();
      await leases.claim(ANAS_ASSIGNMENT, 'r1', NOON);
      const item = await leases.get(ANAS_ASSIGNMENT);
      if (item === undefined) throw new Error('nothing was claimed');
      await fill(client, { id: removedId(KEY), removedAt: EARLIER, ...spoiled });
      await leases[how](item, LATER);
      expect(await leases.removedFor(ANAS_ASSIGNMENT, 'r1')).toBe(NOON);
      expect((await leases.get(ANAS_ASSIGNMENT))?.removing).toBeUndefined();
      expect(told).toEqual([removedId(KEY)]);
    }
  });

  it('has a record of what was made beside it, which takes later notes even when full', async () => {
    const { client, made, told } = createTable();
    await made.noteMadeByGlasshammer(ANAS_ASSIGNMENT, NOON);
    await fill(client, { ...(await read(client, madeId(KEY))), id: madeId(KEY) });
    await made.noteMadeByOthers(ANAS_ASSIGNMENT, LATER, { id: text(100), name: 'olga' });
    expect(await read(client, madeId(KEY))).toMatchObject({ madeAt: NOON, theirsAt: LATER });
    await made.noteGone(ANAS_ASSIGNMENT, LATER);
    expect(await read(client, madeId(KEY))).toMatchObject({ goneAt: LATER });
    expect(told).toEqual([madeId(KEY)]);
  });
});

describe('an item of any attributes that fill it', () => {
  const shapes: readonly ((bytes: number) => unknown)[] = [
    text,
    (bytes) => '\u{1f4a5}'.repeat(Math.ceil(bytes / 4)),
    (bytes) => new Uint8Array(bytes),
    (bytes) => numbered(Math.ceil(bytes / 10), (name) => name),
    (bytes) => new Set(numbered(Math.ceil(bytes / 10), (name) => name)),
    (bytes) => parts(Math.ceil(bytes / 20), '', text(10)),
    (bytes) => ({ inner: [text(bytes)] }),
  ];
  /** Many attributes of one kind (names that end with a colon), or one attribute. */
  const group = fc
    .record({
      name: fc.constantFrom('end:', 'end:', 'end:', 'other:', 'removing', 'reason', 'events', 'asked', 'removedAt'),
      count: fc.integer({ min: 1, max: 200 }),
      bytes: fc.oneof(fc.integer({ min: 1, max: 6000 }), fc.constantFrom(2400, 2500, 2501, 150_000)),
      shape: fc.constantFrom(text, text, ...shapes),
    })
    .map(({ name, count, bytes, shape }) =>
      Object.keys(name.endsWith(':') ? parts(count, `${name}${bytes}`) : { [name]: '' }).map(
        (each) => [each, shape(bytes)] as const,
      ),
    );

  it('takes the next write, after one that makes room', async () => {
    let withSpare = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(REMOVED_ROOM, REMOVED_ROOM, LEASE_ROOM, MADE_ROOM, REQUEST_ROOM),
        fc.array(group, { minLength: 1, maxLength: 5 }),
        async (room, groups) => {
          const { client, told } = createTable();
          const item: Record<string, unknown> = { id: 'r1' };
          let left = LIMIT - 1000;
          for (const [name, value] of Object.entries(Object.fromEntries(groups.flat()))) {
            left -= bytesOnTheWire({ [name]: value });
            if (left > 0) item[name] = value;
          }
          await fill(client, item);
          const write = new UpdateCommand({
            TableName: REQUEST_TABLE,
            Key: { id: 'r1' },
            UpdateExpression: 'SET written = :written',
            ExpressionAttributeValues: { ':written': text(50) },
          });
          const own = { client, TableName: REQUEST_TABLE, id: 'r1', room, onFull: (id: string) => told.push(id) };
          await makingRoom(own, () => client.send(write));
          expect(await read(client, 'r1')).toMatchObject({ id: 'r1', written: text(50) });
          expect(told).toEqual(['r1']);
          if (room === REMOVED_ROOM && Object.keys(item).some((name) => name.startsWith('end:'))) withSpare += 1;
        },
      ),
      { numRuns: 40 },
    );
    expect(withSpare).toBeGreaterThan(0);
  });
});
