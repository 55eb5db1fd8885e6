import type { Proposal } from '../../core/policy/changing/proposal.ts';
import { blocks, context, type MessageView, section } from '../blocks.ts';
import { LIMITS } from '../limits.ts';
import { bold, code, cut, quote, slackDate } from '../words/wording.ts';

/**
 * Tells operators that a change of the policies waits for one of them. It neither has buttons nor says what the change
 * would do.
 */
export function proposalMessage({ id, userName, note, expiresAt }: Proposal): MessageView {
  const headline = `:memo: ${bold(userName) || 'An operator'} proposes a change of the policies.`;
  return {
    text: cut(headline, LIMITS.messageText),
    blocks: blocks(
      section(headline, ...(note.trim() === '' ? [] : [quote(note, 500)])),
      section('Another operator looks at what it would change, and accepts it or turns it down.'),
      context(`Until ${slackDate(expiresAt)} · ${code(`glasshammer policy proposal ${id}`)}`),
    ),
  };
}
