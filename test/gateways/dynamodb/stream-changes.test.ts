import { marshall } from '@aws-sdk/util-dynamodb';
import { newEvents } from '../../../core/audit/new-events.ts';
import { readChanges } from '../../../gateways/dynamodb/stream-changes.ts';

const record = (dynamodb: object) => ({
  eventName: 'MODIFY',
  dynamodb: { SequenceNumber: '111', ApproximateCreationDateTime: 1767614400, SizeBytes: 7, ...dynamodb },
});

test('a record becomes the item before and after, with the instant of the write', () => {
  const OldImage = marshall({ id: 'r1', events: [] });
  const NewImage = marshall({ id: 'r1', events: [{ type: 'requested' }], voters: new Set(['user-cleo']) });
  expect(readChanges({ Records: [record({ OldImage, NewImage }), record({ OldImage })] })).toEqual([
    {
      sequenceNumber: '111',
      at: '2026-01-05T12:00:00.000Z',
      before: { id: 'r1', events: [] },
      after: { id: 'r1', events: [{ type: 'requested' }], voters: new Set(['user-cleo']) },
    },
    { sequenceNumber: '111', at: '2026-01-05T12:00:00.000Z', before: { id: 'r1', events: [] } },
  ]);
});

test('a number typed by hand that JavaScript cannot hold does not stop the stream', () => {
  const NewImage = {
    id: { S: 'r1' },
    durationSeconds: { N: '123456789012345678901234567890' },
    events: { L: [{ M: { type: { S: 'requested' }, at: { S: '2026-01-05T12:00:00.000Z' }, by: { S: 'user-ana' } } }] },
  };
  const [change] = readChanges({ Records: [record({ NewImage })] });
  expect(change === undefined ? [] : newEvents(change)).toMatchObject([
    { id: 'r1#0', type: 'requested' },
    // The request was put there by hand, in a state that its history does not tell of.
    { type: 'silent-edit', requestId: 'r1' },
  ]);
});

test('input that is no batch of a stream is an error', () => {
  expect(() => readChanges({ Records: [{ eventName: 'INSERT' }] })).toThrow();
  expect(() => readChanges({})).toThrow();
});
