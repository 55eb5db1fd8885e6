import type { ReviewStore } from '../../core/access/review/review-reminders.ts';
import { createReviewStore } from '../../gateways/dynamodb/requests/review-store.ts';
import { NOON } from '../core/access/requests.ts';
import { FakeReviews } from '../core/access/services.ts';
import { all, emulateAws, REQUEST_TABLE } from './emulated.ts';

const TOMORROW = '2026-01-06T12:00:00.000Z';

describe.each<[string, () => ReviewStore]>([
  ['in memory', () => new FakeReviews()],
  ['in DynamoDB', () => createReviewStore({ client: emulateAws().dynamo, tableName: REQUEST_TABLE })],
])('owed reviews %s', (_where, create) => {
  it('are noted once: a report that is sent again does not put the reminder off', async () => {
    const reviews = create();
    await reviews.owe('r1', NOON);
    await reviews.owe('r1', TOMORROW);
    expect(await all(reviews.owed())).toEqual([{ requestId: 'r1', remindAt: NOON }]);
  });

  it('come soonest first, and move back when they are postponed', async () => {
    const reviews = create();
    await reviews.owe('r1', NOON);
    await reviews.owe('r2', '2026-01-05T18:00:00.000Z');
    await reviews.postpone('r1', TOMORROW);
    expect((await all(reviews.owed())).map(({ requestId }) => requestId)).toEqual(['r2', 'r1']);
  });

  it('are gone once given, and a late reminder does not bring them back', async () => {
    const reviews = create();
    await reviews.owe('r1', NOON);
    await reviews.settle('r1');
    await reviews.postpone('r1', TOMORROW);
    await reviews.settle('r1');
    expect(await all(reviews.owed())).toEqual([]);
  });
});
