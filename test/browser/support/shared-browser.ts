import { type Browser, chromium } from 'playwright-core';

let launched: Promise<Browser> | undefined;

/** One Chromium for all test files of the process. Each file closes its own pages. @throws if it does not start */
export function sharedBrowser(): Promise<Browser> {
  launched ??= chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  });
  return launched;
}

/** Closes the browser after the last file. Harmless if it was never started. */
export async function closeSharedBrowser(): Promise<void> {
  await (await launched)?.close();
}
