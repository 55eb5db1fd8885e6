import { factOf, isFact } from '../../../core/audit/facts.ts';

const fact = (id: string, type: string) => ({ id, type, at: '2026-01-05T09:00:00.000Z', by: 'cli:olga' });

test.each(['frozen', 'thawed', 'locked', 'unlocked'])(
  '%s is an audit event under the ids that only freezes and locks have',
  (type) => {
    expect(isFact(fact('stopped#1', type))).toBe(true);
    expect(factOf(fact('stopped#1', type)).type).toBe(type);
  },
);

test.each([
  ['stopped#1', 'policy-pushed', 'frozen'],
  ['refused#1', 'thawed', 'action-refused'],
  ['changed#1', 'locked', 'record-changed'],
  ['proposed#1', 'unlocked', 'policy-proposed'],
])('a function that may only write %s cannot forge the audit event %s', (id, type, told) => {
  expect(factOf(fact(id, type)).type).toBe(told);
});
