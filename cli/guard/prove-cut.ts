import { GUARD_POLICIES } from '../../core/sessions/guard-policy.ts';
import { ACCESS_IS_ENDED, askOrUndo, type Doing, giveBack } from '../access/exec.ts';
import { EXIT } from '../access/exit-codes.ts';
import { exitCodeOf, type TakenSignals } from '../access/signals.ts';
import { isJoined, waitForAccess } from '../access/wait.ts';
import { UsageError } from '../terminal/io.ts';
import { line } from '../terminal/terminal-text.ts';
import { type Answered, type Call, HARMLESS_CALLS, type HarmlessCall } from './harmless-calls.ts';
import { type Portal, PortalNotYetError, type RoleCredentials } from './portal-credentials.ts';

/** One step that was taken or observed. With `--json` each is a line. */
export interface ProofStep {
  /** ISO 8601. */
  readonly at: string;
  readonly step: 'asked' | 'active' | 'fetched' | 'allowed' | 'ended' | 'still-allowed' | 'refused' | 'not-refused';
  /** A text for people. */
  readonly words: string;
  readonly requestId?: string;
  /** The call that was made. */
  readonly call?: HarmlessCall;
  /** Seconds since the end of access was requested. */
  readonly secondsAfterEnd?: number;
  /** AWS's message. */
  readonly why?: string;
  /** Is the guard the reason of the refusal, rather than, for example, a deleted role? Absent where AWS does not say. */
  readonly byGuard?: boolean;
}

export interface Proof {
  /** The body of the request for access. */
  readonly body: object;
  /** The account, and the permission set's name, as the access portal knows them. */
  readonly role: { readonly accountId: string; readonly permissionSet: string };
  /** How long after the end the credentials may work before the proof fails. Milliseconds. */
  readonly limitMs: number;
  readonly tell: (step: ProofStep) => void;
}

interface Proving extends Doing {
  readonly portal: Portal;
  readonly call: Call;
  readonly signals: Pick<TakenSignals, 'stopped' | 'first'>;
}

/** Time between two calls. Milliseconds. */
const CALL_EVERY_MS = 2_000;
/** The portal and IAM need some time before they know of new access. Milliseconds. */
const KNOWN_AFTER_MS = 60_000;
/**
 * IAM is eventually consistent: a call may be allowed a second after a refusal. So many refusals in a row count as
 * final.
 */
const REFUSALS = 3;

/**
 * Asks for access in the caller's name, makes a call with its credentials, ends the access, and repeats the call with
 * the same credentials until AWS refuses it for good. In any case it ends the access that it asked for.
 *
 * @returns the exit code: 0 when the credentials are refused, 1 when they still work after the limit
 */
export async function prove({ body, role, limitMs, tell }: Proof, doing: Proving): Promise<number> {
  const { services, session, signals, io } = doing;
  const say = (step: ProofStep['step'], words: string, more: Partial<ProofStep> = {}) =>
    tell({ at: io.now().toISOString(), step, words, ...more });
  const asked = await askOrUndo(body, doing, signals.stopped);
  let isOver = false;
  const end = async () => {
    isOver = true;
    return giveBack(asked, doing);
  };
  try {
    say('asked', `asked for ${role.permissionSet} in ${role.accountId}: ${asked.id}`, { requestId: asked.id });
    const { active, request } = await waitForAccess(asked, session, services, io, signals.stopped);
    if (!active) return endOf(signals) ?? EXIT.refused;
    if (isJoined(request) || request.id !== asked.id)
      throw new UsageError(
        `you had this access before, so that ending it is not for a test: glasshammer end ${request.id}`,
      );
    say('active', `access is there, until ${request.endsAt ?? '?'}`);
    const before = await firstUse(role, say, doing);
    if (before === undefined) return endOf(signals) ?? EXIT.failed;
    const endedMs = io.now().getTime();
    const words = await end();
    if (words !== ACCESS_IS_ENDED) {
      io.stderr(line(words ?? 'access was over before it was ended'));
      return EXIT.failed;
    }
    say('ended', 'access is ended; now the same call with the same credentials, until it is refused');
    return endOf(signals) ?? (await untilRefused(before, { accountId: role.accountId, endedMs, limitMs }, say, doing));
  } finally {
    const words = isOver ? undefined : await end();
    if (words !== undefined) io.stderr(line(words));
  }
}

interface Use {
  readonly call: HarmlessCall;
  readonly credentials: RoleCredentials;
}

type Say = (step: ProofStep['step'], words: string, more?: Partial<ProofStep>) => void;

/**
 * Fetches credentials and finds a call that they allow.
 *
 * @returns `undefined` when it was interrupted
 * @throws UsageError where the permission set allows none of the calls, because a refusal would then prove nothing
 */
async function firstUse(role: Proof['role'], say: Say, doing: Proving): Promise<Use | undefined> {
  const { portal, services, signals, io } = doing;
  const until = io.now().getTime() + KNOWN_AFTER_MS;
  let credentials: RoleCredentials | undefined;
  let why = '';
  while (!signals.stopped.aborted) {
    try {
      if (credentials === undefined) {
        credentials = await portal.fetch(role);
        say('fetched', `credentials fetched in the access portal: ${credentials.accessKeyId}`);
      }
      for (const call of HARMLESS_CALLS) {
        const answer = await doing.call(call, credentials, portal.region);
        if (answer.allowed) {
          say('allowed', `${call} works with them`, { call });
          return { call, credentials };
        }
        why = answer.why;
      }
    } catch (error) {
      if (!isPassing(error)) throw error;
      why = error.message;
    }
    if (io.now().getTime() > until) break;
    await services.pause(CALL_EVERY_MS, signals.stopped);
  }
  if (signals.stopped.aborted) return undefined;
  throw new UsageError(
    `nothing can be proven: neither ${HARMLESS_CALLS.join(' nor ')} works while access is there (${why})`,
  );
}

async function untilRefused(
  { call, credentials }: Use,
  { accountId, endedMs, limitMs }: { readonly accountId: string; readonly endedMs: number; readonly limitMs: number },
  say: Say,
  { portal, services, signals, io, call: callAws }: Proving,
): Promise<number> {
  const seconds = (ms: number) => Math.round((ms - endedMs) / 1000);
  let refused: { readonly atMs: number; readonly why: string; readonly times: number } | undefined;
  while (!signals.stopped.aborted) {
    const answer = await callAws(call, credentials, portal.region).catch(unknown);
    const atMs = io.now().getTime();
    if (answer?.allowed === true) {
      refused = undefined;
      say('still-allowed', `${call} still works, ${seconds(atMs)} s after the end`, {
        call,
        secondsAfterEnd: seconds(atMs),
      });
    } else if (answer !== undefined) {
      refused = { atMs: refused?.atMs ?? atMs, why: answer.why, times: (refused?.times ?? 0) + 1 };
    }
    if (refused !== undefined && refused.times >= REFUSALS) {
      const byGuard = isByGuard(refused.why, accountId);
      const secondsAfterEnd = seconds(refused.atMs);
      const by =
        byGuard === undefined ? '; AWS does not say by which policy' : byGuard ? '' : '; not by the guard, as it seems';
      say('refused', `refused ${secondsAfterEnd} s after the end${by}: ${refused.why}`, {
        call,
        secondsAfterEnd,
        why: refused.why,
        ...(byGuard === undefined ? {} : { byGuard }),
      });
      return 0;
    }
    if (atMs - endedMs > limitMs) break;
    await services.pause(CALL_EVERY_MS, signals.stopped);
  }
  const stopped = endOf(signals);
  if (stopped !== undefined) return stopped;
  const secondsAfterEnd = seconds(io.now().getTime());
  say('not-refused', `${call} was not refused in ${secondsAfterEnd} s: glasshammer guard status says why`, {
    call,
    secondsAfterEnd,
  });
  return EXIT.failed;
}

/**
 * Does AWS's message name a guard of this account as the policy that denies? The caller does not know the prefix of the
 * deployment, so the guard of any deployment counts.
 *
 * @returns `undefined` for an explicit deny of a kind that the guard has, where the message names no policy
 * @see https://aws.amazon.com/blogs/security/enhanced-access-denied-error-messages-with-policy-arns
 */
function isByGuard(why: string, accountId: string): boolean | undefined {
  const [denied, arn = ''] = BY_POLICY.exec(why) ?? [];
  if (denied === undefined) return false;
  if (arn === '') return undefined;
  return Object.values(GUARD_POLICIES).some(({ path, name }) =>
    new RegExp(`^arn:[^:]+:iam::${accountId}:policy${path}(?:[\\w-]+-)?${name}$`).test(arn),
  );
}

const BY_POLICY =
  /explicit deny in (?:a permissions boundary|an identity-based policy)(?:: (arn:[\w+=,.@:/-]*[\w+=@/-]))?/;

/** Neither allowed nor refused: AWS or the network failed. */
function unknown(): Answered | undefined {
  return undefined;
}

function isPassing(error: unknown): error is Error {
  return error instanceof PortalNotYetError || (error instanceof Error && !(error instanceof UsageError));
}

function endOf({ first }: Pick<TakenSignals, 'first'>): number | undefined {
  const signal = first();
  return signal === undefined ? undefined : exitCodeOf(signal);
}
