import type { Arriving } from '../parts/network.ts';

/** Whether a call sends the final edition of a report, or an addendum to it. Mails to single people look different. */
export function isFinalReport({ operation, input }: Pick<Arriving, 'operation' | 'input'>): boolean {
  if (operation !== 'sesv2:SendEmail') return false;
  const said = JSON.stringify(input);
  return said.includes('"GLASSHAMMER  ') && !said.includes('First edition:');
}
