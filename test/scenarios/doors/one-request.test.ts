import { browserCaller } from '../support/browser-caller.ts';
import { Driver, PRODUCTION } from '../support/driver.ts';
import { terminalCaller } from '../support/terminal-caller.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are JSON, and each expectation says what of
type Call = (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<{ status: number; json: any }>;

const DOORS: readonly (readonly [string, (driver: Driver, name: string) => Promise<Call>])[] = [
  ['terminals', (driver, name) => terminalCaller(driver, `${name}@example.com`)],
  ['browsers', (driver, name) => browserCaller(driver, `user-${name}`)],
];

const ASK = { accountId: PRODUCTION, permissionSet: 'ReadOnlyAccess', duration: 'PT15M' };

interface Recorded {
  readonly event: { readonly type: string };
  readonly key: string;
}

describe.each(DOORS)('what the API tells about one request, through its endpoint for %s', (_door, callerOf) => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());

  it('tells an approver the earlier requests of the requester, and an auditor every recorded event', async () => {
    const ben = await callerOf(driver, 'ben');
    const cleo = await callerOf(driver, 'cleo');
    const dan = await callerOf(driver, 'dan');
    const eva = await callerOf(driver, 'eva');
    const own = '/people/user-ben/requests';
    const first = (await ben('POST', own, { ...ASK, reason: 'for a friend' })).json;
    const no = { vote: 'deny', note: 'for no friend' };
    expect((await cleo('POST', `/people/user-cleo/requests/${first.id}/votes`, no)).status).toBe(200);
    await driver.advance('PT1M');
    const { id } = (await ben('POST', own, { ...ASK, reason: 'to look at it' })).json;

    const history = `requests/${id}/requester-history`;
    const told = await cleo('GET', `/people/user-cleo/${history}`);
    expect(told).toMatchObject({
      status: 200,
      json: { requests: [{ state: 'denied', target: { accountId: PRODUCTION }, breakGlass: false, review: null }] },
    });
    expect(JSON.stringify(told.json)).not.toContain('friend');
    expect(await ben('GET', `/people/user-ben/${history}`)).toMatchObject({ json: { reason: 'own-request' } });

    const record = await dan('GET', `/people/user-dan/requests/${id}/audit`);
    expect(record.status).toBe(200);
    const { execution, events } = record.json;
    const state = await driver.state();
    // The Step Functions execution has the request's id as its name.
    expect(state.executions.map(({ name }) => name)).toContain(id);
    expect(execution.arn.split(':').slice(5)).toEqual(['execution', expect.any(String), id]);
    expect(execution.address).toContain(`#/v2/executions/details/${execution.arn}`);
    expect(events.map(({ event }: Recorded) => event.type)).toEqual(['requested', 'pending']);
    // The events told are those of the archive, under the same keys.
    await driver.advance('PT1M');
    const archived = driver.running.current().world.buckets['glasshammer-archive'] ?? {};
    for (const { event, key } of events as Recorded[])
      expect(archived[key]?.body.toString()).toBe(`${JSON.stringify(event)}\n`);
    expect((await eva('GET', `/people/user-eva/requests/${id}/audit`)).status).toBe(200);
    for (const [name, call] of [
      ['ben', ben],
      ['cleo', cleo],
    ] as const)
      expect((await call('GET', `/people/user-${name}/requests/${id}/audit`)).json.reason).toBe('not-auditor');
  });
});
