import { grantAccess } from '../../../../../core/access/lease/grant/grant-access.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../../requests.ts';
import { createWorld } from '../../services.ts';

/** Ana holds access until one o'clock, and another request of hers is granted at half past twelve. */
function holding(overrides: Parameters<typeof aRequest>[1] = {}) {
  const world = createWorld();
  world.assignments.give(ANAS_ASSIGNMENT);
  world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: false });
  const root = aRequest('active', { tokens: { hold: 'hold-1' } });
  world.requests.put(root);
  world.holds.begun(root);
  world.requests.put(aRequest('approved', { id: 'r2', decidedAt: NOON, accessVersion: '1', ...overrides }));
  world.pass(1800);
  return world;
}

const END = '2026-01-05T13:00:00.000Z';

describe('a request whose person holds the target already', () => {
  it('adds its time to that access, wakes the workflow that holds it, and is joined', async () => {
    const world = holding();
    expect(await grantAccess('r2', world)).toMatchObject({ next: 'tell' });
    const endsAt = '2026-01-05T13:30:00.000Z';
    expect(world.requests.now('r1')).toMatchObject({ state: 'active', endsAt, joins: [{ requestId: 'r2', endsAt }] });
    expect(world.requests.now('r2')).toMatchObject({ state: 'joined', accessId: 'r1', endsAt });
    expect(world.workflow.woken).toEqual([{ token: 'hold-1', output: { extended: true } }]);
    expect(await world.leases.get(ANAS_ASSIGNMENT)).toMatchObject({ leases: ['r1'] });
    expect(world.assignments.asked.create).toBe(0);
  });

  it('counts an extension from the end of the access', async () => {
    const world = holding({ extends: 'r1' });
    await grantAccess('r2', world);
    expect(world.requests.now('r1').endsAt).toBe('2026-01-05T14:00:00.000Z');
  });

  it('changes nothing by asking for less than is left, and writes no extension', async () => {
    const world = holding({ durationSeconds: 600 });
    await grantAccess('r2', world);
    expect(world.requests.now('r1').endsAt).toBe(END);
    expect(world.requests.now('r1').events.map(({ type }) => type)).not.toContain('extended');
    expect(world.requests.now('r2').state).toBe('joined');
  });

  it('adds its time once, however often it is run', async () => {
    const world = holding({ extends: 'r1' });
    for (let run = 0; run < 3; run++) await grantAccess('r2', world);
    expect(world.requests.now('r1')).toMatchObject({
      endsAt: '2026-01-05T14:00:00.000Z',
      joins: [{ requestId: 'r2' }],
    });
  });

  it('is retried when the end moved while it was decided, so that two at once never exceed a limit', async () => {
    const world = holding({ extends: 'r1' });
    const decide = world.directory.user;
    world.directory.user = async (id) => {
      await world.requests.change('r1', { from: ['active'], set: { endsAt: '2026-01-05T13:10:00.000Z' } });
      return decide(id);
    };
    await expect(grantAccess('r2', world)).rejects.toMatchObject({ name: 'RequestChangedError' });
    expect(world.requests.now('r2').state).toBe('approved');
  });

  it('waits for the removal of access that is ending, and then begins its own', async () => {
    const world = holding();
    world.requests.put(aRequest('ending'));
    await expect(grantAccess('r2', world)).rejects.toMatchObject({ name: 'RemovalInProgressError' });
    world.requests.put(aRequest('ended'));
    await expect(grantAccess('r2', world)).rejects.toMatchObject({ name: 'RequestChangedError' });
    expect(await grantAccess('r2', world)).toMatchObject({ next: 'check' });
    expect(world.requests.now('r2').state).toBe('granting');
  });

  it('is refused as an extension once there is nothing to extend', async () => {
    for (const state of ['ending', 'ended', 'reported', 'failed'] as const) {
      const world = holding({ extends: 'r1' });
      world.requests.put(aRequest(state));
      await grantAccess('r2', world);
      expect(world.requests.now('r2')).toMatchObject({ state: 'refused', refusal: { reason: 'access-over' } });
    }
  });

  it('expires when the window it was asked for is over, and gives the rest of one that has begun', async () => {
    const over = holding({ windowFrom: '2026-01-05T11:00:00.000Z' });
    await grantAccess('r2', over);
    expect(over.requests.now('r2').state).toBe('expired');
    const begun = holding({ windowFrom: '2026-01-05T12:15:00.000Z' });
    await grantAccess('r2', begun);
    expect(begun.requests.now('r1').endsAt).toBe('2026-01-05T13:15:00.000Z');
  });
});

describe('the end of an access', () => {
  const END = '2026-01-05T13:00:00.000Z';

  /** Ana's access whose end has come. */
  function atItsEnd() {
    const world = createWorld();
    const root = aRequest('active', { endsAt: END });
    world.requests.put(root);
    world.holds.begun(root);
    world.pass(3600);
    return world;
  }

  it('begins with the look that finds it, so that no request joins access that is about to be removed', async () => {
    const world = atItsEnd();
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'revoke' });
    expect(world.requests.now('r1')).toMatchObject({ state: 'ending', endingAt: END });
    expect(world.requests.now('r1').events.at(-1)).toMatchObject({ type: 'ending', note: 'time is up' });
  });

  it('is put off by an extension that joins at the instant of the look', async () => {
    const world = atItsEnd();
    const change = world.requests.change.bind(world.requests);
    const endsAt = '2026-01-05T13:15:00.000Z';
    world.requests.change = async (id, wanted) => {
      world.requests.change = change;
      const extended = aRequest('active', { endsAt, joins: [{ requestId: 'r2', at: END, endsAt }] });
      world.requests.put(extended);
      world.holds.held.clear();
      world.holds.begun(extended);
      return change(id, wanted);
    };
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'announce' });
    expect(world.requests.now('r1')).toMatchObject({ state: 'active', endsAt });
  });

  it('is left to the revoke if the request differs by no extension, such as by an end that somebody deleted', async () => {
    const world = atItsEnd();
    let tries = 0;
    world.requests.change = async () => {
      tries += 1;
      if (tries > 9) throw new Error('it is looked at for ever');
      return { changed: false, request: world.requests.now('r1') };
    };
    expect(await grantAccess('r1', world)).toMatchObject({ next: 'revoke' });
  });
});
