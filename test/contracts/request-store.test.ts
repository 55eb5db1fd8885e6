import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Join, RequestStore } from '../../core/access/ports.ts';
import { enter, happen } from '../../core/model/events.ts';
import { ALL_STATES } from '../../core/model/life-cycle.ts';
import type { Vote } from '../../core/model/request.ts';
import { createRequestStore } from '../../gateways/dynamodb/requests/request-store.ts';
import { FakeRequestStore } from '../core/access/fakes.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../core/access/requests.ts';
import { all, emulateAws, REQUEST_TABLE } from './emulated.ts';

const realStore = () => {
  const { dynamo: client, now } = emulateAws();
  return createRequestStore({ client, tableName: REQUEST_TABLE, now });
};

const aVote = (principalId: string): Vote => ({ principalId, slackId: `U-${principalId}`, vote: 'approve', at: NOON });

describe.each<[string, () => RequestStore]>([
  ['in memory', () => new FakeRequestStore()],
  ['in DynamoDB', realStore],
])('the request store %s', (_where, create) => {
  let store: RequestStore;
  beforeEach(() => {
    store = create();
  });

  it('returns exactly the request that was written', async () => {
    const full = aRequest('pending', {
      messages: [{ role: 'story', channel: 'C0ALERTS', ts: '1.2' }],
      tokens: { approval: 'token' },
      votes: [aVote('user-dan')],
      review: { status: 'owed', approvers: ['user-cleo'] },
    });
    expect(await store.create(full)).toEqual({ created: true });
    expect(await store.get('r1')).toEqual(full);
  });

  const joining = (overrides: Partial<Join['access']> = {}): Join => ({
    requestId: 'r2',
    from: ['approved'],
    set: { accessId: 'r1', startsAt: NOON, endsAt: '2026-01-05T14:00:00.000Z', decidedAt: NOON },
    event: enter('joined', NOON),
    access: { id: 'r1', in: ['granting', 'active'], endsAt: '2026-01-05T13:00:00.000Z', ...overrides },
    joined: { requestId: 'r2', at: NOON, endsAt: '2026-01-05T14:00:00.000Z' },
    hold: { accessId: 'r1', startedAt: NOON, endsAt: '2026-01-05T14:00:00.000Z' },
    assignment: ANAS_ASSIGNMENT,
    extended: happen('extended', NOON, { by: 'user-ana' }),
  });

  it('lets a request join an access in one step, and only once', async () => {
    await store.create(aRequest('active'));
    await store.create(aRequest('approved', { id: 'r2' }));
    expect(await store.join(joining())).toBe(true);
    expect(await store.join(joining({ endsAt: '2026-01-05T14:00:00.000Z' }))).toBe(false);
    const [root, joined] = [await store.get('r1'), await store.get('r2')];
    expect(root).toMatchObject({ state: 'active', endsAt: '2026-01-05T14:00:00.000Z', joins: [{ requestId: 'r2' }] });
    expect(root?.events.at(-1)).toMatchObject({ type: 'extended', by: 'user-ana' });
    expect(joined).toMatchObject({ state: 'joined', accessId: 'r1', endsAt: '2026-01-05T14:00:00.000Z' });
  });

  it.each<[string, Partial<Join['access']>, 'active' | 'ending', 'approved' | 'cancelled']>([
    ['the end is not what was seen', { endsAt: NOON }, 'active', 'approved'],
    ['the access is ending', {}, 'ending', 'approved'],
    ['the request was cancelled', {}, 'active', 'cancelled'],
  ])('changes neither the request nor the access when %s', async (_why, access, rootState, state) => {
    await store.create(aRequest(rootState));
    await store.create(aRequest(state, { id: 'r2' }));
    expect(await store.join(joining(access))).toBe(false);
    expect([(await store.get('r1'))?.endsAt, (await store.get('r2'))?.state]).toEqual([
      aRequest(rootState).endsAt,
      state,
    ]);
    expect((await store.get('r1'))?.joins).toBeUndefined();
  });

  it('gives a place to one request, names it to the next, and passes the place on once that request is over', async () => {
    const place = { key: 'waiting#x' };
    expect(await store.create(aRequest('pending'), undefined, place)).toEqual({ created: true });
    const second = aRequest('pending', { id: 'r2' });
    expect(await store.create(second, { key: 'click' }, place)).toEqual({
      created: false,
      exists: 'r1',
      inPlace: true,
    });
    expect(await store.inPlace(place.key)).toBe('r1');
    expect(await store.create(second, { key: 'click' }, { ...place, replaces: 'r1' })).toEqual({ created: true });
    expect(await store.inPlace(place.key)).toBe('r2');
    expect(await store.inPlace('waiting#nothing')).toBeUndefined();
  });

  it('has no request that was never written', async () => {
    expect(await store.get('r9')).toBeUndefined();
    expect(await store.change('r9', { from: ALL_STATES })).toEqual({ changed: false, request: undefined });
  });

  it('returns a refused request, which has no end, and lists it nowhere', async () => {
    await store.create(aRequest('refused', { startsAt: '', endsAt: '' }));
    expect(await store.get('r1')).toMatchObject({ endsAt: '', startsAt: '' });
    expect(await all(store.inStates(['refused']))).toEqual([]);
  });

  it('keeps the first of two requests with the same id', async () => {
    await store.create(aRequest('approved', { reason: 'first' }));
    expect(await store.create(aRequest('approved', { reason: 'second' }))).toEqual({ created: false, exists: 'r1' });
    expect((await store.get('r1'))?.reason).toBe('first');
  });

  it('lets only one of fifty writers of the same id succeed', async () => {
    const written = await Promise.all(
      Array.from({ length: 50 }, (_, n) => store.create(aRequest('approved', { reason: `writer ${n}` }))),
    );
    expect(written.filter(({ created }) => created)).toHaveLength(1);
    const winner = written.findIndex(({ created }) => created);
    expect((await store.get('r1'))?.reason).toBe(`writer ${winner}`);
  });

  it('lets only one of many presses of a button succeed, and tells the others which request it made', async () => {
    const press = (n: number) => store.create(aRequest('approved', { id: `r${n}` }), { key: 'button' });
    const written = await Promise.all(Array.from({ length: 20 }, (_, n) => press(n)));
    const winner = written.findIndex(({ created }) => created);
    const others = written.filter((_, n) => n !== winner);
    expect(others).toEqual(others.map(() => ({ created: false, exists: `r${winner}` })));
    expect(await all(store.inStates(['approved']))).toHaveLength(1);
  });

  it('lets a press replace exactly the request that it saw to be over, and only once', async () => {
    await store.create(aRequest('reported'), { key: 'button' });
    const press = (id: string, replaces: string) =>
      store.create(aRequest('approved', { id }), { key: 'button', replaces });
    expect(await press('r2', 'r0')).toEqual({ created: false, exists: 'r1' });
    const both = await Promise.all([press('r3', 'r1'), press('r4', 'r1')]);
    expect(both.filter(({ created }) => created)).toHaveLength(1);
  });

  it('answers with the existing request when both its id and its button were there before', async () => {
    await store.create(aRequest('approved'), { key: 'button' });
    expect(await store.create(aRequest('approved'), { key: 'button' })).toEqual({ created: false, exists: 'r1' });
  });

  it('changes a request only in an expected state, and otherwise says how it is', async () => {
    await store.create(aRequest('approved'));
    const event = enter('granting', NOON);
    expect(await store.change('r1', { from: ['scheduled'], to: 'granting', event })).toEqual({
      changed: false,
      request: aRequest('approved'),
    });
    const moved = await store.change('r1', { from: ['approved', 'scheduled'], to: 'granting', event });
    expect(moved).toMatchObject({ changed: true, request: { state: 'granting' } });
    expect(moved.request?.events.at(-1)).toEqual(event);
    expect(await store.get('r1')).toEqual(moved.request);
  });

  it('lets only one of many take the same step, so that there is one event for it', async () => {
    await store.create(aRequest('active'));
    const event = enter('ending', NOON);
    const moves = await Promise.all(
      Array.from({ length: 10 }, () => store.change('r1', { from: ['active'], to: 'ending', event })),
    );
    expect(moves.filter(({ changed }) => changed)).toHaveLength(1);
    expect((await store.get('r1'))?.events.filter(({ type }) => type === 'ending')).toHaveLength(1);
  });

  it('sets fields, and leaves fields alone that are not named', async () => {
    const grant = { askedAt: NOON, standing: false };
    await store.create(aRequest('active', { failure: 'first', grant }));
    await store.change('r1', { from: ['active'], set: { endingAt: NOON, failure: undefined } });
    expect(await store.get('r1')).toEqual(aRequest('active', { failure: 'first', endingAt: NOON, grant }));
  });

  it('keeps one token beside the other', async () => {
    await store.create(aRequest('active', { tokens: { approval: 'a' } }));
    await store.change('r1', { from: ['active'], tokens: { hold: 'h' } });
    expect((await store.get('r1'))?.tokens).toEqual({ approval: 'a', hold: 'h' });
  });

  it('remembers one message for each role and channel, however many are written at once', async () => {
    await store.create(aRequest('pending'));
    const post = (channel: string, ts: string, role: 'story' | 'approval' = 'approval') =>
      store.change('r1', { from: ALL_STATES, message: { role, channel, ts } });
    await Promise.all([post('C1', '1'), post('C2', '2'), post('C1', '3', 'story')]);
    await post('C1', '4');
    const messages = (await store.get('r1'))?.messages ?? [];
    expect(
      messages.map(({ role, channel, ts }) => `${role} ${channel} ${ts}`).sort((a, b) => a.localeCompare(b)),
    ).toEqual(['approval C1 4', 'approval C2 2', 'story C1 3']);
  });

  it('counts one vote per person, even at the same moment, and writes no event for a refused one', async () => {
    await store.create(aRequest('pending'));
    const cast = (principalId: string) =>
      store.change('r1', { from: ['pending'], vote: aVote(principalId), event: happen('vote', NOON) });
    const votes = await Promise.all(['user-cleo', 'user-dan', 'user-cleo'].map(cast));
    expect(votes.filter(({ changed }) => changed)).toHaveLength(2);
    const stored = await store.get('r1');
    expect(stored?.votes.map(({ principalId }) => principalId).sort((a, b) => a.localeCompare(b))).toEqual([
      'user-cleo',
      'user-dan',
    ]);
    expect(stored?.events.filter(({ type }) => type === 'vote')).toHaveLength(2);
    expect(stored).not.toHaveProperty('voters');
  });

  it('writes an event once although its write is repeated, if the writer says how many events it has seen', async () => {
    await store.create(aRequest('active'));
    const eventsSeen = (await store.get('r1'))?.events.length ?? 0;
    const warn = () => store.change('r1', { from: ['active'], event: happen('warned', NOON), eventsSeen });
    expect((await warn()).changed).toBe(true);
    const again = await warn();
    expect(again.changed).toBe(false);
    expect(again.request?.events.filter(({ type }) => type === 'warned')).toHaveLength(1);
  });

  it('changes an access only as it was seen, if the caller asks for that', async () => {
    const { endsAt } = aRequest('active');
    const joins = [{ requestId: 'r2', at: NOON, endsAt }];
    await store.create(aRequest('active'));
    await store.create(aRequest('active', { id: 'r3', joins }));
    const change = (id: string, end: string, seen: readonly string[]) =>
      store.change(id, { from: ['active'], set: { endingAt: NOON }, accessSeen: { endsAt: end, joins: seen } });
    const answers = [
      await change('r1', '2026-01-05T18:00:00.000Z', []),
      await change('r1', endsAt, ['r2']),
      await change('r3', endsAt, []),
      await change('r1', endsAt, []),
      await change('r3', endsAt, ['r2']),
    ];
    expect(answers.map(({ changed }) => changed)).toEqual([false, false, false, true, true]);
  });

  it('takes one of two reviews that arrive at the same moment', async () => {
    const owed = { status: 'owed', approvers: ['user-cleo', 'user-dan'] } as const;
    await store.create(aRequest('reported', { review: owed }));
    const review = (by: string) =>
      store.change('r1', {
        from: ['reported'],
        reviewOwed: true,
        set: { review: { ...owed, status: 'acknowledged', by } },
      });
    const given = await Promise.all(['user-cleo', 'user-dan'].map(review));
    expect(given.filter(({ changed }) => changed)).toHaveLength(1);
    await store.create(aRequest('reported', { id: 'r2' }));
    expect((await store.change('r2', { from: ['reported'], reviewOwed: true })).changed).toBe(false);
  });

  it('lists requests by state, those that end first before the others, and sees each change', async () => {
    const at = (minutes: number) => `2026-01-05T13:${String(minutes).padStart(2, '0')}:00.000Z`;
    for (const [id, state, minutes] of [
      ['r1', 'active', 30],
      ['r2', 'ending', 10],
      ['r3', 'active', 20],
      ['r4', 'ended', 0],
    ] as const) {
      await store.create(aRequest(state, { id, endsAt: at(minutes) }));
    }
    const ids = async () => (await all(store.inStates(['ending', 'active']))).map(({ id }) => id);
    expect(await ids()).toEqual(['r2', 'r3', 'r1']);
    await store.change('r1', { from: ['active'], to: 'ending', event: enter('ending', NOON) });
    expect(await ids()).toEqual(['r2', 'r1', 'r3']);
    const late = await all(store.inStates(['ending', 'ended'], { endsFrom: at(10) }));
    expect(late.map(({ id }) => id)).toEqual(['r2', 'r1']);
  });
});

describe('the request store in DynamoDB', () => {
  it('fails on an item that is no request', async () => {
    const { dynamo: client, now } = emulateAws();
    const store = createRequestStore({ client, tableName: REQUEST_TABLE, now });
    await client.send(new PutCommand({ TableName: REQUEST_TABLE, Item: { id: 'r1', state: 'active' } }));
    await expect(store.get('r1')).rejects.toMatchObject({ name: 'MalformedItemError' });
  });

  it.each<[string, Record<string, unknown>]>([
    ['mails', { mailed: 5 }],
    ['events', { events: ['x'] }],
    ['an event', { events: [{ type: 5, at: NOON }] }],
    ['tokens', { tokens: 'x' }],
    ['a grant', { grant: 'x' }],
    ['requests that joined it', { joins: [null] }],
    ['its requester', { requester: { principalId: 5 } }],
  ])('lists the other requests if one item has %s that cannot be read', async (_what, parts) => {
    const { dynamo: client, now } = emulateAws();
    const store = createRequestStore({ client, tableName: REQUEST_TABLE, now });
    const Item = { ...aRequest('active', { id: 'r0' }), messages: {}, ...parts };
    await client.send(new PutCommand({ TableName: REQUEST_TABLE, Item }));
    await store.create(aRequest('active'));
    expect((await all(store.inStates(['active']))).map(({ id }) => id)).toEqual(['r1']);
    await expect(store.get('r0')).rejects.toMatchObject({ name: 'MalformedItemError' });
  });

  it('treats a request in an unknown state as one to be ended, and grants nothing for it', async () => {
    const { dynamo: client, now } = emulateAws();
    const store = createRequestStore({ client, tableName: REQUEST_TABLE, now });
    const Item = { ...aRequest('active'), state: 'sleeping', messages: {} };
    await client.send(new PutCommand({ TableName: REQUEST_TABLE, Item }));
    expect(await store.get('r1')).toMatchObject({ state: 'ending', failure: expect.stringContaining('sleeping') });
    const activated = await store.change('r1', { from: ['granting', 'active'], to: 'active' });
    expect(activated.changed).toBe(false);
    const ended = await store.change('r1', { from: ['ending'], to: 'ended', event: enter('ended', NOON) });
    expect(ended).toMatchObject({ changed: true, request: { state: 'ended' } });
    expect((await store.change('r1', { from: ['ending'], to: 'failed' })).changed).toBe(false);
  });

  it('lists readable requests although an attacker has written unreadable ones', async () => {
    const { dynamo: client, now } = emulateAws();
    const store = createRequestStore({ client, tableName: REQUEST_TABLE, now });
    await store.create(aRequest('active'));
    for (const Item of [
      { id: 'r2', state: 'active', endsAt: '0' },
      { id: 'r3', state: 'active', endsAt: '0', events: [], requester: 'somebody' },
    ])
      await client.send(new PutCommand({ TableName: REQUEST_TABLE, Item }));
    expect((await all(store.inStates(['active']))).map(({ id }) => id)).toEqual(['r1']);
  });

  it('reads every page of a list', async () => {
    const store = realStore();
    // DynamoDB returns at most one megabyte at a time.
    const reason = 'x'.repeat(200_000);
    for (let n = 0; n < 12; n++) await store.create(aRequest('active', { id: `r${n}`, reason }));
    expect(await all(store.inStates(['active']))).toHaveLength(12);
  });

  it('forgets a pressed button after thirty days, long after the request is over', async () => {
    const { dynamo: client, now } = emulateAws();
    const sent: unknown[] = [];
    client.middlewareStack.add(
      (next) => async (call) => {
        sent.push(call.input);
        return next(call);
      },
      { step: 'initialize' },
    );
    await createRequestStore({ client, tableName: REQUEST_TABLE, now }).create(aRequest('approved'), { key: 'button' });
    const ttl = Date.parse(NOON) / 1000 + 30 * 24 * 3600;
    expect(JSON.stringify(sent)).toContain(`"ttl":${ttl}`);
  });

  /** A store whose first writes meet another write of the same button, as DynamoDB reports it. */
  function meetingOthers(times: number) {
    const { dynamo: client, now } = emulateAws();
    const send = client.send.bind(client) as (command: unknown) => Promise<unknown>;
    let left = times;
    client.send = async (command: unknown) => {
      if (!(command instanceof TransactWriteCommand) || left-- <= 0) return send(command);
      throw new TransactionCanceledException({
        message:
          'Transaction cancelled, please refer cancellation reasons for specific reasons [None, TransactionConflict]',
        $metadata: {},
        CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
      });
    };
    return createRequestStore({ client, tableName: REQUEST_TABLE, now });
  }

  it('does not fail a press because the same button is being pressed at the same moment', async () => {
    const store = meetingOthers(3);
    expect(await store.create(aRequest('approved'), { key: 'button' })).toEqual({ created: true });
  });

  it('does not try for ever', async () => {
    const pressed = meetingOthers(Number.POSITIVE_INFINITY).create(aRequest('approved'), { key: 'button' });
    await expect(pressed).rejects.toMatchObject({ name: 'TransactionCanceledException' });
  });
});
