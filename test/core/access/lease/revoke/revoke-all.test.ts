import { grantAccess } from '../../../../../core/access/lease/grant/grant-access.ts';
import { revokeAll, type Selection } from '../../../../../core/access/lease/revoke/revoke-all.ts';
import type { AccessRequest, RequestState } from '../../../../../core/model/request.ts';
import { futurePlaceKey, waitingPlaceKey } from '../../../../../core/model/stored-ids.ts';
import { assignmentKey } from '../../../../../core/model/target.ts';
import { ANAS_ASSIGNMENT, aRequest } from '../../requests.ts';
import { createWorld, type TestWorld } from '../../services.ts';

const ANA: Selection = { user: 'user-ana' };
const ACCESS: Selection = { requestId: 'r1' };

const extension = (state: RequestState, change: Partial<AccessRequest> = {}) =>
  aRequest(state, { id: 'r2', extends: 'r1', tokens: { approval: 'approval-2' }, ...change });

async function worldWith(...requests: readonly AccessRequest[]): Promise<TestWorld> {
  const world = createWorld();
  const key = waitingPlaceKey(assignmentKey(ANAS_ASSIGNMENT));
  for (const request of requests)
    if (request.state === 'pending') await world.requests.create(request, undefined, { key });
    else world.requests.put(request);
  return world;
}

async function revoked(selection: Selection, world: TestWorld): Promise<readonly string[]> {
  const said: string[] = [];
  for await (const { request, outcome, error } of revokeAll(selection, { ...world, operator: 'cli:olga' }))
    said.push([request.id, outcome, ...(error === undefined ? [] : [error])].join(' '));
  return said;
}

describe('an access that an operator takes back while an extension of it is open', () => {
  it.each([
    [ANA, 'pending'],
    [ANA, 'approved'],
    [ANA, 'scheduled'],
    [ACCESS, 'pending'],
    [ACCESS, 'approved'],
    [ACCESS, 'scheduled'],
  ] as const)('%j: one that is %s is cancelled with it, named once, and never grants', async (selection, state) => {
    const world = await worldWith(aRequest('active', { tokens: { hold: 'hold-1' } }), extension(state));
    expect(await revoked(selection, world)).toEqual(['r1 ending', 'r2 cancelled']);
    expect(await grantAccess('r2', world)).toMatchObject({ next: 'tell' });
    expect([world.requests.now('r1').state, world.requests.now('r2').state]).toEqual(['ending', 'cancelled']);
  });

  it('names a later request for the same target that stays, if only this access was selected', async () => {
    const later = aRequest('scheduled', { id: 'r4', windowFrom: '2099-01-05T12:00:00.000Z' });
    const world = await worldWith(aRequest('active'));
    await world.requests.create(later, undefined, { key: futurePlaceKey(assignmentKey(ANAS_ASSIGNMENT)) });
    expect(await revoked(ACCESS, world)).toEqual(['r1 ending', 'r4 stays']);
    expect(await revoked(ANA, world)).toEqual(['r1 already-ending', 'r4 cancelled']);
  });

  it('ends an access that an extension joins meanwhile, whatever its end is by then', async () => {
    const world = await worldWith(aRequest('active'), extension('approved'));
    const { change } = world.requests;
    world.requests.change = async (id, wanted) => {
      if (id === 'r2') world.requests.put(extension('joined', { accessId: 'r1' }));
      return change.call(world.requests, id, wanted);
    };
    expect(await revoked(ANA, world)).toEqual(['r1 ending', 'r2 already-over']);
  });

  it('ends a request that was granted between the look and the end', async () => {
    const world = await worldWith(aRequest('approved'));
    const { change } = world.requests;
    world.requests.change = async (id, wanted) => {
      world.requests.change = change;
      world.requests.put(aRequest('active'));
      return change.call(world.requests, id, wanted);
    };
    expect(await revoked(ANA, world)).toEqual(['r1 ending']);
    expect(world.requests.now('r1').state).toBe('ending');
  });
});

describe('a request that cannot be ended', () => {
  it('does not keep another from being ended, and is named', async () => {
    const world = await worldWith(
      aRequest('active', { tokens: { hold: 'hold-1' } }),
      aRequest('scheduled', { id: 'r3' }),
    );
    const { wake } = world.workflow;
    world.workflow.wake = async (token, output) => {
      if (token === 'hold-1') throw Object.assign(new Error('away'), { name: 'ServiceUnavailableException' });
      return wake.call(world.workflow, token, output);
    };
    expect(await revoked(ANA, world)).toEqual(['r1 failed ServiceUnavailableException', 'r3 cancelled']);
    expect(world.requests.now('r1').state).toBe('ending');
    world.workflow.wake = wake;
    expect(await revoked(ANA, world)).toEqual(['r1 already-ending']);
  });

  it('is an error if none could be ended, because all have the same cause', async () => {
    const world = await worldWith(aRequest('active'));
    world.requests.change = () => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    await expect(revoked(ANA, world)).rejects.toThrow('no');
  });
});
