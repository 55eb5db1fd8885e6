import { createHash } from 'node:crypto';
import { AwsError } from '../wire/aws-error.ts';
import type { Call, Operations } from '../wire/service.ts';
import type { WireRequest, WireResponse } from '../wire/wire.ts';
import { toXml } from '../wire/xml.ts';
import type { StoredObject, World } from '../world/world.ts';

/** The largest page of S3's ListObjectVersions. */
const VERSIONS_A_PAGE = 1000;

/** The longest key in bytes of UTF-8. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const LONGEST_KEY = 1024;

/** The operation of a path-style S3 request; `undefined` if it is not emulated. */
export function s3Operation({ method, path }: Pick<WireRequest, 'method' | 'path'>): string | undefined {
  const { key, query } = readPath(path);
  if (key === '' && method === 'HEAD') return 'HeadBucket';
  if (key !== '') return { PUT: 'PutObject', GET: 'GetObject' }[method];
  if (method !== 'GET') return undefined;
  return query.has('versions') ? 'ListObjectVersions' : undefined;
}

/**
 * The part of S3 that an archive needs: put, get, list versions; conditional puts. Object Lock is stored and not
 * enforced.
 */
export function s3(world: World): Operations {
  const bucketOf = (request: WireRequest) => {
    const { bucket, key, query } = readPath(request.path);
    const objects = world.buckets[bucket];
    if (objects === undefined) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist');
    return { bucket, key, query, objects };
  };
  const read = (request: WireRequest, missing: string): StoredObject => {
    const { key, objects } = bucketOf(request);
    const object = objects[key];
    if (object === undefined) throw new AwsError(missing, 'The specified key does not exist.');
    return object;
  };
  return {
    PutObject(_input: unknown, call: Call, request: WireRequest): WireResponse {
      const { key, objects } = bucketOf(request);
      if (Buffer.byteLength(key) > LONGEST_KEY) throw new AwsError('KeyTooLongError', 'Your key is too long');
      return put(objects, key, request, call);
    },
    HeadBucket(_input: unknown, _call: Call, request: WireRequest): WireResponse {
      // The answer to a HEAD request has no body, so the error has no code.
      if (world.buckets[readPath(request.path).bucket] === undefined) throw new AwsError('NotFound', 'Not Found');
      return { status: 200, headers: { 'x-amz-bucket-region': world.region }, body: '' };
    },
    GetObject(_input: unknown, _call: Call, request: WireRequest): WireResponse {
      const object = read(request, 'NoSuchKey');
      return { status: 200, headers: describe(object), body: object.body };
    },
    ListObjectVersions(_input: unknown, _call: Call, request: WireRequest): WireResponse {
      const { bucket, objects, query } = bucketOf(request);
      return listVersions(bucket, objects, query);
    },
  };
}

function put(objects: Record<string, StoredObject>, key: string, request: WireRequest, call: Call): WireResponse {
  const headers: Record<string, string | undefined> = request.headers;
  const existing = objects[key];
  const failed =
    (headers['if-none-match'] === '*' && existing !== undefined) ||
    (headers['if-match'] !== undefined && headers['if-match'] !== existing?.etag);
  if (failed) throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
  const body = headers['content-encoding']?.includes('aws-chunked') ? unchunk(request.body) : request.body;
  const mode = headers['x-amz-object-lock-mode'];
  const retainUntil = headers['x-amz-object-lock-retain-until-date'];
  const etag = `"${createHash('md5').update(body).digest('hex')}"`;
  objects[key] = {
    body,
    contentType: headers['content-type'] ?? 'application/octet-stream',
    etag,
    metadata: Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) =>
        name.startsWith('x-amz-meta-') ? [[name.slice('x-amz-meta-'.length), value]] : [],
      ),
    ),
    ...(mode === undefined || retainUntil === undefined ? {} : { lock: { mode, retainUntil } }),
    lastModified: new Date(call.nowMs).toISOString(),
    ...(existing === undefined ? {} : { older: (existing.older ?? 0) + 1 }),
  };
  return { status: 200, headers: { etag }, body: '' };
}

/** Lists versions by key, newest version first. A page may end between two versions of a key. */
function listVersions(bucket: string, objects: Record<string, StoredObject>, query: URLSearchParams): WireResponse {
  const prefix = query.get('prefix') ?? '';
  const marker = query.get('key-marker') ?? '';
  const versionMarker = query.get('version-id-marker');
  const all = Object.keys(objects)
    .filter((key) => key.startsWith(prefix) && (key > marker || (key === marker && versionMarker !== null)))
    .sort((a, b) => (a < b ? -1 : 1))
    .flatMap((key) => versionsOf(key, objects[key]));
  const first = all.findIndex(({ Key, VersionId }) => Key === marker && VersionId === versionMarker) + 1;
  const here = all.slice(first, first + VERSIONS_A_PAGE);
  const last = here.at(-1);
  const isTruncated = all.length > first + here.length;
  const body = toXml('ListVersionsResult', {
    Name: bucket,
    Prefix: prefix,
    MaxKeys: VERSIONS_A_PAGE,
    IsTruncated: isTruncated,
    ...(isTruncated && { NextKeyMarker: last?.Key, NextVersionIdMarker: last?.VersionId }),
    Version: here,
  });
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

function versionsOf(Key: string, object: StoredObject | undefined) {
  const newest = object?.older ?? 0;
  return Array.from({ length: newest + 1 }, (_, place) => ({
    Key,
    VersionId: `v${newest - place}`,
    IsLatest: place === 0,
    LastModified: object?.lastModified,
  }));
}

function describe(object: StoredObject): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': object.contentType,
    'content-length': String(object.body.length),
    etag: object.etag,
    'last-modified': new Date(object.lastModified).toUTCString(),
  };
  for (const [name, value] of Object.entries(object.metadata)) headers[`x-amz-meta-${name}`] = value;
  if (object.lock !== undefined) {
    headers['x-amz-object-lock-mode'] = object.lock.mode;
    headers['x-amz-object-lock-retain-until-date'] = object.lock.retainUntil;
  }
  return headers;
}

function readPath(path: string): { bucket: string; key: string; query: URLSearchParams } {
  const url = new URL(path, 'http://s3');
  const [, bucket = '', ...key] = url.pathname.split('/').map(decodeURIComponent);
  return { bucket, key: key.join('/'), query: url.searchParams };
}

/**
 * Decodes a body in chunks, `<hex size>[;signature]\r\n<bytes>\r\n`, the last one empty: SDK clients send a body of
 * unknown length like this.
 */
function unchunk(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  let position = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', position);
    const size = Number.parseInt(body.subarray(position, lineEnd).toString('latin1'), 16);
    if (lineEnd < 0 || Number.isNaN(size))
      throw new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
    if (size === 0) return Buffer.concat(parts);
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    position = lineEnd + 2 + size + 2;
  }
}
