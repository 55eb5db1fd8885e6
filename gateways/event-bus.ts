import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { AuditEvent } from '../core/audit/audit-event.ts';
import type { AuditTarget, Taken } from '../core/audit/ports.ts';

/** What rules match as `source`. */
const EVENT_SOURCE = 'glasshammer';

/** PutEvents takes at most ten entries, and 256 KB for all of them together. */
const MOST_ENTRIES = 10;
const MOST_BYTES = 250_000;
/** An event alone may not fill a call. Nothing a person can type is that long. */
const MOST_EVENT_BYTES = 200_000;

/** Entries can fail one by one, mostly by throttling. What still fails now is handed over again by the stream. */
const TRIES = 3;

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

  /** The position of the first entry that was not taken, and why. */
  async function put(
    entries: readonly PutEventsRequestEntry[],
  ): Promise<{ readonly at: number; readonly error: Error } | undefined> {
    let open = entries.map((entry, at) => ({ entry, at, code: '' }));
    for (let attempt = 0; attempt < TRIES && open.length > 0; attempt++) {
      const answer = await client.send(new PutEventsCommand({ Entries: open.map(({ entry }) => entry) }));
      open = open.flatMap((one, index) => {
        const code = answer.Entries?.[index]?.ErrorCode;
        return code === undefined ? [] : [{ ...one, code }];
      });
    }
    const [first] = open;
    return first === undefined ? undefined : { at: first.at, error: new BusEntryFailedError(first.code) };
  }

  return {
    async take(events): Promise<Taken> {
      let taken = 0;
      for (const entries of portions(events.map((event) => entryOf(event, busName)))) {
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
  const { reason: _reason, ticket: _ticket, subjects: _subjects, ...rest } = event;
  return JSON.stringify({ ...rest, note: 'too long for the bus; the archive has it whole' });
}

/** As many entries in one call as EventBridge takes. */
function* portions(entries: readonly PutEventsRequestEntry[]): Iterable<PutEventsRequestEntry[]> {
  let portion: PutEventsRequestEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
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
