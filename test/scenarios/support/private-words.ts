import type { Driver } from './driver.ts';

/** What a call from Slack contains and no log may contain: secrets, ids, tokens, and what people wrote. */
const PRIVATE = [
  'sandbox-signing-secret',
  'xoxb-sandbox',
  'legacy-token',
  'secret-response-url',
  'hooks.slack.com',
  'v0=',
  '.trigger',
  'callback_id',
  'original_message',
  'U0ANA',
  'U0GUS',
  'C0ALERTS',
  'ana@example.com',
];

/** Expects that the functions' logs hold events, and nothing private from a call. @param more further private words */
export async function expectQuietLogs(driver: Driver, ...more: string[]): Promise<void> {
  const logs = await driver.logs();
  expect(logs).toContain('"event"');
  expect([...PRIVATE, ...more].filter((word) => logs.includes(word))).toEqual([]);
}

/** The text of an answer that only the person sees. */
export function said(answer: { readonly text: string }): string {
  const shown = JSON.parse(answer.text) as Record<string, unknown>;
  expect(shown).toMatchObject({ response_type: 'ephemeral', replace_original: false });
  return String(shown.text);
}
