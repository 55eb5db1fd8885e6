import { ALL_STATES } from '../../../../core/model/life-cycle.ts';
import { listenToStdout } from '../../stdout.ts';
import { NOON, pending } from '../calling.ts';

listenToStdout();

describe('a request that does not concern the caller', () => {
  const VERBS: readonly (readonly [string, object | undefined])[] = [
    ['GET', undefined],
    ['GET report', undefined],
    ['GET activity', undefined],
    ['GET requester-history', undefined],
    ['POST votes', { vote: 'approve' }],
    ['POST votes', { vote: 'deny', note: 'no' }],
    ['POST cancel', undefined],
    ['POST end', undefined],
    ['POST end', { note: 'why' }],
    ['POST extensions', { duration: '10m' }],
    ['evaluate', undefined],
  ];

  it.each(VERBS.flatMap(([verb, body]) => ALL_STATES.map((state) => [verb, state, body] as const)))(
    'is answered like a request that does not exist, by %s in state %s',
    async (verb, state, body) => {
      const { call, id, world } = await pending();
      world.requests.put({ ...world.requests.now(id), state });
      const [method = '', part] = verb.split(' ');
      const ask = (which: string) =>
        verb === 'evaluate'
          ? call('POST evaluations', { as: 'ana', body: { extends: which } })
          : call(`${method} requests/${which}${part === undefined ? '' : `/${part}`}`, { as: 'ana', body });
      const [there, never] = [await ask(id), await ask(`req-${'0'.repeat(30)}`)];
      expect([there.statusCode, there.json.reason]).toEqual([404, 'unknown-request']);
      expect(there.body).toBe(never.body);
      expect(world.requests.requests.size).toBe(1);
    },
  );

  it('an approver of any request of the same access can read all its requests, and can end it with a reason', async () => {
    const { call, id, world } = await pending();
    const root = world.requests.now(id);
    const { asked: _asked, ...unasked } = root;
    const joins = [{ requestId: `req-${'1'.repeat(30)}`, at: NOON, endsAt: root.endsAt }];
    world.requests.put(
      { ...unasked, state: 'active', joins },
      { ...root, id: `req-${'1'.repeat(30)}`, state: 'joined', accessId: id },
      { ...unasked, id: `req-${'2'.repeat(30)}`, state: 'joined', accessId: id },
    );
    for (const which of [id, `req-${'1'.repeat(30)}`, `req-${'2'.repeat(30)}`])
      expect((await call(`GET requests/${which}`, { as: 'cleo' })).statusCode).toBe(200);
    const ended = await call(`POST requests/req-${'2'.repeat(30)}/end`, { as: 'cleo', body: { note: 'enough' } });
    expect([ended.statusCode, ended.json.id, ended.json.state]).toEqual([200, id, 'ending']);
  });
});
