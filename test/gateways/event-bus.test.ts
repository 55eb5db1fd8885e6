import { EventBridgeClient, type PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { historyOf } from '../../core/audit/new-events.ts';
import { createEventBus } from '../../gateways/event-bus.ts';
import { anEvent, stored } from '../core/audit/stored.ts';
import { type Harness, startHarness } from '../sandbox/aws/harness.ts';

const history = (count: number) => historyOf(stored(Array.from({ length: count }, (_, n) => anEvent(`type-${n}`, n))));

describe('events sent to EventBridge', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.close());

  const bus = (busName = 'glasshammer') =>
    createEventBus({ client: new EventBridgeClient(harness.inProcess()), busName });

  test('an event arrives with its type, its time and all of it as the detail', async () => {
    const [event] = history(1);
    expect(await bus().take(history(1))).toEqual({ taken: 1, added: 1 });
    expect(harness.heard.events).toEqual([
      expect.objectContaining({
        bus: 'glasshammer',
        source: 'glasshammer',
        'detail-type': 'type-0',
        time: '2026-01-05T12:00:00Z',
        detail: event,
      }),
    ]);
  });

  test('many events are sent in calls of ten, in their order', async () => {
    expect(await bus().take(history(23))).toEqual({ taken: 23, added: 23 });
    expect(harness.calls.snapshot()['eventbridge:PutEvents']).toBe(3);
    expect(harness.heard.events.map(({ 'detail-type': type }) => type)).toEqual(history(23).map(({ type }) => type));
  });

  test('events that are too large together are sent in more calls; one that is too large alone is sent without its texts', async () => {
    const long = 'x'.repeat(150_000);
    const events = history(3).map((event, index) => ({ ...event, reason: index === 1 ? `${long}${long}` : long }));
    expect(await bus().take(events)).toEqual({ taken: 3, added: 3 });
    expect(harness.heard.events[1]?.detail).toMatchObject({ id: 'r1#1', note: expect.stringContaining('too long') });
    expect(harness.heard.events[1]?.detail).not.toHaveProperty('reason');
    expect(harness.heard.events[2]?.detail).toHaveProperty('reason', long);
  });

  test('an event whose content EventBridge refuses is replaced by a short notice, and does not hold back later ones', async () => {
    const events = history(4).map((event, index) => (index === 1 ? { ...event, type: 'é💥'.repeat(99) } : event));
    expect(await bus().take(events)).toEqual({ taken: 4, added: 4 });
    const told = harness.heard.events.map(({ 'detail-type': type, detail }) => [detail.id, type]);
    expect(told).toEqual([
      ['r1#0', 'type-0'],
      ['r1#2', 'type-2'],
      ['r1#3', 'type-3'],
      ['r1#1', 'unknown'],
    ]);
    const { detail } = harness.heard.events.find(({ 'detail-type': type }) => type === 'unknown') ?? {};
    expect(detail).toEqual({
      ...{ version: 1, id: 'r1#1', type: 'unknown', at: '2026-01-05T12:01:00.000Z', by: 'unknown' },
      note: 'the bus refused this event (InvalidArgument); the archive has it whole',
    });
  });

  test('in an outage no event counts as sent, and the error is returned', async () => {
    harness.faults.add({ operation: 'eventbridge:PutEvents', error: 'InternalException' });
    expect(await bus().take(history(2))).toMatchObject({ taken: 0, error: { name: 'InternalException' } });
    expect(await bus('no-such-bus').take(history(2))).toMatchObject({
      taken: 0,
      error: { name: 'BusEntryFailedError', message: 'InvalidArgument' },
    });
  });
});

describe('entries that fail one by one', () => {
  /** A bus that throttles events of these types for as many tries as given. */
  function throttling(tries: Record<string, number>) {
    const calls: string[][] = [];
    const client = {
      send: (command: PutEventsCommand) => {
        const types = (command.input.Entries ?? []).map(({ DetailType }) => DetailType ?? '');
        calls.push(types);
        const Entries = types.map((type) => {
          const left = tries[type] ?? 0;
          tries[type] = left - 1;
          return left > 0 ? { ErrorCode: 'ThrottlingException' } : { EventId: 'x' };
        });
        return Promise.resolve({ Entries, FailedEntryCount: Entries.filter((e) => 'ErrorCode' in e).length });
      },
    } as unknown as EventBridgeClient;
    return { bus: createEventBus({ client, busName: 'glasshammer' }), calls };
  }

  test('only those that failed are sent again', async () => {
    const { bus, calls } = throttling({ 'type-1': 1, 'type-3': 2 });
    expect(await bus.take(history(4))).toEqual({ taken: 4, added: 4 });
    expect(calls).toEqual([['type-0', 'type-1', 'type-2', 'type-3'], ['type-1', 'type-3'], ['type-3']]);
  });

  test('an event because of which a whole call is refused is found and replaced; the others are sent as they are', async () => {
    const client = {
      send: async ({ input: { Entries = [] } }: PutEventsCommand) => {
        if (Entries.some(({ DetailType }) => DetailType === 'type-2'))
          throw Object.assign(new Error('1 validation error detected'), { name: 'ValidationException' });
        told.push(...Entries.map(({ DetailType = '' }) => DetailType));
        return { Entries: Entries.map(() => ({ EventId: 'x' })), FailedEntryCount: 0 };
      },
    } as unknown as EventBridgeClient;
    const told: string[] = [];
    expect(await createEventBus({ client, busName: 'glasshammer' }).take(history(4))).toEqual({ taken: 4, added: 4 });
    expect(told).toEqual(['type-0', 'type-1', 'type-3', 'unknown']);
  });

  test('an event that keeps failing stops the batch: events before it count as sent, events after it do not', async () => {
    const { bus } = throttling({ 'type-12': 99 });
    expect(await bus.take(history(25))).toMatchObject({ taken: 12, error: { message: 'ThrottlingException' } });
  });
});
