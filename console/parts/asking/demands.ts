import { writtenLength } from '../../../core/model/text.ts';
import type { PreviewView } from '../../../lambdas/api/document/schemas.ts';
import { lengthOf } from '../../words/words.ts';

type Seen = readonly { readonly preview: PreviewView | undefined }[];

/** What has to be written before all of it can be asked for, and how long that may last. */
export interface Demands {
  /** ISO 8601; `null`: nobody has said. */
  readonly longest: string | null;
  /** Letters and digits. */
  readonly reasonMinLength: number;
  /** Of each account that wants a ticket: the forms of which it wants one. */
  readonly tickets: readonly string[];
}

/** Of several accounts, the strictest of each: one form is written for all of them. */
export function demandsOf(all: Seen): Demands {
  const previews = all.flatMap(({ preview }) => preview ?? []);
  const longest = previews.flatMap((preview) => preview.longest ?? []).sort((a, b) => lengthOf(a) - lengthOf(b))[0];
  const tickets = previews.map(({ ticketPatterns }) => ticketPatterns.join(' or ')).filter((forms) => forms !== '');
  return {
    longest: longest ?? null,
    reasonMinLength: Math.max(0, ...previews.map((preview) => preview.reasonMinLength)),
    tickets: [...new Set(tickets)],
  };
}

/** Why it cannot be asked for yet, as far as it lies with what is written or chosen. */
export function lacksOf(
  all: Seen,
  { reason, ticket }: { readonly reason: string; readonly ticket: string },
): string | undefined {
  const { reasonMinLength, tickets } = demandsOf(all);
  if (writtenLength(reason) < reasonMinLength) return 'Write a reason first';
  if (tickets.length > 0 && ticket.trim() === '') return 'Name the ticket first';
  if (all.length > 1 && all.some(({ preview }) => preview?.outcome === 'refused'))
    return 'Leave out what is not allowed';
  return undefined;
}
