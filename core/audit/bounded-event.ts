import type { AuditEvent } from './audit-event.ts';

/** EventBridge takes no longer `detail-type`, in characters. */
const LONGEST_TYPE = 128;

/** No other text of an event is longer, in characters. Nothing the program writes comes near it, and no id or ARN is as long. */
const LONGEST_TEXT = 10_000;

/**
 * An event that every target takes, whatever stands in the item it was made of: somebody may have put it there by hand, and nothing
 * may keep those after it waiting. A text that is too long is cut, and says so.
 */
export function boundedEvent(event: AuditEvent): AuditEvent {
  return shortened(event, LONGEST_TEXT);
}

/** The same with no text longer than so many characters. */
export function shortened(event: AuditEvent, longest: number): AuditEvent {
  return { ...(bounded(event, longest) as AuditEvent), type: boundedText(event.type, LONGEST_TYPE) };
}

/** A text of at most so many characters; of one that was longer the beginning, and how long it was. */
export function boundedText(text: string, most: number): string {
  if (text.length <= most) return text;
  const mark = `… [cut: ${text.length} characters]`;
  // Not in the middle of a surrogate pair.
  return `${text.slice(0, most - mark.length).replace(/[\uD800-\uDBFF]$/, '')}${mark}`;
}

function bounded(value: unknown, longest: number): unknown {
  if (typeof value === 'string') return boundedText(value, longest);
  if (Array.isArray(value)) return value.map((member) => bounded(member, longest));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, bounded(member, longest)]));
}
