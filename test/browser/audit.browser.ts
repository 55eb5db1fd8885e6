import type { Locator, Page } from 'playwright-core';
import { ConsolePeople, go, WIDE } from './support/console-people.ts';
import { appears } from './support/wait.ts';

interface Field {
  value: string;
  dispatchEvent(event: unknown): void;
}

describe('the filters of the audit page in the console', () => {
  let people: ConsolePeople;

  beforeAll(async () => {
    people = await ConsolePeople.start('filters');
  });
  afterAll(() => people.stop());

  const text = (page: Page): Locator => page.getByTestId('filter-text').locator('input');
  const set = (page: Page): Locator => page.getByTestId('filter-set').locator('input');
  const from = (page: Page): Locator => page.getByTestId('filter-from').locator('input');
  /** The first field once it has this text: the page follows a change of its URL a moment later. */
  const shown = (page: Page, typed: string): Locator =>
    page.locator(`[data-testid=filter-text] input[value="${typed}"]`);
  const typedIn = (page: Page) => Promise.all([text(page), set(page), from(page)].map((field) => field.inputValue()));

  it('keeps what was typed in the last of several fields, even if the person leaves the page at once', async () => {
    const ana = await people.as('user-ana', WIDE);
    await go(ana, '/audit');
    await text(ana).fill('stuck');
    await set(ana).fill('ReadOnlyAccess');
    // In one turn of the event loop of the page, so that no timer can fire in between.
    const left = await from(ana).evaluate(async (element) => {
      const field = element as unknown as Field;
      const { location, Event, HTMLInputElement } = globalThis as unknown as {
        location: { hash: string };
        Event: new (type: string, init: object) => unknown;
        HTMLInputElement: { prototype: object };
      };
      // The setter that React puts over the property would not count the value as typed.
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, '2026/01/05');
      field.dispatchEvent(new Event('input', { bubbles: true }));
      await Promise.resolve();
      const { hash } = location;
      location.hash = '/drift';
      return hash;
    });
    expect(decodeURIComponent(left)).toBe('#/audit?text=stuck&set=ReadOnlyAccess&from=2026-01-04T23:00:00.000Z');
    await appears(ana.getByRole('heading', { name: 'Drift', level: 1 }));
    await ana.goBack();
    await appears(from(ana));
    expect(await typedIn(ana)).toEqual(['stuck', 'ReadOnlyAccess', '2026/01/05']);
    await ana.reload();
    await appears(from(ana));
    expect(await typedIn(ana)).toEqual(['stuck', 'ReadOnlyAccess', '2026/01/05']);
  });

  it('has only the filters that are in its URL, so that the link Audit clears them', async () => {
    const ana = await people.as('user-ana', WIDE);
    const navigation = ana.locator('a[href="#/audit"]');
    await go(ana, '/drift');
    await appears(ana.getByRole('heading', { name: 'Drift', level: 1 }));
    await navigation.click();
    await text(ana).fill('stuck');
    await ana.waitForURL(/text=stuck/);
    await navigation.click();
    await ana.waitForURL(/#\/audit$/);
    await appears(shown(ana, ''));
    await ana.goBack();
    await appears(shown(ana, 'stuck'));
  });
});
