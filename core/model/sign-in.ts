/*
 * Names that the user pool and whoever reads its tokens must have in common.
 */

/** The only way into the user pool: Cognito writes it before the subject, into the name of everybody who came through it. */
export const SIGN_IN_PROVIDER = 'IdentityCenter';

/** The attribute that carries the Identity Center user's id, which Identity Center writes at each sign-in. */
export const USER_ID_ATTRIBUTE = 'userId';
