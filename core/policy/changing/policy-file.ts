/*
 * What a policy file is, for the command line and for the function that takes changes: both read YAML of the core schema, one document,
 * and neither may let in what the other refuses.
 */

/** The text without the byte order mark that Windows puts before it. */
export function withoutByteOrderMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

/**
 * Did YAML read digits as a number that mean something else with their zero, such as an account id without quotes?
 *
 * @param source the scalar as it is written in the file
 */
export function hasLostItsZero(value: unknown, source: string): boolean {
  return typeof value === 'number' && /^0\d+$/.test(source);
}

/** What of a file's content must be the list of its policies: the content itself, or what a map has under `policies`. */
export function policiesIn(content: unknown): unknown {
  return typeof content === 'object' && content !== null && 'policies' in content ? content.policies : content;
}
