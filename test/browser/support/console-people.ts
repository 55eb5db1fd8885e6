import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import axe from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import type { RunningSandbox } from '../../../sandbox/server/serve.ts';
import { startSandbox } from '../../scenarios/support/start-sandbox.ts';
import { sharedBrowser } from './shared-browser.ts';
import { appears } from './wait.ts';

export const ROOT = resolve(import.meta.dirname, '../../..');
const OUT = join(ROOT, 'out');

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** Finds texts of several words that may break within a word. */
const SPLIT_WORDS = `[...document.querySelectorAll('body *')]
  .filter((part) => getComputedStyle(part).wordBreak === 'break-all')
  .flatMap((part) => [...part.childNodes])
  .filter((part) => part.nodeType === Node.TEXT_NODE && /\\S\\s+\\S/.test(part.data))
  .map(({ data }) => data)`;

/**
 * Makes a page poll four times as often as for a person, so that tests wait less, and not at all while `inUse` says
 * that it is hidden, like a tab in the background.
 */
const PACE = `{
  const inUse = { state: 'visible' };
  Object.defineProperty(Document.prototype, 'visibilityState', { get: () => inUse.state });
  const { setInterval } = globalThis;
  Object.assign(globalThis, {
    setInterval: (work, ms, ...rest) => setInterval(work, ms < 4000 ? ms : ms / 4, ...rest),
    inUse,
  });
}`;

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** A sandbox with the console open for several people, each in their own browser context. Pictures go to `out/`. */
export class ConsolePeople {
  readonly sandbox: RunningSandbox;
  /** Errors and warnings in the consoles of the pages, such as a blocked file or an exception. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #pages = new Map<string, Page>();
  readonly #pictures: string;

  private constructor(sandbox: RunningSandbox, browser: Browser, pictures: string) {
    this.sandbox = sandbox;
    this.#browser = browser;
    this.#pictures = pictures;
  }

  /** @param pictures prefix of the picture names */
  static async start(pictures: string): Promise<ConsolePeople> {
    const sandbox = await startSandbox({}, 1);
    const browser = await sharedBrowser();
    mkdirSync(OUT, { recursive: true });
    return new ConsolePeople(sandbox, browser, pictures);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#pages.values()].map((page) => page.context().close()));
    await this.sandbox.close();
  }

  /** The page of a person, signed in. Each person has one. */
  async as(userId: string, viewport: typeof WIDE, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const before = this.#pages.get(userId);
    await before?.setViewportSize(viewport);
    await before?.evaluate('inUse.state = "visible"');
    const page = before ?? (await this.#newPage(userId, viewport, colorScheme));
    this.#pages.set(userId, page);
    return page;
  }

  async #newPage(userId: string, viewport: typeof WIDE, colorScheme: 'light' | 'dark'): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport,
      colorScheme,
      timezoneId: 'Europe/Berlin',
      locale: 'en-GB',
      reducedMotion: 'reduce',
    });
    await context.addInitScript(PACE);
    const page = await context.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()))
        this.complaints.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', ({ message }) => this.complaints.push(message));
    await page.goto(`${this.sandbox.url}/console/`);
    await page.getByTestId(`as-${userId}`).click();
    await appears(page.getByTestId('new-request').first());
    return page;
  }

  /** Hides the pages of all people, until `as` shows one again. */
  async leave(): Promise<void> {
    for (const page of this.#pages.values()) await page.evaluate('inUse.state = "hidden"');
  }

  /** Advances the clock and does everything that falls due. @param length ISO 8601 */
  async pass(length: string): Promise<void> {
    const body = JSON.stringify({ advance: length });
    expect((await fetch(`${this.sandbox.url}/sandbox/clock`, { method: 'POST', body })).status).toBe(200);
  }

  /** Makes a person ask through the API. @returns the state of the request */
  async ask(userId: string, ask: { readonly reason: string }): Promise<string | undefined> {
    const token = this.sandbox.current().signIn.tokensOf(userId)?.idToken;
    const made = await fetch(`${this.sandbox.url}/v1/people/${userId}/requests`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(ask),
    });
    expect(made.status).toBe(201);
    return ((await made.json()) as { readonly state?: string }).state;
  }

  /** Makes a person ask through the API, unless a request with the same reason exists. */
  async hasAsked(userId: string, ask: { readonly reason: string }): Promise<void> {
    const state = await (await fetch(`${this.sandbox.url}/sandbox/state`)).json();
    const { requests } = state as { readonly requests: readonly { readonly reason: string }[] };
    if (!requests.some(({ reason }) => reason === ask.reason)) await this.ask(userId, ask);
  }

  /** Calls AWS actions with the access that a person has to Production. */
  async usePortal(principalId: string, set: string, ...actions: readonly string[]): Promise<void> {
    const permissionSetArn = `arn:aws:sso:::permissionSet/ssoins-12345/${set}`;
    for (const action of actions) {
      const body = JSON.stringify({ principalId, accountId: '123456789012', permissionSetArn, action });
      expect((await fetch(`${this.sandbox.url}/sandbox/portal/use`, { method: 'POST', body })).status).toBe(200);
    }
  }

  /** Waits for a matching Slack message, which may come later than the page shows the fact. @throws after 20 seconds */
  async waitForSlack(wanted: RegExp): Promise<void> {
    let said = '';
    for (const until = Date.now() + 20_000; Date.now() < until && !wanted.test(said); ) {
      const { messages } = (await (await fetch(`${this.sandbox.url}/sandbox/state`)).json()) as {
        readonly messages: readonly { readonly blocks: unknown }[];
      };
      said = JSON.stringify(messages.map(({ blocks }) => blocks));
      if (!wanted.test(said)) await setTimeout(250);
    }
    expect(said).toMatch(wanted);
  }

  /**
   * Takes a picture and checks the page: no serious accessibility violation (axe), nothing wider than the window, and
   * no sentence that breaks within a word.
   */
  async lookAt(page: Page, name: string, { fullPage = false } = {}): Promise<void> {
    await page.screenshot({ path: join(OUT, `${this.#pictures}-${name}.png`), fullPage });
    // Half a megabyte of script, which stays until the page is reloaded.
    if (await page.evaluate('globalThis.axe === undefined')) await page.evaluate(axe.source);
    const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResult;
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect([name, serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))])]).toEqual([
      name,
      [],
    ]);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect([name, overflow]).toEqual([name, 0]);
    expect([name, await page.evaluate(SPLIT_WORDS)]).toEqual([name, []]);
  }
}

/** Goes to a page of the console, such as `/audit`. */
export const go = (page: Page, hash: string) =>
  page.evaluate((to) => {
    (globalThis as unknown as { location: { hash: string } }).location.hash = to;
  }, hash);

/** Chooses an option of a list. */
export async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByTestId(field).locator('button').first().click();
  await page.getByRole('option', { name: option }).first().click();
}

/** Scrolls the element to the top of the window, as far as the page can scroll. */
export const toTop = (part: Locator) =>
  part.evaluate((element) => (element as unknown as { scrollIntoView(): void }).scrollIntoView());
