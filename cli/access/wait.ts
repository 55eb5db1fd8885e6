import { isOver, isState } from '../../core/model/life-cycle.ts';
import type { CliIo } from '../terminal/io.ts';
import { line } from '../terminal/terminal-text.ts';
import { type ApiServices, ApiUnreachableError } from './api-client.ts';
import { ApiProblemError, type Session, type ShownRequest } from './session.ts';

/**
 * Time between two looks. Milliseconds: quick enough for a person, and a hundred people who wait make at most fifty
 * calls a second.
 */
export const LOOK_EVERY_MS = 2_000;

/**
 * Waits until access is active or will never be, and prints what it waits for. When the request joins an existing
 * access, it waits for that access. While the API cannot be reached it keeps waiting, because the request exists
 * anyway.
 *
 * @param stopped ends the waiting; the result is then the request as last seen
 */
export async function waitForAccess(
  request: ShownRequest,
  session: Session,
  { pause }: Pick<ApiServices, 'pause'>,
  io: Pick<CliIo, 'stderr'>,
  stopped?: AbortSignal,
): Promise<{ readonly active: boolean; readonly request: ShownRequest }> {
  let [seen, said, isWarned] = [request, '', false];
  const isStopped = () => stopped?.aborted === true;
  for (;;) {
    const words = isJoined(seen) ? said : waitingWords(seen);
    if (words !== said) io.stderr(line(words));
    said = words;
    if (seen.state === 'active') return { active: true, request: seen };
    // A request that joined an access is not waited for: the access can be looked at now.
    if (!isDone(seen) && !isStopped() && (!isJoined(seen) || isWarned)) await pause(LOOK_EVERY_MS, stopped);
    if (isDone(seen) || isStopped()) return { active: false, request: seen };
    try {
      seen = await session.get(isJoined(seen) ? (seen.accessId ?? seen.id) : seen.id);
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (!isWarned) io.stderr(line(`goes on waiting, although it cannot look now: ${error.message}`));
      isWarned = true;
    }
  }
}

/** Is it a temporary failure: too many calls, a fault of the API, or an unreachable network? */
export function isPassing(error: unknown): error is Error {
  if (error instanceof ApiUnreachableError) return true;
  return error instanceof ApiProblemError && (error.status === 429 || error.status >= 500);
}

/** Has the request joined an existing access? */
export function isJoined({ state, accessId }: ShownRequest): boolean {
  return state === 'joined' && accessId !== null;
}

/** Is it certain that the request gives no access any more? */
function isDone(request: ShownRequest): boolean {
  const { state } = request;
  return !isJoined(request) && isState(state) && (isOver(state) || state === 'ending');
}

/** The state of a request, as a text. */
export function waitingWords({ state, votesNeeded, expiresAt, endsAt, refusal }: ShownRequest): string {
  switch (state) {
    case 'pending': {
      const votes = votesNeeded === 1 ? 'an approval' : `${votesNeeded} approvals`;
      return `waits for ${votes}${expiresAt === null ? '' : `, until ${expiresAt}`}`;
    }
    case 'approved':
    case 'granting':
      return 'access is being given';
    case 'scheduled':
      return 'waits for its start';
    case 'active':
      return `access is there, until ${endsAt ?? '?'}`;
    default:
      return refusal === null ? `is ${state}` : `is ${state}: ${refusal.sentence}`;
  }
}
