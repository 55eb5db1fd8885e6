import { Driver, POWER, STAGING } from '../scenarios/support/driver.ts';
import { deployedRole, Intruder } from './intruder.ts';

/* Before an attacker edits records, they may write an item that the readers of the DynamoDB stream fail on. */
describe('an attacker who first writes an item that cannot be published', () => {
  let driver: Driver;
  beforeAll(async () => {
    deployedRole('hold-access');
    driver = await Driver.start();
    driver.mayBeRefused = true;
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());

  async function held() {
    await driver.ask('U0BEN', { account: STAGING, permissionSet: POWER, duration: '30m', reason: 'for work' });
    await driver.advance('PT5S');
    return driver.request();
  }

  const busTypes = () => driver.running.current().world.events.map(({ 'detail-type': type }) => type);
  const alarms = async () => (await driver.state()).alarms.map(({ id }) => id);

  const LONG = 'x'.repeat(300_000);
  it.each<[string, string, object]>([
    ['an event with a name longer than EventBridge takes', 'req-poison', { by: LONG }],
    ['an event with a type longer than EventBridge takes', 'req-poison', { type: 'x'.repeat(129) }],
    ['an event without a type', 'req-poison', { type: '' }],
    ['an event with an invalid time', 'req-poison', { at: '2026-13-45T99:99:99Z' }],
    ['an event with a map where a number belongs', 'req-poison', { durationSeconds: { toString: 'x' } }],
    ['an id longer than the archive takes', `req-${'é'.repeat(400)}`, {}],
  ])('cannot hide a later edit from the alarm: %s', async (_what, poison, event) => {
    const { id } = await held();
    const intruder = new Intruder('hold-access', driver.running.url);
    const at = (await driver.state()).now;
    const events = [{ type: 'requested', at, by: 'x', state: 'requested', ...event }];
    await intruder.write({ id: poison, state: 'requested', events, requester: { principalId: 'x' }, target: {} });
    await driver.advance('PT1M');
    await intruder.edit(id, { reason: 'another' });
    intruder.close();
    await driver.advance('PT1M');
    expect(await alarms()).toContain('records-tampered');
    expect(busTypes()).toContain('silent-edit');
    const { archive } = (await driver.state()) as unknown as { archive: { type: string; requestId?: string }[] };
    expect(archive).toContainEqual(expect.objectContaining({ type: 'silent-edit', requestId: id }));
    expect(archive).toContainEqual(expect.objectContaining({ id: `${poison}#0` }));
  });

  it('cannot hide an edit from the alarm while EventBridge takes no event at all', async () => {
    const { id } = await held();
    driver.running
      .current()
      .faults.add({ operation: 'eventbridge:PutEvents', error: 'InternalException', times: 'forever' });
    const intruder = new Intruder('hold-access', driver.running.url);
    await intruder.edit(id, { reason: 'another' });
    intruder.close();
    await driver.advance('PT2M');
    expect(busTypes()).not.toContain('silent-edit');
    expect(await alarms()).toContain('records-tampered');
  });
});
