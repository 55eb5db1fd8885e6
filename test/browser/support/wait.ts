import type { Locator } from 'playwright-core';

/** With a timeout below 2.5 s Playwright polls ten times a second, with a longer one only twice. Milliseconds. */
const LOOK_OFTEN_MS = 2000;

/** Waits until the element is visible. @param timeout milliseconds @throws if it is not by then */
export const appears = (locator: Locator, { timeout = 30_000 } = {}) => waitUntil(locator, 'visible', timeout);

/** Waits until the element is gone from the page. @param timeout milliseconds @throws if it is still there */
export const disappears = (locator: Locator, { timeout = 30_000 } = {}) => waitUntil(locator, 'detached', timeout);

async function waitUntil(locator: Locator, state: 'visible' | 'detached', timeout: number): Promise<void> {
  const until = Date.now() + timeout;
  for (;;) {
    try {
      await locator.waitFor({ state, timeout: LOOK_OFTEN_MS });
      return;
    } catch (error) {
      if (!(error instanceof Error && error.name === 'TimeoutError') || Date.now() >= until) throw error;
    }
  }
}
