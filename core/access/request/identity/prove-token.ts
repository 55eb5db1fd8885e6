import { refusal } from '../../../model/refusal.ts';
import { SIGN_IN_PROVIDER, USER_ID_ATTRIBUTE } from '../../../model/sign-in.ts';
import type { Proof } from './prove-caller.ts';

/** The claims of a token whose signature API Gateway has verified, each as text. */
export type TokenClaims = Readonly<Record<string, unknown>>;

/** Which tokens are accepted. */
export interface BrowserDoor {
  /** The user pool's issuer URL, as tokens name it. */
  readonly issuer: string;
  /** The id of the user pool's only client. */
  readonly clientId: string;
}

const USER_ID = /^[A-Za-z0-9-]{1,47}$/;
const USER_NAME = /^[^\s\p{C}]{1,128}$/u;

/**
 * Accepts the user that a token names as the caller if every claim fits.
 *
 * API Gateway has verified signature, issuer, audience and expiry. All but the signature is checked here again, because
 * an authorizer accepts access tokens too and may be loosened by mistake. The token names the user twice, from two
 * sources: the subject of Identity Center's assertion, which Cognito makes part of an immutable name, and the id in an
 * attribute. `identifyPerson` compares both with the directory. So neither an attribute that somebody could change, nor
 * a name that belonged to another user before, is proof alone.
 *
 * @param pathUserId the user in the path; `undefined` only where the path has none
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
  // A case-insensitive user pool lower-cases every name, including the provider prefix that Cognito puts before it.
  if (typeof name !== 'string' || name.slice(0, prefix.length).toLowerCase() !== prefix.toLowerCase())
    return unproven('the person did not sign in at Identity Center');
  const [userName, userId] = [name.slice(prefix.length), claims[`custom:${USER_ID_ATTRIBUTE}`]];
  if (!USER_NAME.test(userName) || typeof userId !== 'string' || !USER_ID.test(userId))
    return unproven('the token names no user of Identity Center');
  if (pathUserId !== undefined && pathUserId !== userId) return unproven("the path is somebody else's");
  return { proven: true, caller: { principalId: userId, userName } };
}

/** Seconds since 1970; `NaN` for a claim that is not such a number. */
function secondsOf(claim: unknown): number {
  return typeof claim === 'string' && /^\d{1,12}$/.test(claim) ? Number(claim) : Number.NaN;
}
