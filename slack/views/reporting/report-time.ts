import { GIVEN_UP, reasonOf } from '../../../core/access/notify/repeated-events.ts';
import type { AccessEvent, AccessRequest } from '../../../core/model/request.ts';
import { reportTimes } from '../../../core/sessions/live-sessions.ts';
import { slackDate } from '../../words/wording.ts';
import { noteWords } from '../asking/request-parts.ts';

/**
 * When the report comes. CloudTrail delivers late, and credentials outlive the access unless its sessions were cut: the
 * final edition waits for both, the first edition for minutes only. A first edition is not promised if there will be
 * none.
 */
export function comingWords(request: AccessRequest, delaySeconds: number | undefined): string {
  if (request.endedAt === undefined || delaySeconds === undefined) return '';
  const { first, final } = reportTimes(request, delaySeconds);
  const last = slackDate(final);
  if (request.events.some(({ type }) => type === 'first-report'))
    return `:memo: The first edition of the report is out; the final one comes ${last}, here and by e-mail.`;
  return first < final
    ? `:memo: The report comes ${slackDate(first)} in a first edition and ${last} in its final one, here and by e-mail.`
    : `:memo: The report comes ${last}, here and by e-mail.`;
}

/** Why the report is not sent yet, or never will be. */
export function unsentWords(event: AccessEvent): string {
  const reason = reasonOf(event);
  if (reason.startsWith(GIVEN_UP))
    return `:warning: The report could not be sent: ${noteWords(reason.slice(GIVEN_UP.length))}`;
  return `:warning: The report could not be sent yet, and is tried again: ${noteWords(reason)}`;
}
