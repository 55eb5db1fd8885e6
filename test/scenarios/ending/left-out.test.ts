import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../cli/main.ts';
import { nodeIo } from '../../../cli/terminal/node-io.ts';
import type { Settings } from '../../../lambdas/shared/settings.ts';
import { expectedOf } from '../../../sandbox/server/deployed.ts';
import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';
import { expectAllOver } from '../support/sound.ts';

describe('a permission set that is taken out of the configuration while a person holds it', () => {
  const environment = process.env;
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
    driver.mayBeRefused = true;
    process.env = { ...environment, ...driver.running.environment() };
  });
  afterAll(() => {
    process.env = environment;
    return driver.stop();
  });
  beforeEach(() => driver.reset());

  /** The configuration without the permission set that is held. */
  function reduced(): Pick<Settings, 'permissionSets'> {
    const { permissionSets } = driver.running.current().settings;
    return { permissionSets: permissionSets.filter(({ arn }) => arn !== BREAK_GLASS) };
  }

  async function doctor(config: Partial<Settings>): Promise<{ code: number; out: string }> {
    const { world, settings } = driver.running.current();
    const file = join(mkdtempSync(join(tmpdir(), 'left-out-')), 'expected.json');
    writeFileSync(file, JSON.stringify(expectedOf(world, { ...settings, ...config })));
    let out = '';
    const code = await main(['doctor', '--config', file], {
      ...nodeIo(),
      stdout: (text) => {
        out += text;
      },
      about: () => undefined,
      stderr: () => undefined,
      now: () => driver.running.current().clock.now(),
      env: { ...driver.running.environment() },
    });
    return { code, out };
  }

  const alarm = async (id: string) =>
    (await driver.state()).alarms.filter((raised) => raised.id === id).map(({ state }) => state);

  it('is named by the doctor before the deployment, with the request that holds it, unless it is retired', async () => {
    await driver.ask('U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '30m' });
    await driver.advance('PT10S');
    const { id } = await driver.request();
    const found = await doctor(reduced());
    expect(found.code).toBe(1);
    expect(found.out).toContain(
      `FAULT   left-out: request ${id} (active) is for permission set BreakGlassAdmin, which is neither in permissionSets nor in retired.permissionSets`,
    );
    expect(found.out).toMatch(
      /left-out.*\n +why: no role may take it back.*\n +fix: put it under retired\.permissionSets/,
    );
    const set = driver.running.current().settings.permissionSets.find(({ arn }) => arn === BREAK_GLASS);
    const retired = { accounts: [], groups: [], permissionSets: set === undefined ? [] : [set] };
    expect((await doctor({ ...reduced(), retired })).out).toMatch(/^ok +left-out/m);
  });

  it('raises an alarm at once, the status message says what to do, and access ends as soon as that is done', async () => {
    await driver.ask('U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '30m' });
    await driver.advance('PT1M');
    expect((await driver.request()).state).toBe('active');
    const set = driver.running.current().settings.permissionSets.find(({ arn }) => arn === BREAK_GLASS);
    await driver.running.current().deploy(reduced());
    // Long before the access would end, so there is time to correct the configuration.
    await driver.advance('PT6M');
    expect(await alarm('left-out')).toEqual(['ALARM']);
    expect(await alarm('revoke-failed')).toEqual([]);

    await driver.advance('PT28M');
    const state = await driver.state();
    expect([state.requests[0]?.state, state.assignments.length]).toEqual(['ending', 1]);
    expect(await alarm('revoke-failed')).toEqual(['ALARM']);
    const story = state.messages.find(({ text }) => text.includes('BreakGlassAdmin') && !text.includes('your access'));
    expect(JSON.stringify(story)).toMatch(/It cannot be taken back, so it still works/);
    expect(JSON.stringify(story)).toMatch(
      /permission set BreakGlassAdmin; put it under retired\.permissionSets in glasshammer\.config\.ts and deploy/,
    );

    const retired = { accounts: [], groups: [], permissionSets: set === undefined ? [] : [set] };
    await driver.running.current().deploy({ retired });
    await driver.advance('PT6M');
    expect((await driver.state()).assignments).toEqual([]);
    await driver.advance('PT16M');
    expect(await alarm('left-out')).toEqual(['OK']);
    await expectAllOver(driver, { wait: 'PT2H' });
  });
});
