import type { AuditEvent } from './audit-event.ts';

/** The longest `detail-type` that EventBridge takes. Characters. */
const LONGEST_TYPE = 128;

/**
 * The longest text that an event may have. Nothing the program writes comes near it, and no id or ARN is as long.
 * Characters.
 */
const LONGEST_TEXT = 10_000;

/**
 * Bounds an event so that every target takes it. An item that was edited by hand may hold anything, and its event must
 * not hold up the events after it. A text that is too long is cut, and the cut is marked in it.
 */
export function boundedEvent(event: AuditEvent): AuditEvent {
  return shortened(event, LONGEST_TEXT);
}

/** Bounds an event so that no text in it is longer than `longest` characters. */
export function shortened(event: AuditEvent, longest: number): AuditEvent {
  return { ...(bounded(event, longest) as AuditEvent), type: boundedText(event.type, LONGEST_TYPE) };
}

/**
 * Cuts a text to at most `most` characters. A text that was longer keeps its beginning and ends with its original
 * length.
 */
export function boundedText(text: string, most: number): string {
  if (text.length <= most) return text;
  const mark = `… [cut: ${text.length} characters]`;
  // Do not cut through a surrogate pair.
  return `${text.slice(0, most - mark.length).replace(/[\uD800-\uDBFF]$/, '')}${mark}`;
}

function bounded(value: unknown, longest: number): unknown {
  if (typeof value === 'string') return boundedText(value, longest);
  if (Array.isArray(value)) return value.map((member) => bounded(member, longest));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, bounded(member, longest)]));
}
