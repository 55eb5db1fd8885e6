/** The form of the user and group ids that Identity Center generates. */
const IDENTITY_CENTER_ID = /^(?:[0-9a-f]{10}-)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Has the text the form of an Identity Center id? Such a text is only ever read as an id, never as a name: a person who
 * can choose their own user name could otherwise choose another person's id.
 */
export function isIdentityCenterId(text: string): boolean {
  return IDENTITY_CENTER_ID.test(text);
}
