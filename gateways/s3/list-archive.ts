import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ListArchive, ListFormat } from '../../core/activity/ports.ts';
import { consoleHost } from '../aws-console.ts';
import { keyPart } from './archive-key.ts';

const CONTENT_TYPE: Readonly<Record<ListFormat, string>> = { csv: 'text/csv', json: 'application/json' };

/**
 * The lists of calls in the archive: `reports/<request>/<edition>/<SHA-256>.csv`. The mail names the object's page in
 * the AWS console and has no presigned URL: mail is forwarded, and the list is for people whom AWS lets read the
 * bucket.
 */
export function createListArchive(options: {
  readonly client: S3Client;
  readonly bucket: string;
  readonly partition: string;
}): ListArchive {
  const { client, bucket, partition } = options;
  return {
    async keep({ requestId, edition, format, content, sha256 }) {
      const key = `reports/${keyPart(requestId)}/${edition}/${sha256}.${format}`;
      try {
        await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: content,
            ContentType: CONTENT_TYPE[format],
            // S3 refuses content that did not arrive as it was sent.
            ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
            IfNoneMatch: '*',
          }),
        );
      } catch (error) {
        // The same list is there already: this edition was begun before.
        if (!(error instanceof Error && error.name === 'PreconditionFailed')) throw error;
      }
      const host = consoleHost(partition, await client.config.region());
      return { format, key, sha256, address: `https://${host}/s3/object/${bucket}?prefix=${key}` };
    },
  };
}
