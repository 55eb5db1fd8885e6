import type { RequestStore } from '../../../../core/access/ports.ts';
import { type RecheckServices, recheckAccess } from '../../../../core/access/recovery/recheck-access.ts';
import { MalformedItemError, OutOfTimeError } from '../../../../core/model/errors.ts';
import type { AccessRequest } from '../../../../core/model/request.ts';
import { aRequest } from '../requests.ts';
import { createWorld, type TestWorld } from '../services.ts';

const POLICY = {
  id: 'policy#p',
  effect: 'allow',
  who: ['group:group-oncall'],
  accounts: ['*'],
  permissionSets: ['BreakGlassAdmin'],
  maxDuration: '2h',
};

/** Ana has access by the request `r1`, changed as given; its workflow waits for the end with `token-1`. */
function holding(request: Partial<AccessRequest> = {}): TestWorld {
  const world = createWorld();
  world.requests.put(aRequest('active', { tokens: { hold: 'token-1' }, ...request }));
  world.directory.members = { ...world.directory.members, 'group-oncall': ['user-ana'] };
  world.policyStore.write(POLICY);
  return world;
}

async function recheck(world: TestWorld, services: Partial<RecheckServices> = {}) {
  const failed: unknown[] = [];
  const result = await recheckAccess({
    ...world,
    hasTimeLeft: () => true,
    onFailure: (error, { requestId }) => failed.push([(error as Error).message, requestId]),
    ...services,
  });
  const { state, events } = world.requests.now('r1');
  return { ...result, failed, state, why: events.find((event) => event.state === 'ending')?.note };
}

test('access goes on while its person exists, if nothing else was set to end it', async () => {
  const world = holding();
  world.policyStore.erase(POLICY.id);
  expect(await recheck(world)).toMatchObject({ looked: 1, ended: 0, state: 'active' });
  expect(world.workflow.woken).toEqual([]);
});

test.each([
  ['gone', (world: TestWorld) => (world.directory.users = []), 'user ana@example.com is no longer in Identity Center'],
  [
    'disabled',
    (world: TestWorld) => world.directory.change('user-ana', { enabled: false }),
    'user ana@example.com is disabled in Identity Center',
  ],
])(
  'a person who is %s loses access, whatever the policy says, and the workflow removes it',
  async (_how, happens, why) => {
    const world = holding();
    happens(world);
    expect(await recheck(world)).toMatchObject({ ended: 1, state: 'ending', why });
    expect(world.workflow.woken).toEqual([{ token: 'token-1', output: { ended: true } }]);
    expect(await recheck(world)).toMatchObject({ looked: 0, ended: 0, state: 'ending' });
  },
);

test('access ends with the policy or the membership that it was given by, if endsWith says so', async () => {
  const world = holding({ path: 'p', endsWith: ['policy', 'membership'] });
  expect(await recheck(world)).toMatchObject({ ended: 0, state: 'active' });
  world.directory.members = { ...world.directory.members, 'group-oncall': [] };
  expect(await recheck(world)).toMatchObject({ ended: 1, why: 'policy "p" is not for ana@example.com any more' });
});

test('the time that an extension brought has to be justified as well', async () => {
  const joins = [{ requestId: 'r2', at: '2026-01-05T12:10:00.000Z', endsAt: '2026-01-05T14:00:00.000Z' }];
  const world = holding({ joins });
  world.requests.put(aRequest('joined', { id: 'r2', path: 'gone', endsWith: ['policy'] }));
  expect(await recheck(world)).toMatchObject({ ended: 1, why: 'policy "gone" no longer allows this' });
});

test('a joined request that somebody has spoiled does not keep access whose own policy is gone', async () => {
  const joins = [{ requestId: 'r2', at: '2026-01-05T12:10:00.000Z', endsAt: '2026-01-05T14:00:00.000Z' }];
  const world = holding({ joins, path: 'gone', endsWith: ['policy'] });
  const { get } = world.requests;
  world.requests.get = async (id) => {
    if (id === 'r2') throw new MalformedItemError('request item r2 has no state or no events');
    return get.call(world.requests, id);
  };
  expect(await recheck(world)).toMatchObject({ ended: 1, why: 'policy "gone" no longer allows this' });
});

test('a look-up that fails ends no access, and does not hold up the other requests', async () => {
  const world = holding();
  world.requests.put(
    aRequest('active', { id: 'r2', requester: { ...world.requests.now('r1').requester, principalId: 'user-gone' } }),
  );
  const { directory } = world;
  const user = async (id: string) => {
    if (id === 'user-ana') throw new Error('the directory is away');
    return directory.user(id);
  };
  const found = await recheck(world, { directory: { ...directory, user } });
  expect(found).toMatchObject({ looked: 2, ended: 1, failures: 1, state: 'active' });
  expect(found.failed).toEqual([['the directory is away', 'r1']]);
  expect(world.requests.now('r2').state).toBe('ending');
});

test('what does not fit into the time of the function is left to the next look', async () => {
  const world = holding();
  world.directory.users = [];
  expect(await recheck(world, { hasTimeLeft: () => false })).toMatchObject({
    complete: false,
    ended: 0,
    state: 'active',
  });
});

test('a list of active requests that never ends is read until time is up, and the pass counts as incomplete', async () => {
  const world = holding();
  const inStates: RequestStore['inStates'] = async function* (_states, { goOn } = {}) {
    yield aRequest('active');
    if (goOn === undefined) throw new Error('nothing says when to stop');
    while (goOn());
    throw new OutOfTimeError('no time is left');
  };
  let looks = 0;
  const services = {
    requests: Object.assign(Object.create(world.requests), { inStates }),
    hasTimeLeft: () => ++looks < 10,
  };
  expect(await recheck(world, services)).toMatchObject({ looked: 1, complete: false, failures: 0 });
});
