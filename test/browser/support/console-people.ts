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

/** The texts of more than one word that break anywhere. */
const SPLIT_WORDS = `[...document.querySelectorAll('body *')]
  .filter((part) => getComputedStyle(part).wordBreak === 'break-all')
  .flatMap((part) => [...part.childNodes])
  .filter((part) => part.nodeType === Node.TEXT_NODE && /\\S\\s+\\S/.test(part.data))
  .map(({ data }) => data)`;

/**
 * A page asks again four times as often as a person's does, so that nobody waits long for what has happened; and not at all while its
 * person does something else, as in a tab behind another.
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

/** A sandbox whose console people have open, each in a browser of their own. Pictures go to `out/`. */
export class ConsolePeople {
  readonly sandbox: RunningSandbox;
  /** What the pages complained of: a blocked file, a broken script. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #pages = new Map<string, Page>();
  readonly #pictures: string;

  private constructor(sandbox: RunningSandbox, browser: Browser, pictures: string) {
    this.sandbox = sandbox;
    this.#browser = browser;
    this.#pictures = pictures;
  }

  /** @param pictures how the names of the pictures begin */
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

  /** Somebody's browser, signed in; one for each. */
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

  /** Everybody turns to something else, until they are called for again. */
  async leave(): Promise<void> {
    for (const page of this.#pages.values()) await page.evaluate('inUse.state = "hidden"');
  }

  /** Time goes by, and all that is due in it is done. @param length ISO 8601 */
  async pass(length: string): Promise<void> {
    const body = JSON.stringify({ advance: length });
    expect((await fetch(`${this.sandbox.url}/sandbox/clock`, { method: 'POST', body })).status).toBe(200);
  }

  /** Somebody asks over the API. @returns the state of what came of it */
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

  /** Has somebody ask for it, unless an earlier test has. */
  async hasAsked(userId: string, ask: { readonly reason: string }): Promise<void> {
    const state = await (await fetch(`${this.sandbox.url}/sandbox/state`)).json();
    const { requests } = state as { readonly requests: readonly { readonly reason: string }[] };
    if (!requests.some(({ reason }) => reason === ask.reason)) await this.ask(userId, ask);
  }

  /** Somebody does something with the access they have to Production. */
  async usePortal(principalId: string, set: string, ...actions: readonly string[]): Promise<void> {
    const permissionSetArn = `arn:aws:sso:::permissionSet/ssoins-12345/${set}`;
    for (const action of actions) {
      const body = JSON.stringify({ principalId, accountId: '123456789012', permissionSetArn, action });
      expect((await fetch(`${this.sandbox.url}/sandbox/portal/use`, { method: 'POST', body })).status).toBe(200);
    }
  }

  /** Waits until Slack says something like this; a page may know of it before. @throws after twenty seconds */
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
   * Nothing serious is in the way of whoever does not see, or does not use a mouse; nothing is wider than the screen, and no sentence
   * breaks within a word.
   */
  async lookAt(page: Page, name: string, { fullPage = false } = {}): Promise<void> {
    await page.screenshot({ path: join(OUT, `${this.#pictures}-${name}.png`), fullPage });
    // Half a megabyte of script, which stays until the page is loaded anew.
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

/** Chooses what a list offers. */
export async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByTestId(field).locator('button').first().click();
  await page.getByRole('option', { name: option }).first().click();
}

/** Scrolls until it begins at the top of the window, as far as there is anything to scroll. */
export const toTop = (part: Locator) =>
  part.evaluate((element) => (element as unknown as { scrollIntoView(): void }).scrollIntoView());
