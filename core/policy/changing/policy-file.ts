/*
 * The rules of policy files shared by the command line and the function that changes policies: YAML of the core schema,
 * one document. Neither may accept what the other refuses.
 */

/** The text without the byte order mark that some Windows editors write. */
export function withoutByteOrderMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}

/**
 * Did YAML read digits with a leading zero, such as an account id without quotes, as a number?
 *
 * @param source the scalar as it is written in the file
 */
export function hasLostItsZero(value: unknown, source: string): boolean {
  return typeof value === 'number' && /^0\d+$/.test(source);
}

/** The list of policies in a file's content: the content itself, or the value under `policies` where it is a map. */
export function policiesIn(content: unknown): unknown {
  return typeof content === 'object' && content !== null && 'policies' in content ? content.policies : content;
}
