import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { readSeed } from '../../sandbox/aws/world/seed.ts';
import { type RunningSandbox, serveSandbox } from '../../sandbox/server/serve.ts';
import { ensureFunctions } from '../../scripts/build-functions.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const OUT = join(ROOT, 'out');

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

const ADDED = `- name: eva-reads-staging
  effect: allow
  who: [user:eva@example.com]
  accounts: ["234567890123"]
  permissionSets: [ReadOnlyAccess]
  maxDuration: 1h
`;

describe('changes of the policies in the console', () => {
  let sandbox: RunningSandbox;
  let browser: Browser;

  beforeAll(async () => {
    await ensureFunctions();
    sandbox = await serveSandbox({ seed: readSeed({}), speed: 1, port: 0, root: ROOT });
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
    });
    mkdirSync(OUT, { recursive: true });
  });

  afterAll(async () => {
    await browser.close();
    await sandbox.close();
  });

  async function policiesAs(userId: string, viewport: typeof WIDE): Promise<Page> {
    const page = await (await browser.newContext({ viewport })).newPage();
    await page.goto(`${sandbox.url}/console/`);
    await page.getByTestId(`as-${userId}`).click();
    await page.getByTestId('new-request').first().waitFor();
    await page.evaluate("location.hash = '/policies'");
    await page.getByTestId('propose').waitFor();
    return page;
  }

  /** Keeps a picture, and finds nothing serious for who cannot see it, nor anything that is wider than the screen. */
  async function lookAt(page: Page, name: string): Promise<void> {
    await page.screenshot({ path: join(OUT, `policies-${name}.png`), fullPage: true });
    await page.evaluate(axe.source);
    const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
      readonly violations: readonly { readonly id: string; readonly impact: string }[];
    };
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
  }

  it('one operator proposes by keyboard, another accepts on a phone, and it is so', async () => {
    const ana = await policiesAs('user-ana', WIDE);
    await ana.getByText('No change waits.').waitFor();
    await ana.getByTestId('propose').press('Enter');
    const text = ana.getByTestId('policies-text').locator('textarea');
    const before = await text.inputValue();
    expect(before).toContain('- name: ');
    expect(await ana.getByTestId('policies-propose').isDisabled()).toBe(true);

    await text.fill(`${before}${ADDED.replace('eva@', 'nobody@')}`);
    await ana.getByTestId('policies-look').press('Enter');
    await ana.getByTestId('policies-check').getByText('there is no user nobody@example.com').first().waitFor();
    expect(await ana.getByTestId('policies-propose').isDisabled()).toBe(true);

    await text.fill(`${before}${ADDED}`);
    await ana.getByTestId('policies-note').locator('input').fill('Eva looks at staging');
    await ana.getByTestId('policies-look').press('Enter');
    await ana.getByText('1 person (eva@example.com) gains ReadOnlyAccess in Staging').waitFor();
    await lookAt(ana, 'propose');
    await ana.getByTestId('policies-propose').press('Enter');
    await ana.getByText('Proposed by ana@example.com').click();
    await ana.getByText('Another operator has to accept it.', { exact: true }).waitFor();
    expect(await ana.getByTestId('accept').count()).toBe(0);

    const eva = await policiesAs('user-eva', PHONE);
    await eva.getByText('Proposed by ana@example.com').click();
    await eva.getByText('1 person (eva@example.com) gains ReadOnlyAccess in Staging').waitFor();
    await lookAt(eva, 'accept-phone');
    await eva.getByTestId('accept').click();
    await eva.getByText('No change waits.').waitFor();
    await eva.getByText('eva-reads-staging').first().waitFor();
  }, 120_000);
});
