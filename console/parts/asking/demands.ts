import { writtenLength } from '../../../core/model/text.ts';
import type { PreviewView } from '../../../lambdas/api/document/schemas.ts';
import { lengthOf } from '../../words/words.ts';

type Seen = readonly { readonly preview: PreviewView | undefined }[];

/**
 * The reason and tickets that the policies want before all requests of the form can be sent, and how long they may
 * last.
 */
export interface Demands {
  /** ISO 8601; `null`: no policy limits it. */
  readonly longest: string | null;
  /** The shortest reason allowed; letters and digits. */
  readonly reasonMinLength: number;
  /** For each account that demands a ticket: its patterns, joined by "or". */
  readonly tickets: readonly string[];
}

/** The strictest demands of several accounts, because the form is filled in once for all of them. */
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

/** What the requester must still write or leave out before the form can be sent; `undefined`: nothing. */
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
