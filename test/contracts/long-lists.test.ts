import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { endAbandoned } from '../../core/access/recovery/abandoned-access.ts';
import { listingInTime } from '../../core/access/recovery/attempts.ts';
import { listedOnce } from '../../core/access/recovery/one-look.ts';
import { reconcileMade } from '../../core/access/recovery/reconcile-made.ts';
import { sweepAccess } from '../../core/access/recovery/sweep-access.ts';
import { createLeaseStore } from '../../gateways/dynamodb/leases/lease-store.ts';
import { createMadeStore } from '../../gateways/dynamodb/leases/made-store.ts';
import { createReportLooks } from '../../gateways/dynamodb/reports/report-looks.ts';
import { createRequestStore } from '../../gateways/dynamodb/requests/request-store.ts';
import { ANAS_ASSIGNMENT, aRequest, NOON } from '../core/access/requests.ts';
import { createWorld } from '../core/access/services.ts';
import { all, emulateAws, REQUEST_TABLE } from './emulated.ts';

/*
 * An attacker who may write requests can give them any `state`, without anything that a list of that state shows: such
 * a list is long, takes time to read and yields nothing. DynamoDB answers at most 1 MB at a time: two of these items.
 */

const LATER = '2026-01-05T23:00:00.000Z';
const BEFORE = '2026-01-05T11:00:00.000Z';
const OF_EACH = 9;
const PAGES = 3;

/** Stores over the emulator, with forged items in these states; time is up after this many pages. */
async function forged(states: readonly string[], endsAt: string, mostPages: number) {
  const { dynamo: client, calls } = emulateAws();
  const world = createWorld();
  const own = { client, tableName: REQUEST_TABLE, now: world.now };
  for (const state of states)
    for (let n = 0; n < OF_EACH; n++) {
      const Item = { id: `forged-${state}-${n}`, state, endsAt, reason: 'x'.repeat(390_000) };
      await client.send(new PutCommand({ TableName: REQUEST_TABLE, Item }));
    }
  const pages = () => calls.snapshot()['dynamodb:Query'] ?? 0;
  const failures: unknown[] = [];
  return {
    pages,
    failures,
    services: {
      ...world,
      requests: listedOnce(createRequestStore(own)),
      leases: createLeaseStore(own),
      looks: createReportLooks(own),
      made: createMadeStore(own),
      removals: { absentAt: async () => undefined },
      maxDurationSeconds: 12 * 3600,
      hasTimeLeft: () => pages() < mostPages,
      onFailure: (error: unknown) => failures.push(error),
    },
    world,
  };
}

type Services = Awaited<ReturnType<typeof forged>>['services'];

const LISTS: Record<string, (services: Services) => AsyncIterable<unknown>> = {
  active: ({ requests }) => requests.inStates(['active']),
  lease: ({ leases }) => leases.all(),
  made: ({ made }) => made.all(),
  'report-look': ({ looks }) => looks.due(NOON),
};

describe.each(Object.entries(LISTS))(
  'a list of state %s that an attacker has filled with items that show nothing',
  (state, list) => {
    it('ends with an error when time is up, before the next page is read', async () => {
      const { services, pages } = await forged([state], BEFORE, PAGES - 1);
      await expect(all(list(listingInTime(services)))).rejects.toMatchObject({ name: 'OutOfTimeError' });
      expect(pages()).toBe(PAGES - 1);
    });

    it('ends without an error if there is time for all of it', async () => {
      const { services, pages } = await forged([state], BEFORE, 100);
      expect(await all(list(listingInTime(services)))).toEqual([]);
      expect(pages()).toBeGreaterThanOrEqual(PAGES);
    });
  },
);

test.each([
  ['the sweep', sweepAccess],
  ['the search for stopped workflows', endAbandoned],
  ['the comparison with CloudTrail', reconcileMade],
])('%s stops in the middle of such lists, and says so', async (_what, pass) => {
  const { services, pages, failures } = await forged(['granting', 'made'], BEFORE, PAGES - 1);
  expect(await pass(listingInTime(services as never))).toMatchObject({ complete: false, failures: 0 });
  expect(pages()).toBe(PAGES - 1);
  expect(failures).toEqual([]);
});

test('an assignment whose lease item is lost is removed however long the lists are: other holders are found by key', async () => {
  // Two pages to reach the request: no item is `granting`, and the request is on the first page of `active`.
  const most = 2;
  const { services, pages, failures, world } = await forged(['active'], LATER, most);
  await services.requests.create(aRequest('active', { grant: { askedAt: NOON, standing: false } }));
  world.assignments.give(ANAS_ASSIGNMENT);
  world.pass(2 * 3600);
  expect(await sweepAccess(listingInTime(services as never))).toMatchObject({
    pastEnd: 1,
    complete: false,
    failures: 0,
  });
  expect(pages()).toBe(most);
  expect(failures).toEqual([]);
  expect(world.assignments.asked.remove).toBe(1);
});
