import { minute } from '../../access/notify/mail-hand.ts';
import type { PersonMail } from '../../access/notify/mail-words.ts';
import { consolePage } from '../../access/notify/request-page.ts';
import type { Now } from '../../access/ports.ts';
import { oneLine } from '../../model/text.ts';
import type { Proposal, ProposalStore } from './proposal.ts';

export interface TellProposalsServices {
  readonly proposals: Pick<ProposalStore, 'open'>;
  /** Of which proposals operators were told. */
  readonly told: {
    has(id: string): Promise<boolean>;
    /** @param at ISO 8601 */
    note(id: string, at: string): Promise<void>;
  };
  /** @throws when nobody could be told */
  tell(proposal: Proposal): Promise<void>;
  /** One could not be told of; the others were, and it is tried again with the next run. */
  onFailure(error: unknown, id: string): void;
  readonly now: Now;
}

/**
 * Tells operators of each change that waits for one of them. It is told first and noted then: told twice harms nobody, noted alone would
 * leave it unheard.
 *
 * @returns how many were told of now
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

/** To an operator, where there is no Slack: that a change waits. What it would change is shown where one signs in. */
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
