import type { Call } from '../call.ts';
import { remembered } from '../remember.ts';

const MOST = 4;
const LONGEST = 60;
const DEEPEST = 3;

/** Names of parameters that may hold a secret, are long, or say nothing about what was done. */
const TELLS_NOTHING =
  /token|passw|secret|credential|private|public_?key|key_?material|plaintext|cipher|nonce|signature|^value|content|^body|^code$|zip_?file|^data$|blob|cert|user_?data|environment|^parameter_?value|policy|document|filter|request_?id|client_?request|external_?id|caller_?reference|^host$|dry_?run|max_?(results|items)|description|^comment|session_?name|display_?name|access_?key|_name$|^tag/i;

const tellsNothing = remembered((member) => TELLS_NOTHING.test(member));

/**
 * Parameters that are texts, numbers or booleans and are not yet in `said`, as `member value`: durations, destinations,
 * switches. At most four, from the first three levels.
 *
 * @param said what the line says before them
 */
export function otherWords(call: Pick<Call, 'request'>, said: readonly string[]): readonly string[] {
  const found: string[] = [];
  collect(call.request, DEEPEST, said, found);
  return found;
}

function collect(value: unknown, depth: number, said: readonly string[], found: string[]): void {
  if (typeof value !== 'object' || value === null || depth === 0) return;
  for (const member in value) {
    if (found.length >= MOST) return;
    if (tellsNothing(member)) continue;
    const inner = (value as Readonly<Record<string, unknown>>)[member];
    // CloudTrail records S3 headers as lists with one value.
    const only = Array.isArray(inner) && inner.length === 1 ? inner[0] : inner;
    if (typeof only === 'string' || typeof only === 'number' || typeof only === 'boolean') {
      const text = String(only);
      if (text === '' || text.length > LONGEST || text.startsWith('{') || isHidden(text)) continue;
      const words = `${member} ${text}`;
      if (!said.includes(words) && !said.includes(text)) found.push(words);
    } else if (!Array.isArray(inner)) collect(inner, depth - 1, said, found);
  }
}

/** Is this the placeholder that CloudTrail writes in place of a value that may be secret? */
export function isHidden(value: string): boolean {
  return /HIDDEN|OMITTED|sensitiveDataRemoved|^\*+$|^hidden$/i.test(value);
}
