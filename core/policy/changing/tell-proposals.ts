import { minute } from '../../access/notify/mail-hand.ts';
import type { PersonMail } from '../../access/notify/mail-words.ts';
import { consolePage } from '../../access/notify/request-page.ts';
import type { Now } from '../../access/ports.ts';
import { oneLine } from '../../model/text.ts';
import type { Proposal, ProposalStore } from './proposal.ts';

export interface TellProposalsServices {
  readonly proposals: Pick<ProposalStore, 'open'>;
  /** The proposals that operators were already notified of. */
  readonly told: {
    has(id: string): Promise<boolean>;
    /** @param at ISO 8601 */
    note(id: string, at: string): Promise<void>;
  };
  /** Notifies operators. @throws when nobody could be notified */
  tell(proposal: Proposal): Promise<void>;
  /** Called for a proposal whose notification failed. The others go out; the next run tries this one again. */
  onFailure(error: unknown, id: string): void;
  readonly now: Now;
}

/**
 * Notifies operators of each waiting proposal, once. It notifies first and records that afterwards: a failure in
 * between leads to a second message instead of none.
 *
 * @returns how many proposals operators were notified of in this run
 */
export async function tellProposals({ proposals, told, tell, onFailure, now }: TellProposalsServices): Promise<number> {
  const at = now().toISOString();
  let count = 0;
  for (const proposal of await proposals.open(at)) {
    try {
      if (await told.has(proposal.id)) continue;
      await tell(proposal);
      await told.note(proposal.id, at);
      count += 1;
    } catch (error) {
      onFailure(error, proposal.id);
    }
  }
  return count;
}

/** The mail to an operator about a waiting proposal, without Slack. The change is only shown after sign-in. */
export function proposalMail(
  { id, userName, note, expiresAt }: Proposal,
  { consoleUrl }: { readonly consoleUrl?: string | undefined },
): PersonMail {
  const who = oneLine(userName, 80);
  return {
    subject: `${who} proposes a change of the policies`,
    title: `${who} proposes a change of the policies`,
    tone: 'plain',
    said: [
      ...(note.trim() === '' ? [] : [`“${oneLine(note, 500)}”`]),
      'Another operator looks at what it would change, and accepts it or turns it down.',
    ],
    facts: [{ label: 'Waits until', value: minute(expiresAt) }],
    action: {
      words: 'Look at it and decide',
      ...(consoleUrl === undefined
        ? { command: `glasshammer policy proposal ${id}` }
        : { href: consolePage(consoleUrl, 'policies') }),
    },
    notes: [
      'This mail decides nothing: you sign in, look at the change and decide there.',
      'You get this as an operator.',
    ],
  };
}
