import type { RequestState } from '../../../core/model/request.ts';
import { needsLeads } from '../../core/access/services.ts';
import { listenToStdout } from '../stdout.ts';
import { createApi, NOON, PRODUCTION, pending, WANTED } from './calling.ts';

const stdout = listenToStdout();

describe('asking through the API', () => {
  it('grants what a policy allows without approval, and answers with start and duration', async () => {
    const { call, world } = createApi();
    const { statusCode, json } = await call('POST requests', { as: 'ana', body: { ...WANTED, duration: '30m' } });
    expect([statusCode, json.state, json.duration, json.startsAt]).toEqual([201, 'approved', 'PT30M', NOON]);
    expect(json.target).toMatchObject({ accountName: 'Production', permissionSet: 'BreakGlassAdmin' });
    expect(world.workflow.started).toEqual([json.id]);
    expect(world.requests.now(json.id)).toMatchObject({ origin: { kind: 'cli' }, requester: { slackId: 'U0ANA' } });
  });

  it('stores a start with a time zone offset as the same instant in UTC', async () => {
    const { call, world } = createApi();
    const startsAt = '2026-01-05T15:00:00+01:00';
    const { json } = await call('POST requests', { as: 'ana', body: { ...WANTED, startsAt } });
    expect(world.requests.now(json.id)).toMatchObject({
      startsAt: '2026-01-05T14:00:00.000Z',
      windowFrom: '2026-01-05T14:00:00.000Z',
    });
  });

  it('refuses a start in the past, unless the same key asked for it in time', async () => {
    const { call, world, services } = createApi();
    const past = { ...WANTED, startsAt: '2026-01-05T11:00:00Z' };
    const fields = [{ field: 'startsAt', message: 'must be to come; leave it out for now' }];
    expect((await call('POST requests', { as: 'ana', body: past })).json).toMatchObject({
      reason: 'malformed-body',
      fields,
    });
    const { reason: _reason, ...asked } = past;
    expect((await call('POST evaluations', { as: 'ana', body: asked })).json).toMatchObject({ fields });
    expect(world.requests.requests.size).toBe(0);
    const soon = { ...WANTED, startsAt: '2026-01-05T13:00:00Z' };
    const first = await call('POST requests', { as: 'ana', body: soon, key: 'once' });
    Object.assign(services, { now: () => new Date('2026-01-05T14:00:00Z') });
    expect((await call('POST requests', { as: 'ana', body: soon, key: 'another' })).json).toMatchObject({ fields });
    const again = await call('POST requests', { as: 'ana', body: soon, key: 'once' });
    expect([again.statusCode, again.json.id]).toEqual([200, first.json.id]);
  });

  it('tells a caller who lost the answer what came of the ask, by its key, and tells no other person', async () => {
    const { call } = createApi();
    expect((await call('GET asked', { as: 'ana', key: 'once' })).json.reason).toBe('unknown-request');
    const first = await call('POST requests', { as: 'ana', body: WANTED, key: 'once' });
    const found = await call('GET asked', { as: 'ana', key: 'once' });
    expect([found.statusCode, found.json.id]).toEqual([200, first.json.id]);
    expect((await call('GET asked', { as: 'ben', key: 'once' })).statusCode).toBe(404);
    expect((await call('GET asked', { as: 'ana' })).json.reason).toBe('malformed-body');
  });

  it('starts one request per key and answers a repetition with it; the same key of another person is another ask', async () => {
    const { call, world } = createApi();
    const first = await call('POST requests', { as: 'ana', body: WANTED, key: 'once' });
    const again = await call('POST requests', { as: 'ana', body: WANTED, key: 'once' });
    expect([again.statusCode, again.json.id]).toEqual([200, first.json.id]);
    expect([...world.requests.requests.keys()]).toHaveLength(1);
    const other = await call('POST requests', { as: 'ana', body: { ...WANTED, reason: 'else' }, key: 'once' });
    expect([other.statusCode, other.json.reason]).toEqual([409, 'idempotency-key-reused']);
    const ben = await call('POST requests', { as: 'ben', body: WANTED, key: 'once' });
    expect(ben.json.request.id).not.toBe(first.json.id);
  });

  it.each<[string, object, object]>([
    ['another duration', { duration: '30m' }, { duration: '20m' }],
    ['a duration where there was none', {}, { duration: '1h' }],
    ['no duration where there was one', { duration: '20m' }, {}],
    ['another start', { startsAt: '2026-01-05T14:00:00Z' }, { startsAt: '2026-01-05T15:00:00Z' }],
    ['a start where there was none', {}, { startsAt: '2026-01-05T15:00:00Z' }],
    ['another ticket', { ticket: 'INC-1' }, { ticket: 'INC-2' }],
  ])('refuses a key that was used for another ask: %s', async (_what, first, second) => {
    const { call, world } = createApi();
    const ask = (more: object) => call('POST requests', { as: 'ana', body: { ...WANTED, ...more }, key: 'once' });
    const { json } = await ask(first);
    expect((await ask(first)).json.id).toBe(json.id);
    const other = await ask(second);
    expect([other.statusCode, other.json.reason]).toEqual([409, 'idempotency-key-reused']);
    expect([...world.requests.requests.keys()]).toEqual([json.id]);
  });

  it('refuses a key that was used for another ask, also after a refusal', async () => {
    const { call } = createApi();
    const ask = (ticket: string) => call('POST requests', { as: 'ben', body: { ...WANTED, ticket }, key: 'once' });
    const { json } = await ask('INC-1');
    expect((await ask('INC-1')).json).toMatchObject({ reason: json.reason, request: { id: json.request.id } });
    expect((await ask('INC-2')).json.reason).toBe('idempotency-key-reused');
  });

  it.each([
    ['the access table', 'policy-unreadable', 'policyStore', 'read'],
    ['the directory', 'directory-unreadable', 'directory', 'account'],
  ] as const)('can be repeated with the same key after an outage of %s', async (_what, reason, port, method) => {
    const { call, world } = createApi();
    const before: unknown = Reflect.get(world[port], method);
    Object.assign(world[port], { [method]: () => Promise.reject(new Error('away')) });
    const ask = () => call('POST requests', { as: 'ana', body: WANTED, key: 'once' });
    const unread = await ask();
    expect([unread.statusCode, unread.json.reason]).toEqual([503, reason]);
    Object.assign(world[port], { [method]: before });
    const again = await ask();
    expect([again.statusCode, again.json.state]).toEqual([201, 'approved']);
    expect((await ask()).json.id).toBe(again.json.id);
  });

  it('refuses with the reason, words for a person, and the nearest ask that would be allowed', async () => {
    const { call, world } = createApi();
    world.policyStore.write(needsLeads({ maxDuration: '20m' }));
    const { statusCode, headers, json } = await call('POST requests', {
      as: 'ben',
      body: { ...WANTED, duration: '1h' },
    });
    expect([statusCode, headers['content-type']]).toEqual([422, 'application/problem+json']);
    expect(json).toMatchObject({
      type: 'urn:glasshammer:problem:too-long',
      reason: 'too-long',
      detail: expect.stringContaining('20 minutes'),
      request: { state: 'refused' },
    });
    expect(json.nearest).toMatch(/20m|20 minutes/);
  });

  it('gives no break-glass access before the caller has confirmed it', async () => {
    const { call, world } = createApi();
    const glass = { id: 'policy#glass', effect: 'allow', who: ['user:user-ben'], breakGlass: true };
    world.policyStore.write({ ...glass, accounts: ['*'], permissionSets: ['*'], reason: { minLength: 5 } });
    const asked = await call('POST requests', { as: 'ben', body: WANTED });
    expect([asked.statusCode, asked.json.reason]).toEqual([409, 'break-glass-unconfirmed']);
    expect([...world.requests.requests.keys()]).toEqual([]);
    const sure = await call('POST requests', { as: 'ben', body: { ...WANTED, confirmBreakGlass: true } });
    expect([sure.statusCode, sure.json.breakGlass]).toEqual([201, true]);
  });

  it.each<[string, unknown, string]>([
    ['a body that is not JSON', '{', 'malformed-body'],
    ['an unknown field', { ...WANTED, admin: true }, 'malformed-body'],
    ['neither account nor group', { reason: 'x' }, 'malformed-body'],
    ['both account and group', { ...WANTED, group: 'group-oncall' }, 'malformed-body'],
    ['a malformed account id', { ...WANTED, accountId: 'prod' }, 'malformed-body'],
    ['a duration without a unit', { ...WANTED, duration: '60' }, 'malformed-body'],
    ['a start in another year', { ...WANTED, startsAt: '2027-01-05T12:00:00Z' }, 'malformed-body'],
    ['a body of 400 kB', 'x'.repeat(400_000), 'body-too-large'],
  ])('refuses %s with a reason, and starts nothing', async (_what, body, reason) => {
    const { call, world } = createApi();
    const { statusCode, json } = await call('POST requests', { as: 'ana', body });
    expect(json.reason).toBe(reason);
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect([...world.requests.requests.keys()]).toEqual([]);
  });
});

describe('an extension through the API', () => {
  /** An API with Ana's active access. */
  async function active() {
    const api = createApi();
    const { json } = await api.call('POST requests', { as: 'ana', body: { ...WANTED, duration: '30m' } });
    api.world.requests.put({ ...api.world.requests.now(json.id), state: 'active' });
    return { ...api, id: json.id as string };
  }

  it('needs a confirmation to become break-glass access, but not if the access is break-glass already', async () => {
    const { call, world, id } = await active();
    // The record that gave the access without approval is gone.
    world.policyStore.items = [];
    world.policyStore.write({
      id: 'policy#glass',
      effect: 'allow',
      who: ['user:user-ana'],
      accounts: ['*'],
      permissionSets: ['*'],
      breakGlass: true,
      approval: { approvers: ['group:group-leads'], count: 1 },
    });
    const extend = (body: object) =>
      call(`POST requests/${id}/extensions`, { as: 'ana', body: { duration: '10m', reason: 'x', ...body } });
    const quiet = await extend({});
    expect([quiet.statusCode, quiet.json.reason]).toEqual([409, 'break-glass-unconfirmed']);
    const sure = await extend({ confirmBreakGlass: true });
    expect([sure.statusCode, sure.json.breakGlass]).toEqual([201, true]);
    world.requests.requests.delete(sure.json.id);
    world.requests.put({ ...world.requests.now(id), breakGlass: true });
    expect((await extend({})).statusCode).toBe(201);
  });

  it.each<RequestState>(['active', 'ended'])(
    'of the access of somebody else is refused to an approver, and answer and history show nothing of the access: %s',
    async (state) => {
      const { call, world, id } = await active();
      const votes = [{ principalId: 'user-ben', slackId: '', vote: 'approve' as const, at: NOON }];
      world.requests.put({ ...world.requests.now(id), state, votes });
      const ask = () => call(`POST requests/${id}/extensions`, { as: 'ben', body: { duration: '10m' }, key: 'once' });
      for (const { statusCode, json, body } of [await ask(), await ask()]) {
        expect([statusCode, json.reason, json.request]).toEqual([403, 'not-yours', undefined]);
        expect(body).not.toMatch(/Production|BreakGlassAdmin|ana/);
      }
      const kept = [...world.requests.requests.values()].filter((request) => request.id !== id);
      expect(kept).toMatchObject([{ state: 'refused', requester: { principalId: 'user-ben' } }]);
      expect(JSON.stringify(kept)).not.toMatch(new RegExp(`Production|BreakGlassAdmin|ana|${PRODUCTION}|${id}`));
    },
  );

  it('is not lost when the caller ends the access as it was before: the end is refused with access-changed', async () => {
    const { call, id, world } = await active();
    const end = (body: object) => call(`POST requests/${id}/end`, { as: 'ana', body });
    const { endsAt, joins } = (await call(`GET requests/${id}`, { as: 'ana' })).json;
    const later = '2026-01-05T13:00:00.000Z';
    const joined = [{ requestId: 'req-other', at: NOON, endsAt: later }];
    for (const change of [{ endsAt: later }, { joins: joined }]) {
      const before = world.requests.now(id);
      world.requests.put({ ...before, ...change });
      const answer = await end({ seen: { endsAt, joins } });
      expect([answer.statusCode, answer.json.reason, world.requests.now(id).state]).toEqual([
        409,
        'access-changed',
        'active',
      ]);
      world.requests.put(before);
    }
    expect((await end({ seen: { endsAt, joins } })).json.state).toBe('ending');
  });

  it('is made once per key, and the key is refused for another access or another duration', async () => {
    const { call, world, id } = await active();
    const ask = (root: string, duration: string) =>
      call(`POST requests/${root}/extensions`, { as: 'ana', body: { duration }, key: 'once' });
    const first = await ask(id, '10m');
    expect(first.statusCode).toBe(201);
    world.requests.put({ ...world.requests.now(id), id: 'req-other', target: { groupId: 'group-oncall' } });
    world.requests.put({ ...world.requests.now(id), id: 'req-part', state: 'joined', accessId: id });
    for (const root of [id, 'req-part']) expect((await ask(root, '10m')).json.id).toBe(first.json.id);
    for (const [root, duration] of [
      ['req-other', '10m'],
      [id, '20m'],
    ] as const)
      expect((await ask(root, duration)).json.reason).toBe('idempotency-key-reused');
  });
});

describe('a request that waits for approval', () => {
  it('is in the lists of its approvers and its requester, and nobody else can read it', async () => {
    const { call, id } = await pending();
    expect((await call('GET pending', { as: 'cleo' })).json.requests).toMatchObject([{ id, state: 'pending' }]);
    expect((await call('GET requests', { as: 'ben' })).json.requests).toMatchObject([{ id }]);
    expect((await call('GET pending', { as: 'ana' })).json.requests).toEqual([]);
    const seen = await call(`GET requests/${id}`, { as: 'cleo' });
    expect(seen.json).toMatchObject({
      ...{ approvers: ['user-cleo', 'user-dan'], untold: [] },
      history: [{ type: 'requested' }, {}],
    });
    const hidden = await call(`GET requests/${id}`, { as: 'ana' });
    expect([hidden.statusCode, hidden.json.reason]).toEqual([404, 'unknown-request']);
    expect(hidden.body).not.toContain('ben');
    for (const other of ['vote#x', 'control%23freeze', 'usage', 'req-none'])
      expect((await call(`GET requests/${other}`, { as: 'cleo' })).statusCode).toBe(404);
  });

  it('can be approved for a shorter time, with a note', async () => {
    const { call, id, world } = await pending();
    const body = { vote: 'approve', duration: '30m', note: 'half of it' };
    const { statusCode, json } = await call(`POST requests/${id}/votes`, { as: 'cleo', body });
    expect([statusCode, json.state, json.duration]).toEqual([200, 'approved', 'PT30M']);
    expect(json.votes).toEqual([
      { userId: 'user-cleo', vote: 'approve', at: NOON, duration: 'PT30M', note: 'half of it' },
    ]);
    expect(world.requests.now(id).votes).toHaveLength(1);
  });

  it('can be denied with a reason only', async () => {
    const { call, id } = await pending();
    const silent = await call(`POST requests/${id}/votes`, { as: 'dan', body: { vote: 'deny' } });
    expect(silent.json.fields).toEqual([{ field: 'note', message: expect.any(String) }]);
    const said = await call(`POST requests/${id}/votes`, { as: 'dan', body: { vote: 'deny', note: 'not today' } });
    expect(said.json.state).toBe('denied');
  });

  it('can be decided by nobody else, and each such attempt is recorded', async () => {
    const { call, id, refused } = await pending();
    const own = await call(`POST requests/${id}/votes`, { as: 'ben', body: { vote: 'approve' } });
    expect([own.statusCode, own.json.reason]).toEqual([403, 'own-request']);
    const other = await call(`POST requests/${id}/votes`, { as: 'ana', body: { vote: 'approve' } });
    expect([other.statusCode, other.json.reason, other.json.request]).toEqual([404, 'unknown-request', undefined]);
    expect(refused.map(({ note }) => note)).toEqual(['api:vote: own-request', 'api:vote: unknown-request']);
  });

  it('can be decided by an approver whom the current policies name, before the workflow has asked them', async () => {
    const { call, id, world } = await pending();
    const { asked: _asked, ...request } = world.requests.now(id);
    world.requests.put(request);
    expect((await call(`GET requests/${id}`, { as: 'dan' })).statusCode).toBe(404);
    const voted = await call(`POST requests/${id}/votes`, { as: 'dan', body: { vote: 'approve' } });
    expect([voted.statusCode, voted.json.state]).toEqual([200, 'approved']);
  });

  it('can be cancelled by its requester alone, once', async () => {
    const { call, id } = await pending();
    expect((await call(`POST requests/${id}/cancel`, { as: 'cleo' })).json.reason).toBe('not-yours');
    expect((await call(`POST requests/${id}/cancel`, { as: 'ben' })).json.state).toBe('cancelled');
    expect((await call(`POST requests/${id}/cancel`, { as: 'ben' })).statusCode).toBe(409);
  });
});

it('an evaluation says who would approve, for how long, or why not, before anybody asks', async () => {
  const { call, world } = createApi();
  world.policyStore.write(needsLeads());
  const asked = { accountId: WANTED.accountId, permissionSet: WANTED.permissionSet, duration: '1h' };
  const ben = await call('POST evaluations', { as: 'ben', body: asked });
  expect(ben.json).toMatchObject({ outcome: 'needs-approval', votesNeeded: 1, approverCount: 2, longest: 'PT2H' });
  const cleo = await call('POST evaluations', { as: 'cleo', body: asked });
  expect(cleo.json).toMatchObject({ outcome: 'refused', problems: [{ reason: 'not-allowed' }] });
  expect((await call('GET targets', { as: 'ben' })).json.accounts).toEqual([
    { id: WANTED.accountId, name: 'Production' },
  ]);
  for (const other of ['vote#req-1', 'control#freeze', 'usage#x'])
    expect((await call('POST evaluations', { as: 'ben', body: { extends: other } })).json.reason).toBe(
      'malformed-body',
    );
  const sets = await call(`GET targets/${WANTED.accountId}`, { as: 'ben' });
  expect(sets.json.permissionSets.map(({ name }: { name: string }) => name)).toEqual(['BreakGlassAdmin']);
});

it('pages of requests show each request once, even if a new one comes between two pages', async () => {
  const { call, world } = createApi();
  const ids = ['req-a', 'req-b', 'req-c'];
  const { json } = await call('POST requests', { as: 'ana', body: WANTED });
  const one = world.requests.now(json.id);
  for (const id of ids) world.requests.put({ ...one, id });
  const first = await call('GET requests', { as: 'ana', query: { limit: '2' } });
  world.requests.put({ ...one, id: 'req-new', requestedAt: '2026-01-05T12:00:01.000Z' });
  const second = await call('GET requests', { as: 'ana', query: { limit: '2', cursor: first.json.nextCursor } });
  const seen = [...first.json.requests, ...second.json.requests].map(({ id }: { id: string }) => id);
  expect(second.json.nextCursor).toBeNull();
  expect(seen).toHaveLength(4);
  expect(new Set(seen)).toEqual(new Set([...ids, json.id]));
  for (const query of [{ limit: '0' }, { limit: 'x' }, { cursor: 'bm90aGluZw' }])
    expect((await call('GET requests', { as: 'ana', query })).json.reason).toBe('malformed-query');
});

describe('a caller who is not the person in the path', () => {
  it.each([
    ['the path of another person', { as: 'ana', path: 'ben' }, 'caller-unproven'],
    ['a session of another organization', { as: 'ana', identity: { principalOrgId: 'o-other' } }, 'caller-unproven'],
    ['an unsigned call', { as: 'ana', identity: { userArn: null, caller: null, accountId: null } }, 'caller-unproven'],
    ['a user who is not in the directory', { as: 'eve' }, 'principal-not-found'],
  ])('is refused and starts nothing: %s', async (_how, who, reason) => {
    const { call, world } = createApi();
    const { statusCode, json } = await call('POST requests', { ...who, body: WANTED });
    expect([statusCode, json.reason]).toEqual([403, reason]);
    expect([...world.requests.requests.keys()]).toEqual([]);
  });

  it('can look up only their own user id', async () => {
    const { call } = createApi();
    expect((await call('GET /whoami', { as: 'cleo' })).json).toEqual({
      userId: 'user-cleo',
      userName: 'cleo@example.com',
      portalUrl: 'https://d-1234567890.awsapps.com/start',
    });
    expect((await call('GET /whoami', { as: 'eve' })).statusCode).toBe(403);
  });
});

it('unknown paths and internal errors are answered without details', async () => {
  const { call, world } = createApi();
  for (const nothing of [
    'DELETE requests',
    'GET votes',
    'POST requests/req-1/votes/more',
    'GET /people/user-ana',
    'GET /',
  ])
    expect((await call(nothing, { as: 'ana' })).json.reason).toBe('not-found');
  world.requests.create = () => Promise.reject(new Error('secret-of-the-table'));
  const { statusCode, body } = await call('POST requests', {
    as: 'ana',
    body: { ...WANTED, reason: 'a private reason' },
  });
  expect(statusCode).toBe(500);
  expect(`${body}${stdout.text()}`).not.toMatch(/secret-of-the-table|a private reason/);
});
