import { happen } from '../../model/events.ts';
import type { AccessEvent, AccessRequest, EventType } from '../../model/request.ts';
import type { Now, RequestStore } from '../ports.ts';

/*
 * A request and its whole history are one item, which DynamoDB limits to 400 KB. What happens a bounded number of times in a life
 * always fits. What repeats for as long as something is wrong is written ever more rarely, and not at all where it would take the
 * room that the last steps of the life need.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */

/** This often something is written whenever it happens. */
const FREELY = 5;
/** Until it is written this often, at most once an hour; from then on at most once a day. */
const HOURLY = 30;
const MOST = 100;
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
/** A new reason is news, though not more often than this. Seconds. */
const NEW_REASON_SECONDS = 600;

/** From this size on, in bytes of JSON, a request takes no more repetitions: the rest is kept for what must still be written. */
const REPETITIONS_UP_TO_BYTES = 200_000;

/** Reasons of AWS may be of any length; what they say first is what they say. Characters. */
const LONGEST_REASON = 200;

/** What the note of a report that is not tried any more begins with. */
export const GIVEN_UP = 'given up: ';

/** A reason of any length, as it is kept. */
export function cutReason(reason: string): string {
  return reason.length <= LONGEST_REASON ? reason : `${reason.slice(0, LONGEST_REASON - 1)}…`;
}

/**
 * May an event of a type that repeats be written once more?
 *
 * @param now ISO 8601
 * @param reason why it happened this time, when that is what its note says
 */
export function mayRepeat(request: AccessRequest, type: EventType, now: string, reason?: string): boolean {
  const earlier = request.events.filter((event) => event.type === type);
  const last = earlier.at(-1);
  if (last === undefined || earlier.length < FREELY) return hasRoom(request);
  if (earlier.length >= MOST) return false;
  const gap = (new Date(now).getTime() - new Date(last.at).getTime()) / 1000;
  const isNew = reason !== undefined && reasonOf(last) !== reason && earlier.length < HOURLY;
  const wanted = isNew ? NEW_REASON_SECONDS : earlier.length < HOURLY ? HOUR_SECONDS : DAY_SECONDS;
  return gap >= wanted && hasRoom(request);
}

function hasRoom(request: AccessRequest): boolean {
  return new TextEncoder().encode(JSON.stringify(request)).length < REPETITIONS_UP_TO_BYTES;
}

/** The note of an event that was tried so often: what is left out of the history is counted in it. */
function repeatedNote(reason: string, times: number, written: number): string {
  return times > written + 1 ? `${cutReason(reason)} (attempt ${times})` : cutReason(reason);
}

/** The reason in the note of an event that repeats, without the count. */
export function reasonOf({ note = '' }: AccessEvent): string {
  return note.replace(/ \(attempt \d+\)$/, '');
}

/** Events of which a repetition for the same reason is nothing that people would have to be told. */
const REPEATED: readonly EventType[] = [
  'removal-retried',
  'report-unsent',
  'workflow-stopped',
  'reminded',
  'sessions-cut-failed',
];

/** Events that the messages say nothing of. */
const UNTOLD: readonly EventType[] = ['mailed', 'sessions-left'];

/** How many events there are that the messages may say something of. */
export function tellableEvents({ events }: Pick<AccessRequest, 'events'>): number {
  return events.filter(({ type }) => !UNTOLD.includes(type)).length;
}

/** Has something happened since the messages were last brought up to date that changes what they say? */
export function hasNews({ events, told = 0 }: Pick<AccessRequest, 'events' | 'told'>): boolean {
  return events.some((event, index) => {
    if (index < told || UNTOLD.includes(event.type)) return false;
    if (!REPEATED.includes(event.type)) return true;
    const before = events.slice(0, index).findLast(({ type }) => type === event.type);
    return before === undefined || reasonOf(before) !== reasonOf(event);
  });
}

/**
 * Writes down that a removal did not work, as often as the history has room for it, and always that it was tried. The note must
 * never stand in the way of the next try, so it is given up when it cannot be written.
 *
 * @param reason in the words of AWS, or the name of an error
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
    // The removal is what matters; the next try writes the same.
  }
}
