import type { Sha256 } from '../../core/access/ports.ts';
import type { AuditEvent } from '../../core/audit/audit-event.ts';
import { isInstant } from '../../core/model/events.ts';

/**
 * The longest key that S3 takes. Bytes; keys are ASCII.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
const LONGEST_KEY = 1024;

/** If an id would make a key too long, at most this much of it stays readable. Characters. */
const READABLE = 200;

/**
 * The key under which an event is kept: `events/day=2026-01-05/20260105T090000000Z-req-1.0003.jsonl`. Keys sort by
 * time, then by request and position. Different events have different keys, whatever their ids hold. An id that would
 * make a key too long for S3, which the program never writes, is shortened to its beginning and `=sha256=` with its
 * hash.
 */
export function archiveKey({ id, at }: Pick<AuditEvent, 'id' | 'at'>, sha256: Sha256): string {
  const [, owner = id, position] = /^(.*)#(0|[1-9]\d*)$/.exec(id) ?? [];
  const name = position === undefined ? keyPart(id) : `${keyPart(owner)}.${position.padStart(4, '0')}`;
  const keyOf = (named: string) => `events/day=${at.slice(0, 10)}/${at.replace(/[-:.]/g, '')}-${named}.jsonl`;
  const key = keyOf(name);
  return key.length <= LONGEST_KEY ? key : keyOf(hashed(id, sha256));
}

/**
 * When the event of a key happened, read from the key; ISO 8601. `undefined` for a key that `archiveKey` never makes.
 */
export function archiveTime(key: string): string | undefined {
  const [, day = '', hour, minute, second, fraction = ''] =
    /^events\/day=([\d-]{10})\/\d{8}T(\d\d)(\d\d)(\d\d)(\d*)Z-[^/]+\.jsonl$/.exec(key) ?? [];
  const at = `${day}T${hour}:${minute}:${second}${fraction === '' ? '' : `.${fraction}`}Z`;
  // The key has the day twice, and both have to be the same.
  return isInstant(at) && key.includes(`/${at.replace(/[-:.]/g, '')}-`) ? at : undefined;
}

/**
 * A text as part of a key: letters, digits and hyphens stay; any other character becomes `=` and the hexadecimal code
 * of each of its bytes.
 */
export function keyPart(text: string): string {
  return text.replace(
    /[^A-Za-z0-9-]/gu,
    (character) => `=${Buffer.from(character).toString('hex').match(/../g)?.join('=')}`,
  );
}

/** No `keyPart` contains `=sh`, so no other text becomes this part of a key. */
function hashed(text: string, sha256: Sha256): string {
  const beginning = keyPart(text).slice(0, READABLE).replace(/=.?$/, '');
  return `${beginning}=sha256=${sha256(text)}`;
}
