import type { Arriving } from '../parts/network.ts';

/** Is this the mail of a report in its final edition, or of an addendum to it? Mails to one person look otherwise. */
export function isFinalReport({ operation, input }: Pick<Arriving, 'operation' | 'input'>): boolean {
  if (operation !== 'sesv2:SendEmail') return false;
  const said = JSON.stringify(input);
  return said.includes('"GLASSHAMMER  ') && !said.includes('First edition:');
}
