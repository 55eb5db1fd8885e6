import { refusal } from '../../../model/refusal.ts';
import { SIGN_IN_PROVIDER, USER_ID_ATTRIBUTE } from '../../../model/sign-in.ts';
import type { Proof } from './prove-caller.ts';

/** What API Gateway says of a token whose signature it has verified: each claim as text. */
export type TokenClaims = Readonly<Record<string, unknown>>;

/** Whose tokens are taken, and for what program they must have been made. */
export interface BrowserDoor {
  /** The user pool, as tokens name it. */
  readonly issuer: string;
  /** The one client of the pool. */
  readonly clientId: string;
}

const USER_ID = /^[A-Za-z0-9-]{1,47}$/;
const USER_NAME = /^[^\s\p{C}]{1,128}$/u;

/**
 * Takes the user that a token speaks of for the caller, where every claim fits.
 *
 * API Gateway has verified signature, issuer, audience and time before; all but the signature is held against the door here once more,
 * because an authorizer takes an access token as well, and may be loosened by mistake. The user is named twice, from two places: by
 * the subject of Identity Center's assertion, which Cognito makes part of a name that nobody can change, and by the id in an attribute.
 * `identifyPerson` holds the one against the other in the directory: neither an attribute that somebody could change nor a
 * name that was somebody else's yesterday is anybody's proof alone.
 *
 * @param pathUserId the user whose path is called; `undefined` only where the path names nobody
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-case-sensitivity.html
 */
export function proveToken(
  claims: TokenClaims,
  pathUserId: string | undefined,
  door: BrowserDoor | undefined,
  now: Date,
): Proof {
  const unproven = (why: string): Proof => ({ proven: false, refusal: refusal('caller-unproven', why) });
  if (door === undefined) return unproven('there is no door for browsers');
  if (claims.iss !== door.issuer) return unproven('the token is of another issuer');
  if (claims.aud !== door.clientId) return unproven('the token was made for another program');
  if (claims.token_use !== 'id') return unproven('the token says nothing of who signed in');
  if (!(secondsOf(claims.exp) * 1000 > now.getTime())) return unproven('the token has expired');
  const name = claims['cognito:username'];
  const prefix = `${SIGN_IN_PROVIDER}_`;
  // A pool that does not regard the case of names hands all of them on in lower case, with what it wrote before them.
  if (typeof name !== 'string' || name.slice(0, prefix.length).toLowerCase() !== prefix.toLowerCase())
    return unproven('the person did not sign in at Identity Center');
  const [userName, userId] = [name.slice(prefix.length), claims[`custom:${USER_ID_ATTRIBUTE}`]];
  if (!USER_NAME.test(userName) || typeof userId !== 'string' || !USER_ID.test(userId))
    return unproven('the token names no user of Identity Center');
  if (pathUserId !== undefined && pathUserId !== userId) return unproven("the path is somebody else's");
  return { proven: true, caller: { principalId: userId, userName } };
}

/** Seconds since 1970; `NaN` for what is no such number. */
function secondsOf(claim: unknown): number {
  return typeof claim === 'string' && /^\d{1,12}$/.test(claim) ? Number(claim) : Number.NaN;
}
