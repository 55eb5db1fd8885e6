import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { METRICS } from '../../lambdas/shared/monitoring/metric-catalog.ts';
import { checkoutVersion } from '../../lib/config/version.ts';
import { ConsolePeople, go, PHONE, WIDE } from './support/console-people.ts';
import { appears } from './support/wait.ts';

describe('the System page in the console', () => {
  let people: ConsolePeople;

  beforeAll(async () => {
    people = await ConsolePeople.start('system');
  });
  afterAll(() => people.stop());

  /** The System page of a person, read again now. */
  async function systemAs(userId: string, viewport: typeof WIDE): Promise<Page> {
    const page = await people.as(userId, viewport);
    await go(page, '/drift');
    await go(page, '/system');
    await appears(page.getByTestId('alarms'));
    return page;
  }

  async function alarmsOn(page: Page): Promise<readonly string[]> {
    return await page.getByTestId('alarm').allTextContents();
  }

  function happens(metric: string, value: number): void {
    const { alarms, clock } = people.sandbox.current();
    alarms.record(metric, value, clock.nowMs());
  }

  it('says that no alarm is on and when that was read, which versions are deployed, and how to run the doctor', async () => {
    const dan = await systemAs('user-dan', WIDE);
    const alarms = dan.getByTestId('alarms');
    await appears(alarms.getByText('No alarm is on'));
    await appears(alarms.getByText(/^Looked at .*\d\d:\d\d:\d\d/));
    await appears(alarms.getByText(/^\d\d alarms are quiet\.$/));
    expect(await alarmsOn(dan)).toEqual([]);
    await appears(dan.getByTestId('doctor').getByText('npx glasshammer doctor --stack Glasshammer', { exact: true }));
    const versions = await dan.getByTestId('versions').textContent();
    expect(versions).toContain(`Glasshammer${checkoutVersion()}`);
    expect(versions).toContain('Schema of the tables1');
    expect(versions).toContain(`Node${process.version}`);
    await appears(dan.getByRole('heading', { name: 'Now' }));
    await people.lookAt(dan, 'calm', { fullPage: true });
    await dan.setViewportSize(PHONE);
    await people.lookAt(dan, 'calm-phone', { fullPage: true });
  });

  it('lists firing alarms, high severity first, each with its time and its heading in the runbook', async () => {
    happens(METRICS.unprovenCall, 5);
    happens(METRICS.revokeFailed, 1);
    const ana = await systemAs('user-ana', PHONE);
    await appears(ana.getByTestId('alarm').nth(1));
    const [first = '', second = ''] = await alarmsOn(ana);
    expect(first).toMatch(
      /^Access could not be taken back; it is being retriedHigh severity\. On since .+, just now\./,
    );
    expect(first).toContain('docs/runbook.md, “Access could not be taken back”');
    expect(first).toContain('glasshammer-high-revoke-failed');
    expect(second).toContain('Low severity.');
    expect(await ana.getByText('No alarm is on').count()).toBe(0);
    await people.lookAt(ana, 'alarms-phone', { fullPage: true });
    const dan = await systemAs('user-dan', WIDE);
    await appears(dan.getByTestId('alarm').nth(1));
    await people.lookAt(dan, 'alarms', { fullPage: true });
  });

  it('shows alarms with insufficient data separately', async () => {
    const ana = await people.as('user-ana', WIDE);
    await ana.route('**/system', async (route) => {
      const { alarms, ...rest } = await (await route.fetch()).json();
      const [alarm] = alarms.firing;
      await route.fulfill({ json: { ...rest, alarms: { firing: [], insufficient: [alarm], ok: 1 } } });
    });
    await systemAs('user-ana', WIDE);
    await appears(ana.getByText('One alarm is quiet. CloudWatch has too little data to judge 1.'));
    expect(await alarmsOn(ana)).toEqual([expect.stringContaining('Too little data since ')]);
    await appears(ana.getByText('No alarm is on'));
    await people.lookAt(ana, 'too-little', { fullPage: true });
    await ana.unroute('**/system');
  });

  it('says that CloudWatch could not be read, and shows everything else', async () => {
    const fault = { operation: 'cloudwatch:DescribeAlarms', error: 'AccessDeniedException', times: 'forever' };
    await fetch(`${people.sandbox.url}/sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) });
    const dan = await systemAs('user-dan', WIDE);
    await appears(dan.getByText('CloudWatch could not be asked how the alarms stand.'));
    await appears(dan.getByTestId('doctor').getByText('Last sweep'));
    await appears(dan.getByRole('heading', { name: 'Now' }));
    await people.lookAt(dan, 'unseen', { fullPage: true });
    await fetch(`${people.sandbox.url}/sandbox/faults`, { method: 'DELETE' });
    await systemAs('user-dan', WIDE);
    await appears(dan.getByTestId('alarm').first());
  });

  it('shows an answer although each one takes longer than the interval of polling', async () => {
    const eva = await people.as('user-eva', WIDE);
    await eva.route('**/pending', async (route) => {
      // The page polls every second here.
      await setTimeout(2_500);
      await route.continue();
    });
    await go(eva, '/approvals');
    await eva.reload();
    await appears(eva.getByText('Nothing waits for you.'), { timeout: 20_000 });
    await eva.unroute('**/pending');
  });
});
