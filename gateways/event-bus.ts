import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { AuditEvent } from '../core/audit/audit-event.ts';
import { shortened } from '../core/audit/bounded-event.ts';
import type { AuditTarget, Taken } from '../core/audit/ports.ts';

/** What rules match as `source`. */
const EVENT_SOURCE = 'glasshammer';

/** The type of an event that cannot be told. */
const UNKNOWN_TYPE = 'unknown';

/**
 * PutEvents takes at most ten entries, and less than 256 KB for all of them together: more by now in most regions, but not in each.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size
 * @see https://docs.amazonaws.cn/en_us/eventbridge/latest/userguide/eb-putevent-size.html
 */
const MOST_ENTRIES = 10;
const MOST_BYTES = 250_000;
/** An event alone may not fill a call. Nothing a person can type is that long. */
const MOST_EVENT_BYTES = 200_000;
/** Of one that does, no text has more characters, each of which JSON may write as six bytes. */
const LONGEST_TEXT = 1_000;

/** Entries can fail one by one, mostly by throttling. What still fails now is handed over again by the stream. */
const TRIES = 3;

/** An entry that fails so may be taken the next time; with any other code it is refused for what it says. */
const MAY_BE_TAKEN = /Throttl|Internal|Unavailable|Timeout|AccessDenied|NotAuthorized|LimitExceeded/i;

/** An entry was not taken by EventBridge; the message is its error code. */
export class BusEntryFailedError extends Error {
  override readonly name = 'BusEntryFailedError';
}

/**
 * The event bus. Delivery is at least once and without an order, as is EventBridge's own; each event carries the id by which a
 * receiver knows it again, and the request and position that order it.
 */
export function createEventBus(options: { readonly client: EventBridgeClient; readonly busName: string }): AuditTarget {
  const { client, busName } = options;

  /** For each entry the code by which it failed, if it did. */
  async function codesOf(entries: readonly PutEventsRequestEntry[]): Promise<readonly (string | undefined)[]> {
    try {
      const answer = await client.send(new PutEventsCommand({ Entries: [...entries] }));
      return entries.map((_, index) => answer.Entries?.[index]?.ErrorCode);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'ValidationException')) throw error;
      if (entries.length === 1) return [error.name];
      // One of them is refused, and all others with it.
      const codes: (string | undefined)[] = [];
      for (const entry of entries) codes.push(...(await codesOf([entry])));
      return codes;
    }
  }

  /** The position of the first entry that was not taken, and why. */
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
 * What is told where EventBridge refuses an event for what it says, so that it holds back none after it: that there is one, and
 * which. Nothing in it is anybody's words, and all of it is ASCII.
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

/** As many entries in one call as EventBridge takes. */
function* portions(events: readonly AuditEvent[], busName: string): Iterable<PutEventsRequestEntry[]> {
  let portion: PutEventsRequestEntry[] = [];
  let bytes = 0;
  // One at a time: thousands of long events would not fit into the function's memory.
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
