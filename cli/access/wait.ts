import { isOver, isState } from '../../core/model/life-cycle.ts';
import type { CliIo } from '../terminal/io.ts';
import { line } from '../terminal/terminal-text.ts';
import { type ApiServices, ApiUnreachableError } from './api-client.ts';
import { ApiProblemError, type Session, type ShownRequest } from './session.ts';

/** Time between two looks at first: quick enough for a person. Milliseconds. */
export const LOOK_EVERY_MS = 2_000;
/**
 * Somebody who has waited for n minutes looks every n seconds, up to this. The API takes 25 calls a second, so more than
 * three hundred people can wait for approval at once. Milliseconds.
 */
const LOOK_AT_LEAST_EVERY_MS = 15_000;
/** The longest pause while looks fail. Milliseconds. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * Time until the next look. It doubles with each look that fails, because more looks would keep the API throttled, and
 * halves with each that succeeds. All in milliseconds.
 */
function nextLookMs(waitedMs: number, failures: number): number {
  const everyMs = Math.min(Math.max(LOOK_EVERY_MS, waitedMs / 60), LOOK_AT_LEAST_EVERY_MS);
  return Math.min(everyMs * 2 ** failures, LONGEST_PAUSE_MS);
}

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
  let [waitedMs, failures] = [0, 0];
  const isStopped = () => stopped?.aborted === true;
  for (;;) {
    const words = isJoined(seen) ? said : waitingWords(seen);
    if (words !== said) io.stderr(line(words));
    said = words;
    if (seen.state === 'active') return { active: true, request: seen };
    // A request that joined an access is not waited for: the access can be looked at now.
    if (!isDone(seen) && !isStopped() && (!isJoined(seen) || isWarned)) {
      const pauseMs = nextLookMs(waitedMs, failures);
      await pause(pauseMs, stopped);
      waitedMs += pauseMs;
    }
    if (isDone(seen) || isStopped()) return { active: false, request: seen };
    try {
      seen = await session.get(isJoined(seen) ? (seen.accessId ?? seen.id) : seen.id);
      failures = Math.max(0, failures - 1);
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (!isWarned) io.stderr(line(`goes on waiting, although it cannot look now: ${error.message}`));
      isWarned = true;
      failures += 1;
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
