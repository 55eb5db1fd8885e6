import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { AuditEvent } from '../../core/audit/audit-event.ts';
import type { AuditTarget, Taken } from '../../core/audit/ports.ts';

/**
 * The archive: one object of one JSON line for each event, under a key made of the event alone, and written only where nothing is
 * yet. However often and in whatever batches an event is handed over, it is there once; and whoever reads history anew can add
 * exactly what is missing.
 */
export function createArchive(options: { readonly client: S3Client; readonly bucket: string }): AuditTarget {
  const { client, bucket: Bucket } = options;

  async function put(event: AuditEvent): Promise<boolean> {
    try {
      await client.send(
        new PutObjectCommand({
          Bucket,
          Key: archiveKey(event),
          Body: `${JSON.stringify(event)}\n`,
          ContentType: 'application/x-ndjson',
          IfNoneMatch: '*',
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'PreconditionFailed') return false;
      throw error;
    }
  }

  return {
    async take(events): Promise<Taken> {
      let taken = 0;
      let added = 0;
      // One after the other, so that what is there is always the beginning of the story and never its end alone.
      for (const event of events) {
        try {
          if (await put(event)) added += 1;
        } catch (error) {
          return { taken, added, error };
        }
        taken += 1;
      }
      return { taken, added };
    },
  };
}

/**
 * Where an event is kept: `events/day=2026-01-05/20260105T090000000Z-req-1.0003.jsonl`. Keys sort by time, then by request and
 * position. Different events have different keys, whatever their ids hold.
 */
export function archiveKey({ id, at }: Pick<AuditEvent, 'id' | 'at'>): string {
  const [, owner = id, position] = /^(.*)#(0|[1-9]\d*)$/.exec(id) ?? [];
  const name = position === undefined ? keyPart(id) : `${keyPart(owner)}.${position.padStart(4, '0')}`;
  return `events/day=${at.slice(0, 10)}/${at.replace(/[-:.]/g, '')}-${name}.jsonl`;
}

/** A text as part of a key: letters, digits and hyphens as they are; anything else as `=` and the hexadecimal code of each of its bytes. */
export function keyPart(text: string): string {
  return text.replace(
    /[^A-Za-z0-9-]/gu,
    (character) => `=${Buffer.from(character).toString('hex').match(/../g)?.join('=')}`,
  );
}
