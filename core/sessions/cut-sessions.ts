import { compareText } from '../model/text.ts';
import { type ChangeGuardServices, changeGuard, type GuardChange } from './change-guard.ts';
import { type GuardForm, LOCK_ROOM_CHARACTERS, withCut } from './guard-policy.ts';

/**
 * Identity Center may hand out credentials for a moment after it reports the assignment as gone, and the clock of STS
 * may differ from ours. So sessions that begin up to this long after the removal are denied too; a new grant of the
 * same access waits until then. Seconds.
 */
export const CUT_MARGIN_SECONDS = 30;

/** The sessions of one ended access. */
export interface EndedSessions {
  readonly principalId: string;
  readonly accountId: string;
  readonly permissionSetName: string;
  /** ISO 8601; when the assignment was confirmed as gone. */
  readonly goneAt: string;
  /** How long a session of the permission set lasts, in seconds. */
  readonly sessionSeconds: number;
  /** ISO 8601; when the same access was granted again, if that was before the new grant could be made to wait. */
  readonly givenAgainAt?: string;
}

/** The times of a cut. ISO 8601, whole seconds. */
export interface CutTimes {
  /** Sessions that began before this are denied. */
  readonly issuedBefore: string;
  /** When the last of these sessions would expire by itself. */
  readonly until: string;
}

/** The times of a cut. The policy, the grant that has to wait and the messages to people all use them. */
export function cutTimes({
  goneAt,
  sessionSeconds,
  givenAgainAt,
}: Pick<EndedSessions, 'goneAt' | 'sessionSeconds' | 'givenAgainAt'>): CutTimes {
  const wholeMargin = afterWhole(goneAt, CUT_MARGIN_SECONDS);
  // Sessions of the new access must work, so the margin ends where the new access begins.
  const again = givenAgainAt === undefined ? wholeMargin : `${givenAgainAt.slice(0, 19)}Z`;
  return {
    issuedBefore: [again, wholeMargin].sort(compareText)[0] ?? wholeMargin,
    until: afterWhole(goneAt, CUT_MARGIN_SECONDS + sessionSeconds),
  };
}

/**
 * Denies the sessions of an ended access, in its account. Runs after the removal, so that it never delays it, and can
 * be repeated until the cut is in force.
 *
 * @param form how the permission set has the guard
 * @param holder who holds the account's lock; unique to the run
 * @throws any error of IAM, STS or the locks, for the caller to retry
 */
export function cutSessions(
  ended: EndedSessions,
  form: GuardForm,
  holder: string,
  services: ChangeGuardServices,
): Promise<GuardChange> {
  const { principalId, accountId, permissionSetName } = ended;
  const cut = { userId: principalId, permissionSetName, ...cutTimes(ended) };
  return changeGuard(accountId, form, holder, (policy) => withCut(policy, cut), services, LOCK_ROOM_CHARACTERS);
}

/**
 * Whole seconds, rounded up: IAM compares dates to the second, and the cut must not be before the instant it is for.
 */
function afterWhole(at: string, seconds: number): string {
  const ms = Math.ceil(new Date(at).getTime() / 1000) * 1000 + seconds * 1000;
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
