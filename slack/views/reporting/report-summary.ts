import type { AccessRequest } from '../../../core/model/request.ts';
import { blocks, context, type MessageView, section } from '../../blocks.ts';
import { LIMITS } from '../../limits.ts';
import { requesterWords } from '../../people.ts';
import { cut, oneLine } from '../../words/wording.ts';
import { targetWords, traceLine } from '../asking/request-parts.ts';
import { outliveWords } from '../session-words.ts';

/** How many lines are shown; the mail has all. */
const MOST_LINES = 5;

/** The summary of a report in the thread: a few plain-text lines, which are escaped here. */
export function reportSummary(request: AccessRequest, lines: readonly string[]): MessageView {
  const headline = `:memo: *Report:* ${requesterWords(request)} had ${targetWords(request)}.`;
  const shown = lines.slice(0, MOST_LINES).map((line) => oneLine(line, 400));
  return {
    text: cut([headline, ...shown].join('\n'), LIMITS.messageText),
    blocks: blocks(section(headline, ...shown), context(outliveWords(request), traceLine(request))),
  };
}
