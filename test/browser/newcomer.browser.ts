import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { defaultSeed } from '../../sandbox/aws/world/seed.ts';
import { type RunningSandbox, serveSandbox } from '../../sandbox/server/serve.ts';
import { ensureFunctions } from '../../scripts/build-functions.ts';
import { sharedBrowser } from './support/shared-browser.ts';
import { appears, disappears } from './support/wait.ts';

const OUT = resolve(import.meta.dirname, '../../out');

describe('the sandbox page leads a newcomer', () => {
  let sandbox: RunningSandbox;
  let browser: Browser;

  beforeAll(async () => {
    await ensureFunctions();
    mkdirSync(OUT, { recursive: true });
    const seed = defaultSeed();
    sandbox = await serveSandbox({
      seed,
      speed: 1,
      port: 0,
      root: resolve(import.meta.dirname, '../..'),
      withAlert: true,
      skipPauses: true,
      skipIdleSchedules: true,
    });
    browser = await sharedBrowser();
  });

  afterAll(async () => {
    await sandbox.close();
  });

  /** A window of this size, on a sandbox that was reset. */
  async function opened(width: number, height: number): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height }, timezoneId: 'America/New_York' });
    await page.request.post(`${sandbox.url}/sandbox/reset`, { data: {} });
    // Warms the function up: Slack gives a form three seconds to open, too few for a cold function on a busy machine.
    await page.request.post(`${sandbox.url}/sandbox/slack/home`, { data: { user: 'U0BEN' } });
    await page.goto(sandbox.url);
    await appears(page.getByTestId('button-break_glass').first());
    return page;
  }

  /** Presses a button in Slack and waits until the sandbox has answered. */
  async function pressed(page: Page, button: string): Promise<void> {
    const heard = page.waitForResponse((response) => response.url().includes('/sandbox/slack/'));
    await page.getByTestId(button).click();
    await heard;
  }

  /** Advances the clock by the time that a grant takes. */
  async function pass(page: Page): Promise<void> {
    await page.request.post(`${sandbox.url}/sandbox/clock`, { data: { advance: 'PT30S' } });
  }

  /** By how many pixels the page is wider than the window. */
  const overflow = (page: Page) =>
    page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

  /** A picture of the conversation only, as in README.md. */
  async function picture(page: Page, file: string): Promise<void> {
    await page.getByTestId('messages').screenshot({ path: resolve(OUT, file) });
  }

  it.each([
    ['wide', 1440, 900],
    ['narrow', 1024, 768],
    ['phone', 390, 844],
  ])('to the mail in five clicks, in a %s window', async (name, width, height) => {
    const page = await opened(width, height);
    expect(await page.getByTestId('next-break-glass').textContent()).toContain('press Break Glass Prod');
    expect(await page.getByTestId('now').textContent()).toMatch(/UTC$/);
    await page.getByTestId('button-break_glass').first().click();
    await pressed(page, 'confirm-ok');
    await pass(page);
    await appears(page.getByTestId('portal-row').first(), { timeout: 30_000 });
    await appears(page.getByTestId('button-request.done').first(), { timeout: 30_000 });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.screenshot({ path: resolve(OUT, `newcomer-active-${name}.png`), fullPage: width < 500 });
    await picture(page, `messages-active-${name}.png`);
    await page.getByTestId('skip-report').click();
    await page.getByTestId('tab-mail').click();
    await page.getByTestId('mail-row').first().click({ timeout: 120_000 });
    expect(await page.getByTestId('next-report').count()).toBe(0);
    await page.screenshot({ path: resolve(OUT, `newcomer-mail-${name}.png`), fullPage: width < 500 });
    await page.close();
  });

  it.each([
    ['wide', 1440, 900],
    ['phone', 390, 844],
  ])('through asking and approving by three people, in a %s window', async (name, width, height) => {
    const page = await opened(width, height);
    await page.getByTestId('show-approve').click();
    expect(await page.getByTestId('viewer').inputValue()).toBe('U0BEN');
    const clock = await page.getByTestId('now').textContent();
    await page.getByTestId('composer').fill('/access prod admin 1h "Rebuild the index"');
    await page.getByTestId('composer-send').click();
    await appears(page.getByTestId('modal'), { timeout: 30_000 });
    expect(await page.getByTestId('modal').textContent()).toContain('Needs 1 approval');
    // The date field uses the time zone of the person, and the decision for the chosen start appears at once.
    const later = new Date(Date.now() + 26 * 3600_000).toISOString().slice(0, 16);
    await page.getByTestId('field-start').fill(later);
    await page.getByTestId('field-start').dispatchEvent('change');
    await appears(page.getByText(/it is given from/), { timeout: 30_000 });
    expect(await page.getByTestId('field-start').inputValue()).toBe(later);
    expect(await page.getByTestId('field-reason').inputValue()).toBe('Rebuild the index');
    await page.screenshot({ path: resolve(OUT, `newcomer-form-${name}.png`) });
    await page.getByTestId('field-start').fill('');
    await page.getByTestId('modal-submit').click();
    await disappears(page.getByTestId('modal'), { timeout: 30_000 });

    await appears(page.getByTestId('unread-C0ACCESS'), { timeout: 30_000 });
    await page.getByTestId('show-approve').click();
    expect(await page.getByTestId('viewer').inputValue()).toBe('U0CLEO');
    // The shown time does not change when the viewer changes.
    expect((await page.getByTestId('now').textContent())?.slice(0, 20)).toBe(clock?.slice(0, 20));
    await appears(page.getByTestId('button-request.approve').first(), { timeout: 30_000 });
    await page.screenshot({ path: resolve(OUT, `newcomer-card-${name}.png`), fullPage: width < 500 });
    await picture(page, `messages-card-${name}.png`);
    await page.getByTestId('button-request.approve').first().click();
    await pressed(page, 'confirm-ok');
    await appears(page.getByText(/as Ben again/), { timeout: 30_000 });
    await page.getByTestId('show-approve').click();
    await pass(page);
    await appears(page.getByTestId('button-request.done').first(), { timeout: 30_000 });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    // A person can ask for access about any message.
    await page.getByTestId('message-shortcut').first().click();
    await appears(page.getByTestId('modal'), { timeout: 30_000 });
    expect(await page.getByTestId('modal').textContent()).toContain('Deployment');
    await page.close();
  });
});
