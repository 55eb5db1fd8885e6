import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { defaultSeed } from '../../sandbox/aws/world/seed.ts';
import { type RunningSandbox, serveSandbox } from '../../sandbox/server/serve.ts';
import { ensureFunctions } from '../../scripts/build-functions.ts';
import { sharedBrowser } from './support/shared-browser.ts';
import { appears, disappears } from './support/wait.ts';

const OUT = resolve(import.meta.dirname, '../../out');

describe('the sandbox page at normal speed', () => {
  let sandbox: RunningSandbox;
  let page: Page;

  beforeAll(async () => {
    await ensureFunctions();
    // Speed 1, as for a person: the page waits as long as the clock takes.
    sandbox = await serveSandbox({
      seed: defaultSeed(),
      speed: 1,
      port: 0,
      root: resolve(import.meta.dirname, '../..'),
    });
    const browser = await sharedBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, timezoneId: 'Europe/Berlin' });
    await page.goto(sandbox.url);
  });

  afterAll(async () => {
    await page.close();
    await sandbox.close();
  });

  it('lets a person use a break-glass button, see the account in the portal, and read the report', async () => {
    await page.getByTestId('post-alert-legacy').click();
    await page.getByTestId('button-break_glass').first().click();
    await page.getByTestId('confirm-ok').click();

    const row = page.getByTestId('portal-row');
    await appears(row.first(), { timeout: 15_000 });
    expect(await row.first().textContent()).toContain('BreakGlassAdmin');
    await appears(page.getByTestId('button-request.done').first(), { timeout: 10_000 });

    await page.getByTestId('use-it').first().click();
    mkdirSync(OUT, { recursive: true });
    await page.screenshot({ path: resolve(OUT, 'sandbox.png') });

    await page.getByTestId('advance-PT1H').click();
    await page.getByTestId('advance-PT6H').click();
    await page.getByTestId('tab-mail').click();
    await appears(page.getByTestId('mail-row').first(), { timeout: 15_000 });
    expect(await page.getByTestId('mail-row').first().textContent()).toContain('BreakGlassAdmin');
    expect(await page.getByTestId('portal-row').count()).toBe(0);
    await page.screenshot({ path: resolve(OUT, 'sandbox-report.png') });
  });

  it('keeps the typed text and the focus while the page is drawn again', async () => {
    const reset = page.waitForResponse((response) => response.url().endsWith('/sandbox/reset'));
    await page.getByTestId('reset').click();
    await reset;
    await page.getByTestId('channel-home').click();
    await page.getByTestId('home').locator('button').first().click();
    const reason = page.getByTestId('field-reason');
    await reason.fill('Orders are stuck');
    // The clock on the page advances, so that everything is drawn again.
    const now = await page.getByTestId('now').textContent();
    await page.evaluate(() => fetch('/sandbox/clock', { method: 'POST', body: '{"advance":"PT1M"}' }));
    await appears(page.getByTestId('now').filter({ hasNotText: now ?? '' }));
    expect(await reason.inputValue()).toBe('Orders are stuck');
    expect(await reason.evaluate((element) => element.matches(':focus'))).toBe(true);
    await page.keyboard.press('Escape');
    await disappears(page.getByTestId('modal'), { timeout: 10_000 });
  });
});
