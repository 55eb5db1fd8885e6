import { S3Client } from '@aws-sdk/client-s3';
import { createArchive } from '../../gateways/s3/archive.ts';
import { type BatchAnswer, deliverBatch } from '../shared/audit-batch.ts';
import { readEnvironment } from '../shared/environment.ts';
import { once } from '../shared/once.ts';
import { AWS_CALLS } from '../shared/services/aws-calls.ts';
import { sha256 } from '../shared/sha256.ts';

const services = once(() => {
  const { auditBucket } = readEnvironment('audit-to-archive');
  return { archive: createArchive({ client: new S3Client(AWS_CALLS), bucket: auditBucket, sha256 }) };
});

/**
 * Writes the request table's stream to the archive. Nothing waits for it, and records that cannot be written stay in
 * the stream.
 */
export async function handler(event: unknown): Promise<BatchAnswer> {
  const { answer } = await deliverBatch(event, services().archive);
  return answer;
}
