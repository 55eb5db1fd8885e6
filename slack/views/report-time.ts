import { GIVEN_UP, reasonOf } from '../../core/access/notify/repeated-events.ts';
import type { AccessEvent, AccessRequest } from '../../core/model/request.ts';
import { secondsAfter, slackDate } from '../wording.ts';
import { noteWords } from './request-parts.ts';

/** CloudTrail delivers late, and credentials outlive the access unless its sessions were cut: the report waits for both. */
export function comingWords(request: AccessRequest, delaySeconds: number | undefined): string {
  const { endedAt, sessionSeconds, sessionsCutAt } = request;
  if (endedAt === undefined || delaySeconds === undefined) return '';
  const lastCredentials = sessionsCutAt ?? secondsAfter(endedAt, sessionSeconds);
  return `:memo: The report comes ${slackDate(secondsAfter(lastCredentials, delaySeconds))}, here and by e-mail.`;
}

/** Why the report is not out yet, or never will be. */
export function unsentWords(event: AccessEvent): string {
  const reason = reasonOf(event);
  if (reason.startsWith(GIVEN_UP))
    return `:warning: The report could not be sent: ${noteWords(reason.slice(GIVEN_UP.length))}`;
  return `:warning: The report could not be sent yet, and is tried again: ${noteWords(reason)}`;
}
