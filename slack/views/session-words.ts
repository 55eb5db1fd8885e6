import { reasonOf } from '../../core/access/notify/repeated-events.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import { isGroupTarget } from '../../core/model/target.ts';
import { secondsAfter, slackDate, slackSecond } from '../words/wording.ts';
import { noteWords } from './asking/request-parts.ts';

/** Whether credentials fetched before the end still work: their sessions were cut, or may live until they run out. */
export function outliveWords(request: AccessRequest): string {
  // A person who keeps the access keeps its credentials; another line says that they keep it.
  if (request.endedAt === undefined || request.sessionsLeft === 'kept') return '';
  if (request.sessionsCutAt !== undefined)
    return `:scissors: Sessions cut ${slackSecond(request.sessionsCutAt)} (verified): credentials fetched before the end no longer work. Anybody who has the same access another way must fetch new ones.`;
  const failed = request.events.findLast(({ type }) => type === 'sessions-cut-failed');
  const why =
    failed === undefined
      ? ''
      : `:warning: Live sessions could not be cut, which is tried until they have run out: ${noteWords(reasonOf(failed))}. `;
  return `${why}${runOutWords(request, request.endedAt)}`;
}

/**
 * The same for a grant that failed: Identity Center may have made the assignment for a moment, in which the requester
 * could fetch credentials. Empty if Identity Center was asked for nothing that could have given any.
 */
export function failedOutliveWords(request: AccessRequest): string {
  if (request.grant?.standing !== false || isGroupTarget(request.target)) return '';
  const mayHaveGiven = request.grant.operationId !== undefined || request.sessionsCutAt !== undefined;
  return mayHaveGiven || hasFailed(request) ? outliveWords(request) : '';
}

function hasFailed({ events }: AccessRequest): boolean {
  return events.some(({ type }) => type === 'sessions-cut-failed');
}

function runOutWords(request: AccessRequest, endedAt: string): string {
  if (request.sessionSeconds > 0) {
    return `Credentials fetched before the end may work until ${slackDate(secondsAfter(endedAt, request.sessionSeconds))}.`;
  }
  return isGroupTarget(request.target)
    ? 'Credentials fetched before the end may work for as long as the sessions of what the group gives.'
    : '';
}
