import { GetObjectCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ArchivedObject, ArchiveReader } from '../../core/audit/ports.ts';
import { archiveKey, archiveTime } from './archive-key.ts';

/** So many objects are read at once. */
const AT_ONCE = 16;
const DAY_MS = 24 * 3600 * 1000;

/** Reads the archive as it is now, and sees whether anything was put over an object. For an operator, never for a function. */
export function createArchiveReader(options: { readonly client: S3Client; readonly bucket: string }): ArchiveReader {
  const { client, bucket: Bucket } = options;

  async function* objectsOfDay(day: string): AsyncGenerator<ArchivedObject> {
    const versions = await versionsByKey(`events/day=${day}/`);
    const keys = [...versions.keys()];
    for (let at = 0; at < keys.length; at += AT_ONCE) {
      yield* await Promise.all(
        keys.slice(at, at + AT_ONCE).map(async (key) => {
          const { count, deleted } = versions.get(key) ?? { count: 0, deleted: false };
          const shadowed = count > 1 || deleted;
          return { key, shadowed, ...(deleted ? {} : { text: await read(key) }) };
        }),
      );
    }
  }

  async function versionsByKey(Prefix: string): Promise<Map<string, { count: number; deleted: boolean }>> {
    const found = new Map<string, { count: number; deleted: boolean }>();
    let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
    while (next !== undefined) {
      const page: Awaited<ReturnType<typeof list>> = await list(Prefix, next);
      const seen = (Key: string | undefined) => {
        const known = found.get(Key ?? '') ?? { count: 0, deleted: false };
        found.set(Key ?? '', known);
        return known;
      };
      for (const { Key } of page.Versions ?? []) seen(Key).count += 1;
      for (const { Key } of page.DeleteMarkers ?? []) seen(Key).deleted = true;
      next =
        page.IsTruncated === true
          ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
          : undefined;
    }
    return found;
  }

  function list(Prefix: string, from: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined }) {
    return client.send(new ListObjectVersionsCommand({ Bucket, Prefix, ...from }));
  }

  async function read(Key: string): Promise<string> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  }

  return {
    async *objects({ from, to }) {
      for (let at = Date.parse(from.slice(0, 10)); at < Date.parse(to); at += DAY_MS)
        yield* objectsOfDay(new Date(at).toISOString().slice(0, 10));
    },
    keyOf: archiveKey,
    timeOf: archiveTime,
  };
}
