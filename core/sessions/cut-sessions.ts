import { compareText } from '../model/text.ts';
import { type ChangeGuardServices, changeGuard, type GuardChange } from './change-guard.ts';
import { type GuardForm, LOCK_ROOM_CHARACTERS, withCut } from './guard-policy.ts';

/**
 * Identity Center may hand out credentials for a moment after it has said that the assignment is gone, and the clock of STS is
 * not ours. So sessions that begin up to this long after the removal are denied, too; a new grant of the same access waits for it. Seconds.
 */
export const CUT_MARGIN_SECONDS = 30;

/** The sessions of one access that is over. */
export interface EndedSessions {
  readonly principalId: string;
  readonly accountId: string;
  readonly permissionSetName: string;
  /** ISO 8601; when a look confirmed that the assignment is gone. */
  readonly goneAt: string;
  /** How long a session of the permission set lasts, in seconds. */
  readonly sessionSeconds: number;
  /** ISO 8601; when the same person was given the same again, if that was before anybody could have them wait. */
  readonly givenAgainAt?: string;
}

/** When sessions of an access stop, however it comes about. ISO 8601, whole seconds. */
export interface CutTimes {
  /** Sessions begun before this are denied. */
  readonly issuedBefore: string;
  /** The last session that was begun before runs out by itself. */
  readonly until: string;
}

/** The times of a cut: the same for the policy, for the grant that has to wait, and for what people are told. */
export function cutTimes({
  goneAt,
  sessionSeconds,
  givenAgainAt,
}: Pick<EndedSessions, 'goneAt' | 'sessionSeconds' | 'givenAgainAt'>): CutTimes {
  const wholeMargin = afterWhole(goneAt, CUT_MARGIN_SECONDS);
  // What the new access gives must work, so the margin ends where it begins.
  const again = givenAgainAt === undefined ? wholeMargin : `${givenAgainAt.slice(0, 19)}Z`;
  return {
    issuedBefore: [again, wholeMargin].sort(compareText)[0] ?? wholeMargin,
    until: afterWhole(goneAt, CUT_MARGIN_SECONDS + sessionSeconds),
  };
}

/**
 * Denies the sessions of an access that is over, in the account where they are. Runs after the removal, never in its way, and can
 * be repeated until it is in force.
 *
 * @param form how the permission set has the guard
 * @param holder who holds the account's lock; unique to the run
 * @throws whatever IAM, STS or the locks throw, for the caller to retry
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

/** Whole seconds, rounded up: IAM compares dates to the second, and a cut must not lie before the instant it is about. */
function afterWhole(at: string, seconds: number): string {
  const ms = Math.ceil(new Date(at).getTime() / 1000) * 1000 + seconds * 1000;
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
