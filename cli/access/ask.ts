import type { ApiServices } from './api-client.ts';
import { EXIT } from './exit-codes.ts';
import { ApiProblemError, type Session, type ShownRequest } from './session.ts';
import { isPassing, LOOK_EVERY_MS } from './wait.ts';

/** Times one ask is sent: an answer that was lost may have been a yes. */
const MOST_ASKS = 3;

/** Looks for what came of an ask, two seconds apart. */
const MOST_LOOKS = 60;

/** So many looks that find nothing are longer than a call of the API lasts: what is not there by then never comes. */
const LOOKS_THAT_PROVE = 20;

/** No answer came, each time it was asked: access may come of it, or not. */
export class AskUnknownError extends ApiProblemError {
  override readonly name = 'AskUnknownError';
  /** Without what to do. */
  readonly why: string;

  /** @param key what asks once more, and at most once */
  constructor(key: string, cause: Error) {
    const why = `it is not known whether this was asked for (${cause.message})`;
    const detail = `${why}: the same command with --key ${key} tells, and asks only if it was not`;
    super(detail, EXIT.failed, { reason: 'outcome-unknown', detail, key }, 0, 'outcome-unknown');
    this.why = why;
  }
}

/** It failed, and it is known what that came to. */
export class AskFailedError extends ApiProblemError {
  override readonly name = 'AskFailedError';

  constructor(detail: string) {
    super(detail, EXIT.failed, { reason: 'ask-lost', detail }, 0, 'ask-lost');
  }
}

/**
 * Asks, with the same key again where no answer came.
 *
 * @throws AskUnknownError where none came at all
 */
export async function askOnce(
  send: (key: string) => Promise<ShownRequest>,
  key: string,
  { pause }: Pick<ApiServices, 'pause'>,
  stopped?: AbortSignal,
): Promise<ShownRequest> {
  for (let asks = 1; ; asks++) {
    try {
      return await send(key);
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (asks === MOST_ASKS) throw new AskUnknownError(key, error);
      await pause(LOOK_EVERY_MS, stopped);
    }
  }
}

/** What came of an ask whose answers were all lost; `unknown` where that cannot be found out now. */
export async function findLost(
  key: string,
  session: Session,
  { pause }: Pick<ApiServices, 'pause'>,
): Promise<ShownRequest | 'none' | 'unknown'> {
  let absent = 0;
  for (let looks = 0; looks < MOST_LOOKS && absent < LOOKS_THAT_PROVE; looks++) {
    await pause(LOOK_EVERY_MS);
    try {
      return await session.asked(key);
    } catch (error) {
      if (error instanceof ApiProblemError && error.reason === 'unknown-request') absent += 1;
      else if (!isPassing(error)) return 'unknown';
    }
  }
  return absent === LOOKS_THAT_PROVE ? 'none' : 'unknown';
}
