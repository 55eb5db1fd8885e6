import { isOver, isState, WAITING_STATES } from '../../core/model/life-cycle.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { line } from '../terminal/terminal-text.ts';
import type { ApiServices } from './api-client.ts';
import { AskFailedError, AskUnknownError, askOnce, findLost } from './ask.ts';
import { EXIT } from './exit-codes.ts';
import { profileOf, roleOf } from './role-profile.ts';
import { ApiProblemError, type Session, type ShownRequest } from './session.ts';
import { exitCodeOf } from './signals.ts';
import { isJoined, isPassing, LOOK_EVERY_MS, waitForAccess } from './wait.ts';

/** How often a request that should be given back is looked at, two seconds apart: longer than a grant takes. */
const MOST_LOOKS = 60;

/** The text that `giveBack` returns when it ended access. */
export const ACCESS_IS_ENDED = 'access is ended';

/** Reasons of refusals that mean that the request has changed since it was read. */
const CHANGED: readonly string[] = ['already-decided', 'already-ended', 'access-changed'];

export interface Doing {
  readonly session: Session;
  readonly services: ApiServices;
  readonly io: CliIo;
}

/**
 * Asks for access, runs a program with the role, and gives the access back, even if the program or the waiting fails or
 * the terminal is closed. From the ask until then, signals do not end this process.
 *
 * @param body the ask
 * @param tell shows the request that gives the access, or that was refused
 * @returns the program's exit code, or an exit code for why it did not run
 */
export async function execWithAccess(
  command: readonly string[],
  body: object,
  tell: (request: ShownRequest) => void,
  doing: Doing,
): Promise<number> {
  const { session, services, io } = doing;
  const signals = services.takeSignals();
  try {
    const asked = await askOrUndo(body, doing, signals.stopped);
    try {
      const { active, request } = await waitForAccess(asked, session, services, io, signals.stopped);
      const signal = signals.first();
      if (signal !== undefined) return exitCodeOf(signal);
      tell(request);
      if (!active) return EXIT.refused;
      const role = roleOf(request);
      if (role === undefined) throw new UsageError('this access is no account to run something in');
      const { lines, config } = await profileOf(role, io, true);
      // No existing profile has this name; the AWS CLI refuses a file that contains a name twice.
      const name = `glasshammer-${asked.id}`;
      // Keys in environment variables take precedence over a profile, so they are removed.
      const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _secret, AWS_SESSION_TOKEN: _token, ...env } = io.env;
      const text = [config, `[profile ${name}]`, ...lines, ''].join('\n');
      return await services.run(command, { ...env, AWS_PROFILE: name }, text, signals);
    } finally {
      const words = await giveBack(asked, doing);
      if (words !== undefined) io.stderr(line(words));
    }
  } finally {
    signals.release();
  }
}

/**
 * Asks for access. Where no answer came, access may be given that nobody uses: it is given back as soon as it is found.
 */
export async function askOrUndo(body: object, doing: Doing, stopped: AbortSignal): Promise<ShownRequest> {
  const { session, services, io } = doing;
  const key = io.newId();
  try {
    return await askOnce((sent) => session.request(body, sent), key, services, stopped);
  } catch (error) {
    if (!(error instanceof AskUnknownError)) throw error;
    io.stderr(line(`${error.why}; it is looked for what came of it`));
    const found = await findLost(key, session, services);
    if (found === 'unknown') throw error;
    if (found === 'none') throw new AskFailedError(`${error.why}: nothing was asked for`);
    const words = await giveBack(found, doing);
    throw new AskFailedError(`${error.why}: ${words ?? 'nothing came of it'}`);
  }
}

/**
 * Cancels a request that waits, and ends access that it started. Access that other requests of the same person share
 * stays.
 *
 * @returns what happened, as a text; `undefined` where there was nothing to give back. It never throws: an error must
 * not hide the program's result, and access ends at its end time anyway
 */
export async function giveBack(
  asked: ShownRequest,
  { session, services }: Omit<Doing, 'io'>,
): Promise<string | undefined> {
  let why = 'it is still being given';
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    if (looks > 0) await services.pause(LOOK_EVERY_MS);
    try {
      const seen = await session.get(asked.id);
      const { state } = seen;
      if (isJoined(seen)) {
        const { endsAt } = await session.get(seen.accessId ?? seen.id);
        return `you had this access before: it stays, until ${endsAt}`;
      }
      if (isState(state) && WAITING_STATES.includes(state)) {
        await session.act(seen.id, 'cancel', {});
        return 'the request is taken back';
      }
      if (state === 'active') {
        // An access only ever joins requests of the same person.
        const { joins = [], endsAt } = seen;
        if (joins.length > 0) return `another request of yours is part of it: it stays until ${endsAt}`;
        // If another request joins after this look, the call ends nothing.
        await session.act(seen.id, 'end', { seen: { endsAt: endsAt ?? '', joins } });
        return ACCESS_IS_ENDED;
      }
      if (state === 'ending' || state === 'ended' || state === 'reported') return ACCESS_IS_ENDED;
      if (isState(state) && isOver(state)) return undefined;
    } catch (error) {
      why = (error as Error).message;
      // If the request was decided or ended between the look and the call, it is looked at again.
      const isChanged = error instanceof ApiProblemError && CHANGED.includes(error.reason);
      if (!isChanged && !isPassing(error)) break;
    }
  }
  return `access could not be ended now (${why}); glasshammer end ${asked.id}`;
}
