import { listenToStdout } from '../../stdout.ts';
import { createApi, WANTED } from '../calling.ts';

listenToStdout();

describe('requests of one shared ask', () => {
  it('carry the id and the size of the shared ask, and a key is refused for another shared ask', async () => {
    const { call, world } = createApi();
    const body = { ...WANTED, ask: { id: 'ask-1', size: 2 } };
    const { json } = await call('POST requests', { as: 'ana', body, key: 'once' });
    expect([json.ask, world.requests.now(json.id).ask]).toEqual([body.ask, body.ask]);
    expect((await call('POST requests', { as: 'ana', body, key: 'once' })).json.id).toBe(json.id);
    const other = { ...WANTED, ask: { id: 'ask-2', size: 2 } };
    const again = await call('POST requests', { as: 'ana', body: other, key: 'once' });
    expect(again.json.reason).toBe('idempotency-key-reused');
    expect(
      (await call('POST requests', { as: 'ana', body: WANTED, key: 'alone' })).json.request?.ask ?? null,
    ).toBeNull();
    for (const ask of [
      { id: 'a b', size: 2 },
      { id: 'a', size: 1 },
      { id: 'a', size: 51 },
    ])
      expect((await call('POST requests', { as: 'ana', body: { ...WANTED, ask } })).json.reason).toBe('malformed-body');
  });
});
