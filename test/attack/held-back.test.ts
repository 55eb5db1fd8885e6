import { Driver, POWER, STAGING } from '../scenarios/support/driver.ts';
import { deployedRole, Intruder } from './intruder.ts';

/* Whoever edits records may first give the readers of the stream something to choke on. */
describe('what somebody writes to keep an edit from being heard of', () => {
  let driver: Driver;
  beforeAll(async () => {
    deployedRole('hold-access');
    driver = await Driver.start();
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
    ['a name that is longer than the bus takes', 'req-poison', { by: LONG }],
    ['a type that is longer than the bus takes', 'req-poison', { type: 'x'.repeat(129) }],
    ['no type', 'req-poison', { type: '' }],
    ['a time that is none', 'req-poison', { at: '2026-13-45T99:99:99Z' }],
    ['a number that is none', 'req-poison', { durationSeconds: { toString: 'x' } }],
    ['an id that is longer than the archive takes', `req-${'é'.repeat(400)}`, {}],
  ])('%s does not hold the edit back', async (_what, poison, event) => {
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

  it('an edit is alarmed of while the bus takes nothing at all', async () => {
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
