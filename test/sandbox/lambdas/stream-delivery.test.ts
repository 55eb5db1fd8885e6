import { VirtualClock } from '../../../sandbox/clock.ts';
import { StreamDelivery } from '../../../sandbox/lambdas/stream-delivery.ts';

const START = Date.parse('2026-01-05T09:00:00Z');
const HOUR_MS = 3600_000;

/** A stream with one reading function, whose answers the test decides. */
function stream(answer: (sequences: readonly string[], call: number) => unknown, gatherMs = 5_000) {
  const clock = new VirtualClock({ startMs: START, speed: 1 });
  const calls: { readonly at: number; readonly handed: readonly string[] }[] = [];
  const dead: string[] = [];
  const sequences = (records: readonly unknown[]) =>
    records.map((record) => (record as ReturnType<typeof aRecord>).dynamodb.SequenceNumber);
  const delivery = new StreamDelivery({
    clock,
    functionName: 'reader',
    gatherMs,
    oldestMs: 23 * HOUR_MS,
    invoke: async (_name, event) => {
      const handed = sequences((event as { Records: unknown[] }).Records);
      calls.push({ at: (clock.nowMs() - START) / 1000, handed });
      return answer(handed, calls.length);
    },
    onDeadLetter: (_name, records) => dead.push(...sequences(records)),
  });
  const aRecord = (SequenceNumber: string) => ({
    dynamodb: { SequenceNumber, ApproximateCreationDateTime: clock.nowMs() / 1000 },
  });
  return {
    calls,
    dead,
    write: (...names: string[]) => delivery.push(names.map(aRecord)),
    advance: (ms: number) => clock.advance(ms, () => delivery.idle()),
    settle: () => delivery.idle(),
  };
}

const fine = () => ({ batchItemFailures: [] });

test('records are collected and delivered together, in order', async () => {
  const { write, advance, calls } = stream(fine);
  write('1');
  await advance(2_000);
  write('2', '3');
  await advance(2_000);
  expect(calls).toEqual([]);
  await advance(2_000);
  expect(calls).toEqual([{ at: 5, handed: ['1', '2', '3'] }]);
});

test('a stream without a batching window delivers at once', async () => {
  const { write, settle, calls } = stream(() => null, 0);
  write('1');
  await settle();
  expect(calls.map(({ handed }) => handed)).toEqual([['1']]);
});

test('a failed batch is retried before later records, with growing pauses', async () => {
  let broken: boolean = true;
  const { write, advance, calls, dead } = stream(() => {
    if (broken) throw new Error('down');
    return fine();
  });
  write('1', '2');
  await advance(30_000);
  write('3');
  await advance(HOUR_MS);
  expect(new Set(calls.map(({ handed }) => handed[0]))).toEqual(new Set(['1']));
  expect(calls.slice(0, 5).map(({ at }) => at)).toEqual([5, 6, 8, 12, 20]);
  expect(calls.length).toBeLessThan(140);
  broken = false;
  await advance(60_000);
  expect(calls.at(-1)?.handed).toEqual(['1', '2', '3']);
  expect(dead).toEqual([]);
});

test('after a partial failure the records from the failed one on are delivered again', async () => {
  const { write, advance, calls } = stream((_handed, call) =>
    call === 1 ? { batchItemFailures: [{ itemIdentifier: '3' }, { itemIdentifier: '2' }] } : fine(),
  );
  write('1', '2', '3');
  await advance(60_000);
  expect(calls.map(({ handed }) => handed)).toEqual([
    ['1', '2', '3'],
    ['2', '3'],
  ]);
});

test('an answer that names an unknown record is treated as a failure of the whole batch', async () => {
  const { write, advance, calls } = stream((_handed, call) =>
    call === 1 ? { batchItemFailures: [{ itemIdentifier: 'other' }] } : fine(),
  );
  write('1', '2');
  await advance(60_000);
  expect(calls.map(({ handed }) => handed)).toEqual([
    ['1', '2'],
    ['1', '2'],
  ]);
});

test('a batch has at most 100 records', async () => {
  const { write, advance, calls } = stream(fine);
  write(...Array.from({ length: 230 }, (_, n) => String(n)));
  await advance(60_000);
  expect(calls.map(({ handed }) => handed.length)).toEqual([100, 100, 30]);
});

test('records that failed for 23 hours go to the dead letters, and later records are delivered', async () => {
  let broken: boolean = true;
  const { write, advance, calls, dead } = stream(() => {
    if (broken) throw new Error('down');
    return fine();
  });
  write('1');
  await advance(20 * HOUR_MS);
  write('2');
  await advance(4 * HOUR_MS);
  expect(dead).toEqual(['1']);
  broken = false;
  await advance(60_000);
  expect(calls.at(-1)?.handed).toEqual(['2']);
});
