import { createForgedCallLog } from '../../../../core/access/request/forged-call.ts';
import type { AuditFact } from '../../../../core/audit/audit-event.ts';

function aLog() {
  const facts = new Map<string, AuditFact>();
  const state = { asked: 0, fails: false };
  const note = createForgedCallLog({
    write: async (id, fact) => {
      state.asked += 1;
      if (state.fails) throw new Error('away');
      if (!facts.has(id)) facts.set(id, fact);
    },
  });
  return { facts, state, note };
}

test('a flood of forged calls is one fact for each hour and reason, and asks the table once for each', async () => {
  const { facts, state, note } = aLog();
  const at = (hour: string, why: string) => note({ route: 'commands', why }, `2026-01-05T${hour}:07:00.000Z`);
  await Promise.all(Array.from({ length: 200 }, (_, n) => at('09', n % 2 === 0 ? 'mismatch' : 'stale')));
  await at('10', 'mismatch');
  await at('10', 'mismatch');
  expect([...facts.keys()]).toEqual([
    'forged-2026-01-05T09-mismatch',
    'forged-2026-01-05T09-stale',
    'forged-2026-01-05T10-mismatch',
  ]);
  expect(state.asked).toBe(3);
  expect(facts.get('forged-2026-01-05T10-mismatch')).toEqual({
    type: 'call-forged',
    at: '2026-01-05T10:07:00.000Z',
    by: 'unknown',
    note: 'commands: mismatch',
  });
});

test('a fact that could not be written is tried again with the next forged call', async () => {
  const { facts, state, note } = aLog();
  const call = () => note({ route: 'events', why: 'missing' }, '2026-01-05T09:00:00.000Z');
  state.fails = true;
  await expect(call()).rejects.toThrow('away');
  state.fails = false;
  await call();
  expect([...facts.keys()]).toEqual(['forged-2026-01-05T09-missing']);
});
