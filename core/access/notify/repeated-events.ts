import { happen } from '../../model/events.ts';
import type { AccessEvent, AccessRequest, EventType } from '../../model/request.ts';
import type { Now, RequestStore } from '../ports.ts';

/*
 * A request and its whole history are one item, which DynamoDB limits to 400 KB. Events that happen a bounded number of
 * times always fit. Events that repeat while a problem lasts are written ever more rarely, and not at all once they
 * would take the room that the last events of the request need.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */

/** Up to this number, an event is written each time it happens. */
const UNLIMITED_UP_TO = 5;
/** Up to this number, it is written at most once an hour; from then on at most once a day. */
const HOURLY_UP_TO = 30;
const DAILY_UP_TO = 100;
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
/** An event with a new reason is written sooner, but not before this time has passed. Seconds. */
const NEW_REASON_SECONDS = 600;

/** Above this size, in bytes of JSON, a request takes no more repetitions: the rest is kept for its last events. */
const REPETITIONS_UP_TO_BYTES = 200_000;

/** AWS may give reasons of any length; their beginning is enough. Characters. */
const LONGEST_REASON = 200;

/** The prefix of a note that says that a report is not tried any more. */
export const GIVEN_UP = 'given up: ';

/** A reason, cut to the length that is stored. */
export function cutReason(reason: string): string {
  return reason.length <= LONGEST_REASON ? reason : `${reason.slice(0, LONGEST_REASON - 1)}…`;
}

/**
 * May an event of a repeating type be written once more?
 *
 * @param now ISO 8601
 * @param reason why it happened this time, for types whose note is a reason
 */
export function mayRepeat(request: AccessRequest, type: EventType, now: string, reason?: string): boolean {
  const earlier = request.events.filter((event) => event.type === type);
  const last = earlier.at(-1);
  if (last === undefined || earlier.length < UNLIMITED_UP_TO) return hasRoom(request);
  if (earlier.length >= DAILY_UP_TO) return false;
  const gap = (new Date(now).getTime() - new Date(last.at).getTime()) / 1000;
  const isNew = reason !== undefined && reasonOf(last) !== reason && earlier.length < HOURLY_UP_TO;
  const wanted = isNew ? NEW_REASON_SECONDS : earlier.length < HOURLY_UP_TO ? HOUR_SECONDS : DAY_SECONDS;
  return gap >= wanted && hasRoom(request);
}

function hasRoom(request: AccessRequest): boolean {
  return new TextEncoder().encode(JSON.stringify(request)).length < REPETITIONS_UP_TO_BYTES;
}

/** The note of an event that was tried this often. Its count includes the tries that were not written. */
function repeatedNote(reason: string, times: number, written: number): string {
  return times > written + 1 ? `${cutReason(reason)} (attempt ${times})` : cutReason(reason);
}

/** The reason in the note of a repeating event, without the count. */
export function reasonOf({ note = '' }: AccessEvent): string {
  return note.replace(/ \(attempt \d+\)$/, '');
}

/** Events that are no news when they repeat for the same reason. */
const REPEATED: readonly EventType[] = [
  'removal-retried',
  'report-unsent',
  'workflow-stopped',
  'reminded',
  'sessions-cut-failed',
];

/** Events that the messages do not mention. */
const UNTOLD: readonly EventType[] = ['mailed', 'sessions-left'];

/** The number of events that the messages may mention. */
export function tellableEvents({ events }: Pick<AccessRequest, 'events'>): number {
  return events.filter(({ type }) => !UNTOLD.includes(type)).length;
}

/** Has an event since the last update of the messages changed what they say? */
export function hasNews({ events, told = 0 }: Pick<AccessRequest, 'events' | 'told'>): boolean {
  return events.some((event, index) => {
    if (index < told || UNTOLD.includes(event.type)) return false;
    if (!REPEATED.includes(event.type)) return true;
    const before = events.slice(0, index).findLast(({ type }) => type === event.type);
    return before === undefined || reasonOf(before) !== reasonOf(event);
  });
}

/**
 * Counts a failed try of a removal, and notes it in the history where there is room. A failure to write this is
 * ignored, because it must not stop the next try.
 *
 * @param reason AWS's reason, or the name of an error
 */
export async function noteRetry(
  request: AccessRequest,
  reason: string,
  services: { readonly requests: Pick<RequestStore, 'change'>; readonly now: Now },
): Promise<void> {
  const at = services.now().toISOString();
  const removalTries = (request.removalTries ?? 0) + 1;
  const written = request.events.filter(({ type }) => type === 'removal-retried').length;
  const isWritten = mayRepeat(request, 'removal-retried', at, cutReason(reason));
  const note = repeatedNote(reason, removalTries, written);
  try {
    await services.requests.change(request.id, {
      from: ['ending'],
      set: { removalTries },
      ...(isWritten ? { event: happen('removal-retried', at, { note }), eventsSeen: request.events.length } : {}),
    });
  } catch {
    // Only the removal matters; the next try writes the note again.
  }
}
