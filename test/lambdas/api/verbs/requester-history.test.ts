import { listenToStdout } from '../../stdout.ts';
import { NOON, pending } from '../calling.ts';

listenToStdout();

const NUMBER = (at: number) => `req-${String(at).padStart(30, '0')}`;

/** An API with Ben's pending request, and one earlier request of his for each of the days, newest first. */
async function withPast(...days: readonly (readonly [day: string, changes: object])[]) {
  const api = await pending();
  const request = api.world.requests.now(api.id);
  for (const [at, [day, changes]] of days.entries())
    api.world.requests.put({
      ...request,
      id: NUMBER(at),
      state: 'reported',
      requestedAt: `${day}T09:00:00.000Z`,
      endedAt: `${day}T10:00:00.000Z`,
      reason: 'a secret of before',
      ...changes,
    });
  const look = (as: string) => api.call(`GET requests/${api.id}/requester-history`, { as });
  return { ...api, request, look };
}

const review = { status: 'questioned', approvers: ['user-cleo'], note: 'why at night?' };

describe('the earlier requests of a requester', () => {
  it('are shown to an approver, newest first, with how each ended, and without reasons, notes and ids', async () => {
    const other = { principalId: 'user-zoe', slackId: '', userName: 'zoe', displayName: 'Zoe', email: '' };
    const { look } = await withPast(
      ['2026-01-04', { breakGlass: true, review }],
      ['2026-01-03', { state: 'denied', endedAt: undefined }],
      ['2026-01-02', { requester: other }],
      ['2025-09-01', {}],
    );
    const { statusCode, json, body } = await look('cleo');
    expect(statusCode).toBe(200);
    expect(json.requests).toMatchObject([
      { state: 'reported', requestedAt: '2026-01-04T09:00:00.000Z', breakGlass: true, review: 'questioned' },
      { state: 'denied', requestedAt: '2026-01-03T09:00:00.000Z', endedAt: null, breakGlass: false, review: null },
    ]);
    // 90 days, and nothing before.
    expect(json.since).toBe(new Date(Date.parse(NOON) - 90 * 86_400_000).toISOString());
    expect(body).not.toMatch(/secret|why at night|req-/);
  });

  it('are at most ten, and the answer says how far back they go', async () => {
    const days = Array.from({ length: 14 }, (_one, at) => `2025-12-${String(30 - at).padStart(2, '0')}`);
    const { look } = await withPast(...days.map((day) => [day, {}] as const));
    const { json } = await look('dan');
    expect(json.requests).toHaveLength(10);
    expect(json.since).toBe('2025-12-21T09:00:00.000Z');
  });

  it('are hidden from the requester, from others, and from an approver who has voted or can no longer decide', async () => {
    const { look, call, id, world, request } = await withPast(['2026-01-04', {}]);
    expect((await look('ben')).json.reason).toBe('own-request');
    expect((await look('ana')).json.reason).toBe('unknown-request');
    for (const auditor of ['uma', 'olga']) expect((await look(auditor)).statusCode).toBe(200);
    expect((await call(`POST requests/${id}/votes`, { as: 'cleo', body: { vote: 'approve' } })).statusCode).toBe(200);
    expect((await look('cleo')).statusCode).toBe(409);
    world.requests.put({ ...request, state: 'active' });
    expect((await look('dan')).json.reason).toBe('already-decided');
    expect((await look('uma')).statusCode).toBe(200);
  });
});
