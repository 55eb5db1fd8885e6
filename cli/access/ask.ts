import type { ApiServices } from './api-client.ts';
import { EXIT } from './exit-codes.ts';
import { ApiProblemError, type Session, type ShownRequest } from './session.ts';
import { isPassing, LOOK_EVERY_MS } from './wait.ts';

/** Times that one ask is sent: when an answer was lost, the ask may have succeeded. */
const MOST_ASKS = 3;

/** How often the outcome of an ask is looked up, two seconds apart. */
const MOST_LOOKS = 60;

/** This many lookups without a request take longer than one call of the API, so no request will come of the ask. */
const LOOKS_THAT_PROVE = 20;

/** No attempt got an answer: the request may exist or not. */
export class AskUnknownError extends ApiProblemError {
  override readonly name = 'AskUnknownError';
  /** The message without the advice. */
  readonly why: string;

  /** @param key sending it again creates the request at most once */
  constructor(key: string, cause: Error) {
    const why = `it is not known whether this was asked for (${cause.message})`;
    const detail = `${why}: the same command with --key ${key} tells, and asks only if it was not`;
    super(detail, EXIT.failed, { reason: 'outcome-unknown', detail, key }, 0, 'outcome-unknown');
    this.why = why;
  }
}

/** The ask failed, and its outcome is known. */
export class AskFailedError extends ApiProblemError {
  override readonly name = 'AskFailedError';

  constructor(detail: string) {
    super(detail, EXIT.failed, { reason: 'ask-lost', detail }, 0, 'ask-lost');
  }
}

/**
 * Sends an ask, and repeats it with the same key while no answer comes.
 *
 * @throws AskUnknownError where no attempt got an answer
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

/**
 * Looks up the request of an ask whose answers were all lost: `none` where there is none, `unknown` where it cannot be
 * found out now.
 */
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
