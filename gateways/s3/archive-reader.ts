import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Sha256 } from '../../core/access/ports.ts';
import type { ArchivedObject, ArchiveReader } from '../../core/audit/ports.ts';
import { compareText } from '../../core/model/text.ts';
import { archiveKey, archiveTime } from './archive-key.ts';

/** At most this many objects are read at once. */
const AT_ONCE = 16;
const DAY_MS = 24 * 3600 * 1000;
/** An object elsewhere is in no partition: Athena does not read it either. */
const IN_A_DAY = /^events\/day=\d{4}-\d\d-\d\d\//;

/** A key of the archive, with what is stored under it. */
interface ListedKey {
  readonly key: string;
  readonly versions: number;
  /** The key has a delete marker. */
  readonly deleted: boolean;
}

/** Where a listing goes on. A key alone means after all of its versions; it need not exist. */
interface Place {
  readonly KeyMarker?: string | undefined;
  readonly VersionIdMarker?: string | undefined;
}

/**
 * Reads the archive as it is now, and finds objects that were written over or deleted. For an operator, never for a
 * function. Days are listed together, a thousand objects a call, because most days of a long range have few.
 */
export function createArchiveReader(options: {
  readonly client: S3Client;
  readonly bucket: string;
  readonly sha256: Sha256;
}): ArchiveReader {
  const { client, bucket: Bucket, sha256 } = options;

  /** Every key of the range's days, in order, each once. */
  async function* keysOf(range: { readonly from: string; readonly to: string }): AsyncGenerator<ListedKey> {
    const behind = folderOf(dayAfter(range.to));
    // A page may end between the versions of a key.
    let last: ListedKey | undefined;
    let from: Place | undefined = { KeyMarker: folderOf(range.from) };
    while (from !== undefined) {
      const page: ListObjectVersionsCommandOutput = await client.send(
        new ListObjectVersionsCommand({ Bucket, Prefix: 'events/day=', ...from }),
      );
      for (const listed of keysIn(page)) {
        if (listed.key >= behind) {
          if (last !== undefined) yield last;
          return;
        }
        if (last?.key === listed.key) {
          last = { key: last.key, versions: last.versions + listed.versions, deleted: last.deleted || listed.deleted };
          continue;
        }
        if (last !== undefined) yield last;
        last = listed;
      }
      from = page.IsTruncated === true ? placeAfter(page) : undefined;
    }
    if (last !== undefined) yield last;
  }

  async function readAll(keys: readonly ListedKey[]): Promise<readonly ArchivedObject[]> {
    return Promise.all(
      keys.map(async ({ key, versions, deleted }) => {
        const shadowed = versions > 1 || deleted;
        return { key, shadowed, ...(deleted ? {} : { text: await read(key) }) };
      }),
    );
  }

  async function read(Key: string): Promise<string> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  }

  return {
    async *objects(range) {
      let batch: ListedKey[] = [];
      for await (const listed of keysOf(range)) {
        batch.push(listed);
        if (batch.length < AT_ONCE) continue;
        yield* await readAll(batch);
        batch = [];
      }
      yield* await readAll(batch);
    },
    keyOf: (event) => archiveKey(event, sha256),
    timeOf: archiveTime,
  };
}

function folderOf(instant: string): string {
  return `events/day=${instant.slice(0, 10)}/`;
}

/** The first day that begins at the instant or later; ISO 8601. */
function dayAfter(instant: string): string {
  return new Date(Math.ceil(Date.parse(instant) / DAY_MS) * DAY_MS).toISOString();
}

/** The keys of a page, in order. S3 lists versions and delete markers apart. */
function keysIn({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput): readonly ListedKey[] {
  const found = new Map<string, ListedKey>();
  const note = (key: string, versions: number, deleted: boolean) => {
    const known = found.get(key);
    found.set(key, { key, versions: (known?.versions ?? 0) + versions, deleted: deleted || known?.deleted === true });
  };
  for (const { Key = '' } of Versions) note(Key, 1, false);
  for (const { Key = '' } of DeleteMarkers) note(Key, 0, true);
  return [...found.values()].filter(({ key }) => IN_A_DAY.test(key)).sort((a, b) => compareText(a.key, b.key));
}

function placeAfter({ NextKeyMarker, NextVersionIdMarker }: ListObjectVersionsCommandOutput): Place {
  return { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker };
}
