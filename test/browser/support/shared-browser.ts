import { type Browser, chromium } from 'playwright-core';

let launched: Promise<Browser> | undefined;

/** One chromium for all test files of the process, each of which closes the pages it opened. @throws where it does not start */
export function sharedBrowser(): Promise<Browser> {
  launched ??= chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  });
  return launched;
}

/** Ends it, after the last file; harmless where it was never begun. */
export async function closeSharedBrowser(): Promise<void> {
  await (await launched)?.close();
}
