import { sweepFact } from '../../../core/audit/sweep-fact.ts';
import { NOON } from '../access/requests.ts';

const quiet = {
  pastEnd: 0,
  orphans: 0,
  unrequested: 0,
  abandoned: 0,
  started: 0,
  failures: 0,
  complete: true,
  lagSeconds: 0,
};

test('a sweep that found nothing leaves nothing; one that found or failed something says what', () => {
  expect(sweepFact(quiet, NOON)).toBeUndefined();
  const found = { pastEnd: 2, orphans: 1, unrequested: 6, abandoned: 4, started: 5 };
  const busy = { ...found, failures: 3, complete: false, lagSeconds: 90 };
  expect(sweepFact(busy, NOON)).toEqual({
    type: 'swept',
    at: NOON,
    by: 'glasshammer',
    note: '2 past their end, 1 without a live request, 6 made by us, whatever our records say of it, 4 whose workflow had stopped, 5 whose workflow had never begun, 3 failed, not finished in time',
  });
});
