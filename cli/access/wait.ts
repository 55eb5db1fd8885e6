import { isOver, isState } from '../../core/model/life-cycle.ts';
import type { CliIo } from '../terminal/io.ts';
import { line } from '../terminal/terminal-text.ts';
import { type ApiServices, ApiUnreachableError } from './api-client.ts';
import { ApiProblemError, type Session, type ShownRequest } from './session.ts';

/** Between two looks. Milliseconds: a person who waits wants to know, and a hundred people who wait are fifty calls a second at most. */
export const LOOK_EVERY_MS = 2_000;

/**
 * Waits until access is there, or will not be, and says on the way what is waited for. Time that was brought to access there was
 * already is waited for there. While the API cannot be asked it goes on waiting: the request is there all the same.
 *
 * @param stopped ends the waiting, with what was seen last
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
    // The access it became part of is there to be looked at now.
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

/** Is it a failure that may be over in a minute: too many calls, a fault of the API, a network that is away? */
export function isPassing(error: unknown): error is Error {
  if (error instanceof ApiUnreachableError) return true;
  return error instanceof ApiProblemError && (error.status === 429 || error.status >= 500);
}

/** Its time belongs to access that was there before. */
export function isJoined({ state, accessId }: ShownRequest): boolean {
  return state === 'joined' && accessId !== null;
}

/** No access comes of it any more. */
function isDone(request: ShownRequest): boolean {
  const { state } = request;
  return !isJoined(request) && isState(state) && (isOver(state) || state === 'ending');
}

/** How a request stands, in words. */
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
