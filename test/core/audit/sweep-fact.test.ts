import { driftRemovedFact, sweepFact } from '../../../core/audit/sweep-fact.ts';
import { NOON } from '../access/requests.ts';

const quiet = {
  pastEnd: 0,
  orphans: 0,
  unrequested: 0,
  unrecorded: 0,
  abandoned: 0,
  started: 0,
  failures: 0,
  complete: true,
  lagSeconds: 0,
  ids: [],
};

test('a sweep that found nothing writes no fact; otherwise the fact says what it found and what failed', () => {
  expect(sweepFact(quiet, NOON)).toBeUndefined();
  const found = { pastEnd: 2, orphans: 1, unrequested: 6, unrecorded: 7, abandoned: 4, started: 5 };
  const busy = {
    ...found,
    failures: 3,
    complete: false,
    lagSeconds: 90,
    ids: ['r1', 'r2', 'r1', 'user-ana 123456789012 arn'],
  };
  expect(sweepFact(busy, NOON)).toEqual({
    type: 'swept',
    at: NOON,
    by: 'glasshammer',
    ids: ['r1', 'r2', 'user-ana 123456789012 arn'],
    note: '2 past their end, 1 without a live request, 6 made by us, whatever our records say of it, 7 whose workflow had given access that no record knew of, 4 whose workflow had stopped, 5 whose workflow had never begun, 3 failed, not finished in time',
  });
});

test('a sweep after a long outage names as many as an event can carry, and counts the rest', () => {
  const ids = Array.from(
    { length: 1000 },
    (_, n) => `user-${n} 123456789012 arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef`,
  );
  const fact = sweepFact({ ...quiet, pastEnd: 1000, ids }, NOON);
  expect(fact?.ids).toHaveLength(200);
  expect(fact?.note).toBe('1000 past their end, 800 of them not named here');
  expect(JSON.stringify(fact).length).toBeLessThan(64 * 1024);
});

test('an assignment that was removed by a drift rule is named as well', () => {
  expect(driftRemovedFact({ removed: 0, ids: [] }, NOON)).toBeUndefined();
  expect(driftRemovedFact({ removed: 1, ids: ['user-ben 1 arn'] }, NOON)).toMatchObject({
    type: 'swept',
    note: '1 made outside of Glasshammer, as announced',
    ids: ['user-ben 1 arn'],
  });
});
