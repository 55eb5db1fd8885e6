/* Names that the configuration of the user pool and the code that reads its tokens must agree on. */

/** The user pool's only identity provider. Cognito puts its name before the user name of each person. */
export const SIGN_IN_PROVIDER = 'IdentityCenter';

/** The user attribute with the Identity Center user id. Identity Center sets it at each sign-in. */
export const USER_ID_ATTRIBUTE = 'userId';
