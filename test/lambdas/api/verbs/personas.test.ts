import type { DriftItem } from '../../../../core/drift/types.ts';
import type { AccessRequest } from '../../../../core/model/request.ts';
import { listenToStdout } from '../../stdout.ts';
import { createApi, NOON, PRODUCTION, pending, WANTED } from '../calling.ts';

listenToStdout();

const FINDING: DriftItem = {
  assignment: { principalId: 'user-eve', target: { accountId: PRODUCTION, permissionSetArn: 'arn:set' } },
  status: 'to-remove',
  due: '2026-01-05T13:00:00.000Z',
  foundAt: NOON,
  names: { principalName: 'eve' },
  action: 'revoke',
  rules: 'rules',
  revision: 1,
};

/** Ben asked; Cleo and Dan may decide; Olga is an operator, Uma an auditor; the request does not concern Ana. */
const PEOPLE = ['ben', 'cleo', 'olga', 'uma', 'ana'] as const;

const OK = 200;
const ASKED = { accountId: PRODUCTION, permissionSet: 'BreakGlassAdmin' };

/** For each call, the answer to each of `PEOPLE` in that order: a status, or the reason of the refusal. */
const TABLE: readonly (readonly [string, object | undefined, readonly (number | string)[]])[] = [
  ['GET profile', undefined, [OK, OK, OK, OK, OK]],
  ['GET health', undefined, [OK, OK, OK, OK, OK]],
  ['GET reviews', undefined, [OK, OK, OK, OK, OK]],
  ['GET requests/ID', undefined, [OK, OK, OK, OK, 'unknown-request']],
  ['GET requests/ID/report', undefined, [OK, OK, OK, OK, 'unknown-request']],
  ['GET requests/ID/activity', undefined, ['not-begun', 'not-begun', 'not-begun', 'not-begun', 'unknown-request']],
  ['GET all/requests', undefined, ['not-auditor', 'not-auditor', OK, OK, 'not-auditor']],
  ['GET all/requests.csv', undefined, ['not-auditor', 'not-auditor', OK, OK, 'not-auditor']],
  ['GET policies', undefined, ['not-auditor', 'not-auditor', OK, OK, 'not-auditor']],
  ['GET drift', undefined, ['not-auditor', 'not-auditor', OK, OK, 'not-auditor']],
  ['GET system', undefined, ['not-auditor', 'not-auditor', OK, OK, 'not-auditor']],
  ['POST all/evaluations', { ...ASKED, userId: 'user-ben' }, ['not-auditor', 'not-auditor', OK, OK, 'not-auditor']],
  ['POST operate/freeze', { reason: 'drill' }, ['not-operator', 'not-operator', OK, 'not-operator', 'not-operator']],
  ['POST operate/thaw', {}, ['not-operator', 'not-operator', OK, 'not-operator', 'not-operator']],
  [
    'POST operate/revoke',
    { requestId: 'ID', reason: 'drill' },
    ['not-operator', 'not-operator', OK, 'not-operator', 'not-operator'],
  ],
  [
    'POST operate/lock',
    { user: 'ana@example.com', reason: 'drill' },
    ['not-operator', 'not-operator', OK, 'not-operator', 'not-operator'],
  ],
  ['POST operate/unlock', { user: 'user-ana' }, ['not-operator', 'not-operator', OK, 'not-operator', 'not-operator']],
  ['POST requests', WANTED, ['already-waiting', 'not-allowed', 'not-allowed', 'not-allowed', 201]],
  [
    'POST requests/ID/votes',
    { vote: 'approve' },
    ['own-request', OK, 'not-approver', 'not-approver', 'unknown-request'],
  ],
  ['POST requests/ID/cancel', {}, [OK, 'not-yours', 'not-yours', 'not-yours', 'unknown-request']],
  [
    'POST requests/ID/end',
    { note: 'x' },
    ['already-decided', 'already-decided', 'not-yours', 'not-yours', 'unknown-request'],
  ],
  [
    'POST requests/ID/extensions',
    { duration: '10m' },
    ['already-decided', 'not-yours', 'not-yours', 'not-yours', 'unknown-request'],
  ],
  [
    'POST requests/ID/review',
    { status: 'acknowledged' },
    ['nothing-to-review', 'nothing-to-review', 'nothing-to-review', 'nothing-to-review', 'unknown-request'],
  ],
  [
    'POST requests/ID/answer',
    { answer: 'x' },
    ['nothing-to-answer', 'not-yours', 'not-yours', 'not-yours', 'unknown-request'],
  ],
];

describe.each(TABLE)('%s', (operation, body, answers) => {
  it.each(PEOPLE.map((name, at) => [name, answers[at]] as const))('as %s is answered %s', async (name, wanted) => {
    const { call, id, refused } = await pending();
    const put = (value: string) => value.replaceAll('ID', id);
    const sent = body === undefined ? undefined : JSON.parse(put(JSON.stringify(body)));
    const { statusCode, json } = await call(put(operation), { as: name, body: sent });
    expect(typeof wanted === 'number' ? statusCode : json.reason).toBe(wanted);
    // An attempt to write without the right to is recorded.
    if (wanted === 'not-operator' || wanted === 'unknown-request')
      expect(refused.length).toBe(operation.startsWith('GET') ? 0 : 1);
    // So is every other refusal, except those of an ask, which is stored as a request, and of reading one request.
    const isAsk = /^POST requests(\/ID\/extensions)?$/.test(operation) && wanted !== 'unknown-request';
    const isLook = operation.startsWith('GET') && wanted !== 'not-auditor';
    const isWritten = typeof wanted === 'string' && !isAsk && !isLook;
    const notes = isWritten ? [expect.stringMatching(`^api:\\w+: ${wanted}`)] : [];
    expect(refused.map(({ note }) => note)).toEqual(notes);
  });
});

test('a caller without the auditor persona who reads lists is recorded once an hour per list, however often the page asks', async () => {
  const { call, refused } = createApi();
  for (const path of ['policies', 'policies', 'drift']) await call(`GET ${path}`, { as: 'ana' });
  expect(new Set(refused.map(({ id }) => id)).size).toBe(2);
  expect(refused.map(({ note }) => note)).toEqual([
    'api:listPolicies: not-auditor',
    'api:listPolicies: not-auditor',
    'api:listDrift: not-auditor',
  ]);
});

test('a disabled user who calls is recorded once an hour', async () => {
  const { call, world, refused } = createApi();
  world.directory.change('user-ana', { enabled: false });
  for (const verb of ['cancel', 'cancel'])
    expect((await call(`POST requests/req-${'0'.repeat(30)}/${verb}`, { as: 'ana', body: {} })).json.reason).toBe(
      'principal-disabled',
    );
  expect(new Set(refused.map(({ id }) => id)).size).toBe(1);
  expect(refused[0]?.note).toBe('api:cancel: principal-disabled: ana@example.com');
});

test('refusals to an operator are recorded too, and the record is not part of the answer', async () => {
  const { call, refused } = createApi();
  const own = await call('POST operate/unlock', { as: 'olga', body: { user: 'olga@example.com' } });
  expect(Object.keys(own)).not.toContain('refusal');
  await call('POST operate/lock', { as: 'olga', body: { user: 'nobody', reason: 'x' } });
  await call('POST operate/revoke', { as: 'olga', body: { requestId: `req-${'0'.repeat(30)}`, reason: 'x' } });
  expect(refused.map(({ note }) => note)).toEqual([
    'api:unlock: own-lock',
    'api:lock: principal-not-found: nobody',
    'api:revoke: unknown-request',
  ]);
});

test('a person reads their own personas, and while the directory cannot be read nobody has one', async () => {
  const { call, world } = createApi();
  expect((await call('GET profile', { as: 'olga' })).json.personas).toEqual(['operator']);
  expect((await call('GET profile', { as: 'ben' })).json.personas).toEqual([]);
  world.directory.groupIdsOf = () => Promise.reject(new Error('away'));
  expect((await call('POST operate/thaw', { as: 'olga', body: {} })).json.reason).toBe('directory-unreadable');
});

test('a freeze refuses every ask and shows who froze and why; after a thaw people can ask again', async () => {
  const { call } = createApi();
  const freeze = () => call('POST operate/freeze', { as: 'olga', body: { reason: 'a drill' } });
  expect((await freeze()).json).toEqual({ changed: true, frozen: { by: 'user-olga', at: NOON, reason: 'a drill' } });
  expect((await freeze()).json.changed).toBe(false);
  expect((await call('POST requests', { as: 'ana', body: WANTED })).json.reason).toBe('frozen');
  expect((await call('GET health', { as: 'ana' })).json).toMatchObject({
    status: 'frozen',
    frozen: { by: '', reason: 'a drill' },
    open: null,
  });
  expect((await call('POST operate/thaw', { as: 'otto', body: {} })).json).toEqual({ changed: true, frozen: null });
  expect((await call('POST requests', { as: 'ana', body: WANTED })).statusCode).toBe(201);
});

test('a lock ends the access of the person, and no locked person can lift it, not even an operator', async () => {
  const { call, world } = createApi();
  const { json: asked } = await call('POST requests', { as: 'ana', body: WANTED });
  world.requests.put({ ...world.requests.now(asked.id), state: 'active' });
  const locked = await call('POST operate/lock', { as: 'olga', body: { user: 'user-ana', reason: 'stolen laptop' } });
  expect(locked.json).toMatchObject({ userId: 'user-ana', changed: true, revoked: [{ outcome: 'ending' }] });
  expect(world.requests.now(asked.id).events.at(-1)).toMatchObject({
    state: 'ending',
    by: 'user-olga',
    byName: 'olga@example.com',
    note: 'ended by an operator: stolen laptop',
  });
  expect((await call('POST requests', { as: 'ana', body: WANTED })).json.reason).toBe('locked');
  const own = await call('POST operate/unlock', { as: 'olga', body: { user: 'olga@example.com' } });
  expect(own.json.reason).toBe('own-lock');
  await call('POST operate/lock', { as: 'otto', body: { user: 'user-olga', reason: 'left' } });
  for (const verb of ['freeze', 'thaw', 'unlock'])
    expect(
      (
        await call(`POST operate/${verb}`, {
          as: 'olga',
          body: { ...(verb === 'unlock' ? { user: 'user-ana' } : {}), reason: 'x' },
        })
      ).json.reason,
    ).toBe('locked');
  expect((await call('POST operate/unlock', { as: 'otto', body: { user: 'user-ana' } })).json.locked).toBeNull();
  expect((await call('POST requests', { as: 'ana', body: WANTED })).statusCode).toBe(201);
});

test('a lock that denies running sessions cannot be lifted through the API, which could not allow the sessions again', async () => {
  const { call, services } = createApi();
  await call('POST operate/lock', { as: 'olga', body: { user: 'user-ana', reason: 'stolen laptop' } });
  await services.locks.noteAccounts('user-ana', [PRODUCTION]);
  const answer = await call('POST operate/unlock', { as: 'olga', body: { user: 'user-ana' } });
  expect([answer.statusCode, answer.json.reason]).toEqual([409, 'sessions-denied']);
  expect((await call('POST requests', { as: 'ana', body: WANTED })).json.reason).toBe('locked');
});

test('revoke takes exactly one selection, and an unknown request or person is reported', async () => {
  const { call, id, world } = await pending();
  const revoke = (body: object) => call('POST operate/revoke', { as: 'olga', body: { reason: 'x', ...body } });
  expect((await revoke({})).json.fields).toMatchObject([{ field: 'requestId' }]);
  expect((await revoke({ all: true, accountId: PRODUCTION })).json.fields).toMatchObject([{ field: 'requestId' }]);
  expect((await revoke({ requestId: `req-${'0'.repeat(30)}` })).json.reason).toBe('unknown-request');
  expect((await revoke({ user: 'BEN@example.com' })).json.revoked).toMatchObject([
    { outcome: 'cancelled', request: { id } },
  ]);
  expect(world.requests.now(id).state).toBe('cancelled');
  expect((await call('POST operate/lock', { as: 'olga', body: { user: 'nobody', reason: 'x' } })).json.reason).toBe(
    'principal-not-found',
  );
});

test('revoke finds a person by a user name that is no e-mail address, and a mistyped name or account ends nothing', async () => {
  const { call, id, world } = await pending();
  world.directory.change('user-ben', { userName: 'ben' });
  const revoke = (body: object) => call('POST operate/revoke', { as: 'olga', body: { reason: 'x', ...body } });
  const unknown = await revoke({ user: 'bne' });
  expect([unknown.statusCode, unknown.json.reason]).toEqual([403, 'principal-not-found']);
  expect((await revoke({ accountId: PRODUCTION.slice(1) })).json.fields).toMatchObject([{ field: 'accountId' }]);
  expect(world.requests.now(id).state).toBe('pending');
  expect((await call('POST all/evaluations', { as: 'uma', body: { ...ASKED, userId: 'ben' } })).statusCode).toBe(200);
  expect((await revoke({ user: 'ben' })).json.revoked).toMatchObject([{ outcome: 'cancelled', request: { id } }]);
  expect((await revoke({ user: 'ben' })).json.revoked).toEqual([]);
});

test('the access of a person who was deleted from the directory can still be revoked by their name', async () => {
  const { call, id, world } = await pending();
  world.directory.users = world.directory.users.filter((user) => user.id !== 'user-ben');
  const body = { user: 'ben@example.com', reason: 'left' };
  expect((await call('POST operate/revoke', { as: 'olga', body })).json.revoked).toMatchObject([{ request: { id } }]);
});

test('the evaluation of a locked or disabled person is a refusal', async () => {
  const { call, world } = createApi();
  const decided = (userId: string) => call('POST all/evaluations', { as: 'uma', body: { ...ASKED, userId } });
  expect((await decided('user-ana')).json.outcome).toBe('granted');
  await call('POST operate/lock', { as: 'olga', body: { user: 'user-ana', reason: 'stolen laptop' } });
  const locked = { outcome: 'refused', problems: [{ reason: 'locked' }] };
  expect((await decided('user-ana')).json).toMatchObject(locked);
  expect((await call('POST evaluations', { as: 'ana', body: ASKED })).json).toMatchObject(locked);
  world.directory.change('user-ben', { enabled: false });
  expect((await decided('user-ben')).json.reason).toBe('principal-disabled');
});

test('a locked auditor or operator loses the rights of the persona', async () => {
  const api = await pending();
  const { call, id, world, services } = api;
  const review = { status: 'owed', approvers: ['user-cleo'] } as const;
  world.requests.put({ ...world.requests.now(id), state: 'reported', breakGlass: true, review });
  await services.reviews.owe(id, NOON);
  for (const user of ['user-olga', 'user-uma'])
    await call('POST operate/lock', { as: 'otto', body: { user, reason: 'stolen laptop' } });
  for (const list of ['GET all/requests', 'GET all/requests.csv', 'GET policies', 'GET drift'])
    expect([list, (await call(list, { as: 'uma' })).json.reason]).toEqual([list, 'locked']);
  expect((await call(`GET requests/${id}`, { as: 'uma' })).json.reason).toBe('unknown-request');
  expect((await call('GET health', { as: 'uma' })).json.open).toBeNull();
  expect((await call('GET profile', { as: 'olga' })).json.personas).toEqual([]);
  const given = await call(`POST requests/${id}/review`, { as: 'olga', body: { status: 'acknowledged' } });
  expect(given.json.reason).toBe('unknown-request');
  expect(world.requests.now(id).review?.status).toBe('owed');
});

test('break-glass access is reviewed by a skipped approver or an operator, questioned, and answered by its requester', async () => {
  const api = await pending();
  const { call, id, world, services } = api;
  const review = { status: 'owed', approvers: ['user-cleo', 'user-dan'] } as const;
  world.requests.put({ ...world.requests.now(id), state: 'reported', breakGlass: true, review });
  await services.reviews.owe(id, NOON);
  expect((await call('GET reviews', { as: 'cleo' })).json.requests).toMatchObject([{ id }]);
  expect((await call('GET health', { as: 'uma' })).json).toMatchObject({ reviewsOwed: 1, open: {} });
  const give = (as: string, body: object) => call(`POST requests/${id}/review`, { as, body });
  expect((await give('uma', { status: 'acknowledged' })).json.reason).toBe('not-approver');
  expect((await give('ben', { status: 'acknowledged' })).json.reason).toBe('own-request');
  expect((await give('olga', { status: 'questioned' })).json.fields).toMatchObject([{ field: 'note' }]);
  const asked = await give('olga', { status: 'questioned', note: 'why the key?' });
  expect(asked.json.review).toMatchObject({
    status: 'questioned',
    by: 'user-olga',
    note: 'why the key?',
    answer: null,
  });
  const answer = () => call(`POST requests/${id}/answer`, { as: 'ben', body: { answer: 'for the migration' } });
  expect((await answer()).json.review).toMatchObject({ answer: 'for the migration', answeredAt: NOON });
  expect((await answer()).json.reason).toBe('nothing-to-answer');
});

test('an auditor reads the policies with their errors, the decision for any person, and drift', async () => {
  const { call, world } = createApi([FINDING]);
  const good = { id: 'policy#good', effect: 'allow', who: ['user:user-ben'], accounts: ['*'], permissionSets: ['*'] };
  world.policyStore.write(good, { ...good, id: 'policy#bad', effekt: 'allow' });
  const policies = (await call('GET policies', { as: 'uma' })).json.policies;
  const named = policies.filter(({ name }: { name: string }) => ['good', 'bad'].includes(name));
  expect(named).toMatchObject([
    { name: 'bad', problems: [expect.stringContaining('effekt')] },
    { name: 'good', problems: [] },
  ]);
  const decided = (userId: string) => call('POST all/evaluations', { as: 'uma', body: { ...ASKED, userId } });
  expect((await decided('user-ben')).json.outcome).toBe('granted');
  expect((await decided('user-uma')).json.outcome).toBe('refused');
  expect((await decided('user-none')).json.reason).toBe('principal-not-found');
  const { findings, mode } = (await call('GET drift', { as: 'uma' })).json;
  expect([mode, findings[0]]).toMatchObject(['report-only', { principalId: 'user-eve', removeAt: FINDING.due }]);
});

describe('all requests, as an auditor lists them,', () => {
  /** An API with one request a day, backwards from NOON. Every third request is refused. */
  async function many(count: number) {
    const api = await pending();
    const { requests } = api.world;
    const one = requests.now(api.id);
    requests.requests.clear();
    for (let at = 0; at < count; at++)
      requests.put({
        ...one,
        id: `req-${String(at).padStart(30, '0')}`,
        state: at % 3 === 0 ? 'refused' : 'reported',
        endsAt: at % 3 === 0 ? '' : one.endsAt,
        reason: `reason ${at}`,
        requestedAt: new Date(Date.parse(NOON) - at * 86_400_000).toISOString(),
        breakGlass: at % 5 === 0,
        ...(at % 5 === 0 ? { review: { status: at % 2 === 0 ? 'owed' : 'acknowledged', approvers: [] } } : {}),
        ...(at % 7 === 0
          ? { requester: { ...one.requester, principalId: 'user-zoe', userName: 'Zoe@example.com' } }
          : {}),
      } as AccessRequest);
    const page = (query: Readonly<Record<string, string | undefined>>) =>
      api.call('GET all/requests', { as: 'uma', query });
    async function pages(query: Record<string, string>) {
      const ids: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { json }: { json: { requests: { id: string }[]; nextCursor: string | null } } = await page({
          ...query,
          ...(cursor === '' ? {} : { cursor }),
        });
        ids.push(...json.requests.map(({ id }) => id));
        cursor = json.nextCursor;
      }
      return ids.map((id) => Number(id.slice(4)));
    }
    return { ...api, page, pages };
  }
  const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

  it('are listed completely, with the refused ones, newest first and each once, across full and empty months', async () => {
    const { pages, world } = await many(300);
    for (const at of upTo(300))
      if (at > 40 && at < 200) world.requests.requests.delete(`req-${String(at).padStart(30, '0')}`);
    expect(await pages({ limit: '7' })).toEqual(upTo(300).filter((at) => at <= 40 || at >= 200));
  });

  it.each<[Record<string, string>, (at: number) => boolean]>([
    [{ state: 'refused' }, (at) => at % 3 === 0],
    [{ state: 'refused,reported' }, () => true],
    [{ person: 'user-zoe' }, (at) => at % 7 === 0],
    [{ person: 'zoe@example.com' }, (at) => at % 7 === 0],
    [{ breakGlass: 'true' }, (at) => at % 5 === 0],
    [{ breakGlass: 'false' }, (at) => at % 5 !== 0],
    [{ reviewed: 'true' }, (at) => at % 5 === 0 && at % 2 === 1],
    [{ reviewed: 'false' }, (at) => at % 10 === 0],
    [{ text: 'SON 11' }, (at) => /^11/.test(String(at))],
    [{ account: PRODUCTION, set: 'breakglassadmin' }, () => true],
    [{ account: '000000000000' }, () => false],
    [{ from: '2026-01-01T00:00:00Z', to: '2026-01-04T00:00:00Z' }, (at) => at === 2 || at === 3 || at === 4],
    [{ from: '2020-01-01T00:00:00Z', person: 'user-zoe', state: 'reported' }, (at) => at % 7 === 0 && at % 3 !== 0],
  ])('can be filtered by %j', async (query, isMeant) => {
    const { pages } = await many(120);
    expect(await pages({ ...query, limit: '10' })).toEqual(upTo(120).filter(isMeant));
  });

  it('are found before an end date of long ago when no begin is given', async () => {
    const { page, world } = await many(1);
    const old = world.requests.now(`req-${'0'.repeat(30)}`);
    world.requests.put({ ...old, requestedAt: '2024-05-05T12:00:00.000Z' });
    expect((await page({ to: '2024-06-01T00:00:00Z' })).json.requests).toMatchObject([{ id: old.id }]);
  });

  it('are not guessed at for a malformed query', async () => {
    const { page } = await many(1);
    for (const query of [
      { state: 'open' },
      { account: 'prod' },
      { from: 'yesterday' },
      { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' },
      { from: '2026-01-02T00:00:00Z', to: '2026-01-02T00:00:00Z' },
      { breakGlass: 'maybe' },
      { limit: '0' },
    ])
      expect((await page(query)).json.reason).toBe('malformed-query');
  });

  it('are exported as CSV in which a spreadsheet runs no text as a formula', async () => {
    const { call, world } = await many(3);
    const id = `req-${'1'.padStart(30, '0')}`;
    const now = () => world.requests.now(id);
    world.requests.put({ ...now(), reason: '=HYPERLINK("http://x"),\nmore', ticket: 'OPS-1;=1+1\t@x;y\n+2' });
    const { body, headers } = await call('GET all/requests.csv', { as: 'uma', query: { limit: '2' } });
    expect([headers['content-type'], typeof headers['next-cursor']]).toEqual(['text/csv; charset=utf-8', 'string']);
    expect(body.split('\r\n')[0]).toMatch(/^id,state,requestedAt,userId,/);
    expect(body).toContain(`"'=HYPERLINK(""http://x""),\nmore","OPS-1;'=1+1\t'@x;y\n'+2",`);
  });
});
