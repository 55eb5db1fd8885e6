import type { Directory } from '../../../../core/model/directory.ts';
import { refusal } from '../../../../core/model/refusal.ts';
import { needsLeads } from '../../../core/access/services.ts';
import { listenToStdout } from '../../stdout.ts';
import { createApi, PRODUCTION } from '../calling.ts';

listenToStdout();

const GLASS = {
  ...{ id: 'policy#glass', effect: 'allow', who: ['user:ben@example.com'], breakGlass: true },
  ...{ accounts: [PRODUCTION], permissionSets: ['BreakGlassAdmin'] },
  approval: { approvers: ['group:group-leads'], count: 1 },
};

type Api = ReturnType<typeof createApi>;
const away = () => Promise.reject(new Error('away'));
/** Only for who reaches what: callers are identified by the live directory. */
const lose = ({ services }: Api, ...calls: readonly (keyof Directory)[]) =>
  Object.assign(services, {
    keptDirectory: Object.assign(
      Object.create(services.directory),
      Object.fromEntries(calls.map((call) => [call, away])),
    ),
  });

describe('the reach of people, as an auditor reads it,', () => {
  const reachOf = async ({ call }: ReturnType<typeof createApi>, person: string) =>
    (await call('GET all/reach', { as: 'olga', query: { person } })).json;

  it('lists for a person in each account what they get alone, and what with the votes of which approvers', async () => {
    const api = createApi();
    api.world.policyStore.write(needsLeads());
    const ben = await reachOf(api, 'ben@example.com');
    const set = ben.permissionSets.findIndex(({ name }: { name: string }) => name === 'BreakGlassAdmin');
    expect(ben).toMatchObject({
      person: { userId: 'user-ben' },
      accounts: [{ accountId: PRODUCTION, accountName: 'Production', reached: [{ set, way: 0 }] }],
      ways: [{ how: 'approval', path: 'with-leads', votes: [{ count: 1, approverCount: 2 }] }],
      nextCursor: null,
    });
    expect(ben.ways[0].votes[0].approvers).toHaveLength(2);
    expect((await reachOf(api, 'user-ana')).ways).toMatchObject([{ how: 'alone', votes: [] }]);
    // A person who reaches nothing is no error: the account is listed with an empty list.
    expect(await reachOf(api, 'user-cleo')).toMatchObject({ accounts: [{ reached: [] }], ways: [] });
  });

  it('marks break-glass access, with the approvers whose votes it skips', async () => {
    const api = createApi();
    api.world.policyStore.write(needsLeads());
    api.world.policyStore.write(GLASS);
    const { ways } = await reachOf(api, 'user-ben');
    expect(ways).toMatchObject([{ how: 'break-glass', path: 'glass', votes: [{ count: 1, approverCount: 2 }] }]);
  });

  it('does not depend on the time of day: a policy for the night counts, a deny at noon only does not', async () => {
    const api = createApi();
    const night = {
      days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
      from: '02:00',
      to: '03:00',
      timeZone: 'UTC',
    };
    const noon = { ...night, from: '11:00', to: '13:00' };
    api.world.policyStore.write(needsLeads({ hours: night }));
    const denied = { id: 'policy#noon', effect: 'deny', who: ['everyone'], hours: noon };
    api.world.policyStore.write(denied);
    expect((await reachOf(api, 'user-ben')).ways).toMatchObject([{ how: 'approval' }]);
    api.world.policyStore.write({ id: 'policy#noon', effect: 'deny', who: ['everyone'] });
    expect((await reachOf(api, 'user-ben')).ways).toEqual([]);
  });

  it('lists many accounts in pages, each once, and can be filtered by a part of their names', async () => {
    const api = createApi();
    const accounts = Array.from({ length: 120 }, (_, n) => ({ id: String(100_000_000_000 + n), name: `team-${n}` }));
    Object.assign(api.services, { accounts: async () => accounts });
    const seen: string[] = [];
    let cursor: string | null | undefined;
    const sizes: number[] = [];
    do {
      const query = { person: 'user-ben', ...(cursor === undefined || cursor === null ? {} : { cursor }) };
      const { json } = await api.call('GET all/reach', { as: 'uma', query });
      seen.push(...json.accounts.map(({ accountId }: { accountId: string }) => accountId));
      sizes.push(json.accounts.length);
      cursor = json.nextCursor;
    } while (cursor !== null);
    expect([seen, sizes]).toEqual([accounts.map(({ id }) => id), [50, 50, 20]]);
    const { json } = await api.call('GET all/reach', { as: 'uma', query: { person: 'user-ben', account: 'TEAM-11' } });
    expect(json.accounts.map(({ accountName }: { accountName: string }) => accountName)).toEqual(
      accounts.map(({ name }) => name).filter((name) => name.startsWith('team-11')),
    );
  });

  it('lists who can have access to an account alone, without those who need an approval', async () => {
    const api = createApi();
    api.world.policyStore.write(needsLeads());
    const alone = async () => (await api.call(`GET all/reach/${PRODUCTION}`, { as: 'uma' })).json;
    const first = await alone();
    expect(first).toMatchObject({
      people: [{ userId: 'user-ana' }],
      everyone: [],
      nextCursor: null,
      accountName: 'Production',
    });
    api.world.policyStore.write(GLASS);
    const second = await alone();
    expect(second.people.map(({ userId }: { userId: string }) => userId)).toEqual(['user-ana', 'user-ben']);
    expect(second.ways).toMatchObject([{ how: 'alone' }, { how: 'break-glass' }]);
    api.world.policyStore.write({ id: 'policy#not-ana', effect: 'deny', who: ['user:ANA@example.com'] });
    expect((await alone()).people).toMatchObject([{ userId: 'user-ben' }]);
  });

  it('marks a grant rule for everyone as such, and lists the members of a group that a policy names', async () => {
    const api = createApi();
    const { approval: _approval, ...quiet } = needsLeads({ id: 'policy#open', who: ['everyone'] });
    api.world.policyStore.write(quiet);
    const { approval: _also, ...leads } = needsLeads({ id: 'policy#leads', who: ['group:group-leads'] });
    api.world.policyStore.write(leads);
    api.world.policyStore.write({ id: 'policy#not-dan', effect: 'deny', who: ['user:dan@example.com'] });
    const { json } = await api.call(`GET all/reach/${PRODUCTION}`, { as: 'uma' });
    expect(json.everyone).toHaveLength(1);
    const ids = json.people.map(({ userId }: { userId: string }) => userId);
    expect([ids.includes('user-cleo'), ids.includes('user-dan')]).toEqual([true, false]);
  });

  it('is refused to a caller who is no auditor, and an answer that is impossible or too large has its own reason', async () => {
    const api = createApi();
    for (const path of ['GET all/reach', `GET all/reach/${PRODUCTION}`])
      expect((await api.call(path, { as: 'ben', query: { person: 'user-ana' } })).json.reason).toBe('not-auditor');
    const ask = async (path: string, query = {}) => (await api.call(path, { as: 'uma', query })).json.reason;
    expect(await ask('GET all/reach')).toBe('malformed-query');
    expect(await ask('GET all/reach', { person: 'nobody@example.com' })).toBe('principal-not-found');
    expect(await ask('GET all/reach', { person: 'user-ana', cursor: 'x' })).toBe('malformed-query');
    expect(await ask('GET all/reach/000000000000')).toBe('unknown-account');
    const who = Array.from({ length: 301 }, (_, n) => `user:person-${n}@example.com`);
    api.world.policyStore.write(needsLeads({ who }));
    expect(await ask(`GET all/reach/${PRODUCTION}`)).toBe('too-much');
  });

  it.each([
    ['Identity Center', (api: Api) => lose(api, 'user', 'groupIdsOf'), 503],
    ['Organizations', (api: Api) => Object.assign(api.services, { accounts: away }), 503],
    ['the access table', ({ world }: Api) => Object.assign(world.policyStore, { policies: away }), 500],
    ['the request table', (api: Api) => lose(api, 'givenMemberships'), 500],
  ])(
    'is refused as a whole where %s cannot be read, and is the directory only where it is',
    async (_what, happen, status) => {
      const api = createApi();
      api.world.policyStore.write(needsLeads());
      happen(api);
      for (const path of ['GET all/reach', `GET all/reach/${PRODUCTION}`]) {
        const { statusCode, json } = await api.call(path, { as: 'uma', query: { person: 'user-ana' } });
        expect([path, statusCode, json.reason]).toEqual([
          path,
          status,
          status === 503 ? refusal('directory-unreadable').reason : 'failed',
        ]);
      }
    },
  );
});
