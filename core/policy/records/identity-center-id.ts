/** Ids of users and groups as Identity Center makes them. */
const IDENTITY_CENTER_ID = /^(?:[0-9a-f]{10}-)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Is this an id, by its shape? Then it is nothing else: whoever may choose their own user name could otherwise choose somebody's id.
 */
export function isIdentityCenterId(text: string): boolean {
  return IDENTITY_CENTER_ID.test(text);
}
