import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Sha256 } from '../../core/access/ports.ts';
import type { AuditEvent } from '../../core/audit/audit-event.ts';
import type { AuditTarget, Taken } from '../../core/audit/ports.ts';
import { archiveKey } from './archive-key.ts';

/**
 * The archive: one object with one JSON line for each event, under a key made of the event alone, which is written only
 * if it is free. An event is there once, however often and in whatever batches it is handed over, and a replay adds
 * exactly what is missing.
 */
export function createArchive(options: {
  readonly client: S3Client;
  readonly bucket: string;
  readonly sha256: Sha256;
}): AuditTarget {
  const { client, bucket: Bucket, sha256 } = options;

  async function put(event: AuditEvent): Promise<boolean> {
    try {
      await client.send(
        new PutObjectCommand({
          Bucket,
          Key: archiveKey(event, sha256),
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
      // One after the other, so that the archive always has the beginning of a history and never its end alone.
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
