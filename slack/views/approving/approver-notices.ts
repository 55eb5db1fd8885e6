import { lastEvent } from '../../../core/access/notify/outcome-words.ts';
import type { Refusal } from '../../../core/model/refusal.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import type { MessageView } from '../../blocks.ts';
import { type People, personWords } from '../../people.ts';
import { sentenceFor } from '../../words/sentences.ts';
import { slackDate } from '../../words/wording.ts';
import { noteWords, targetWords } from '../asking/request-parts.ts';
import { notice } from '../ephemerals.ts';
import { statusLines } from '../status-lines.ts';

/** Ephemeral notices to people who take part in an approval. */

/** The answer to "I'm looking". */
export function claimedNotice(request: AccessRequest): MessageView {
  return notice(
    `:eyes: The others see that you are looking at ${targetWords(request)}. It still waits for a decision.`,
  );
}

/** The answer to a request that was handed on. @param to principal id */
export function handedOnTo(request: AccessRequest, to: string, people?: People): MessageView {
  return notice(
    `:point_right: ${personWords(to, request, people)} is asked by name. You may still decide it yourself.`,
  );
}

/** The answer to a nudge: the approvers have been mentioned once more. */
export function nudgedNotice(request: AccessRequest): MessageView {
  return notice(`:bell: Those who can approve ${targetWords(request)} are mentioned once more.`);
}

/** For an approver whose press came too late: who decided the request, and how. */
export function lostRaceNotice(refusal: Refusal, request: AccessRequest, people?: People): MessageView {
  return notice(`:no_entry: ${sentenceFor(refusal)}`, howDecided(request, people));
}

function howDecided(request: AccessRequest, people?: People): string {
  const decided = lastEvent(request, 'denied') ?? lastEvent(request, 'approved');
  if (request.state === 'pending') return '';
  if (decided === undefined || ['cancelled', 'expired', 'refused'].includes(request.state)) {
    const { sign, headline } = statusLines(request, { people });
    return `${sign} ${headline}`;
  }
  const by = personWords(decided.by, request, people);
  const how = decided.type === 'denied' ? `:x: ${by} denied it` : `:white_check_mark: ${by} approved it`;
  const note = decided.type === 'denied' ? noteWords(decided.note) : '';
  return `${how} ${slackDate(decided.at)}${note === '' ? '.' : `: ${note}`}`;
}
