import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { AuditEvent } from '../core/audit/audit-event.ts';
import { shortened } from '../core/audit/bounded-event.ts';
import type { AuditTarget, Taken } from '../core/audit/ports.ts';

/** The `source` that rules match. */
const EVENT_SOURCE = 'glasshammer';

/** The type of the event that stands in for one that EventBridge refuses. */
const UNKNOWN_TYPE = 'unknown';

/**
 * PutEvents takes at most ten entries, and less than 256 KB for all of them together. Most Regions take more by now,
 * but not all.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size
 * @see https://docs.amazonaws.cn/en_us/eventbridge/latest/userguide/eb-putevent-size.html
 */
const MOST_ENTRIES = 10;
const MOST_BYTES = 250_000;
/** A single event may not fill a call. Nothing that a person can type is that long. */
const MOST_EVENT_BYTES = 200_000;
/** In an event that would, no text has more characters than this. JSON may write each of them as six bytes. */
const LONGEST_TEXT = 1_000;

/**
 * Entries can fail one by one, mostly by throttling. The stream delivers again what still fails after so many tries.
 */
const TRIES = 3;

/**
 * Error codes after which the next try may succeed; with any other code EventBridge refuses the entry for its content.
 */
const MAY_BE_TAKEN = /Throttl|Internal|Unavailable|Timeout|AccessDenied|NotAuthorized|LimitExceeded/i;

/** An entry was not taken by EventBridge; the message is its error code. */
export class BusEntryFailedError extends Error {
  override readonly name = 'BusEntryFailedError';
}

/**
 * The event bus. Delivery is at least once and without an order, like EventBridge's own. Each event carries the id by
 * which a receiver recognizes a repeat, and the request and position by which it orders events.
 */
export function createEventBus(options: { readonly client: EventBridgeClient; readonly busName: string }): AuditTarget {
  const { client, busName } = options;

  /** The error code of each entry; `undefined` for an entry that was taken. */
  async function codesOf(entries: readonly PutEventsRequestEntry[]): Promise<readonly (string | undefined)[]> {
    try {
      const answer = await client.send(new PutEventsCommand({ Entries: [...entries] }));
      return entries.map((_, index) => answer.Entries?.[index]?.ErrorCode);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'ValidationException')) throw error;
      if (entries.length === 1) return [error.name];
      // One of the entries is refused, and the whole call with it: each is sent alone.
      const codes: (string | undefined)[] = [];
      for (const entry of entries) codes.push(...(await codesOf([entry])));
      return codes;
    }
  }

  /** The position of the first entry that was not taken, and why; `undefined` if all were taken. */
  async function put(
    entries: readonly PutEventsRequestEntry[],
  ): Promise<{ readonly at: number; readonly error: Error } | undefined> {
    let open = entries.map((entry, at) => ({ entry, at, code: '' }));
    for (let attempt = 0; attempt < TRIES && open.length > 0; attempt++) {
      const codes = await codesOf(open.map(({ entry }) => entry));
      open = open.flatMap(({ entry, at }, index) => {
        const code = codes[index];
        if (code === undefined) return [];
        return [{ entry: MAY_BE_TAKEN.test(code) ? entry : inItsPlace(entry, code), at, code }];
      });
    }
    const [first] = open;
    return first === undefined ? undefined : { at: first.at, error: new BusEntryFailedError(first.code) };
  }

  return {
    async take(events): Promise<Taken> {
      let taken = 0;
      for (const entries of portions(events, busName)) {
        try {
          const failed = await put(entries);
          if (failed !== undefined) return { taken: taken + failed.at, added: taken + failed.at, error: failed.error };
        } catch (error) {
          return { taken, added: taken, error };
        }
        taken += entries.length;
      }
      return { taken, added: taken };
    },
  };
}

function entryOf(event: AuditEvent, EventBusName: string): PutEventsRequestEntry {
  return {
    EventBusName,
    Source: EVENT_SOURCE,
    DetailType: event.type,
    Time: new Date(event.at),
    Detail: detailOf(event),
  };
}

function detailOf(event: AuditEvent): string {
  const detail = JSON.stringify(event);
  if (Buffer.byteLength(detail) <= MOST_EVENT_BYTES) return detail;
  const { reason, ticket, subjects, hashes, approvers, before, after, ...rest } = event;
  const { id, requestId } = event;
  const note = 'too long for the bus; the archive has it whole';
  return JSON.stringify({ ...shortened(rest, LONGEST_TEXT), id, requestId, note });
}

/**
 * Stands in for an event that EventBridge refuses for its content, so that no later event is held up. It says that
 * there is an event, and which. Nothing in it was written by a person, and all of it is ASCII.
 */
function inItsPlace({ EventBusName, Source, Detail = '' }: PutEventsRequestEntry, code: string): PutEventsRequestEntry {
  const { version, id, at } = JSON.parse(Detail) as AuditEvent;
  const note = `the bus refused this event (${code}); the archive has it whole`;
  const detail = JSON.stringify({ version, id, type: UNKNOWN_TYPE, at, by: 'unknown', note });
  const ascii = detail.replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return { EventBusName, Source, DetailType: UNKNOWN_TYPE, Detail: ascii };
}

/** Splits events into calls with as many entries as EventBridge takes. */
function* portions(events: readonly AuditEvent[], busName: string): Iterable<PutEventsRequestEntry[]> {
  let portion: PutEventsRequestEntry[] = [];
  let bytes = 0;
  // Entries are made one at a time: thousands of long events would not fit into the function's memory.
  for (const event of events) {
    const entry = entryOf(event, busName);
    const size = Buffer.byteLength(JSON.stringify(entry));
    if (portion.length === MOST_ENTRIES || (portion.length > 0 && bytes + size > MOST_BYTES)) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(entry);
    bytes += size;
  }
  if (portion.length > 0) yield portion;
}
