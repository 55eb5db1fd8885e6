import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { WireRequest } from './wire.ts';

/** The result of a verification: valid (signed with the secret, for this request, recently), or why not. */
export type Verified =
  | { readonly ok: true; readonly accessKeyId: string }
  | { readonly ok: false; readonly why: 'MissingAuthenticationToken' | 'InvalidSignature' | 'UnrecognizedClient' };

/** The secrets that a signature is verified with. */
export interface Secret {
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** AWS refuses signatures whose time differs more than this from its own. Milliseconds. */
const LONGEST_SKEW_MS = 5 * 60_000;

/** Headers that must be signed. Otherwise the signature would be valid for another host or at another time. */
const SIGNED_AT_LEAST = ['host', 'x-amz-date', 'x-amz-security-token'];

/**
 * Verifies AWS Signature Version 4, as API Gateway does.
 *
 * @param nowMs the machine's time, which signers use, and not the sandbox's virtual time
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function verifySigV4(
  request: WireRequest,
  service: string,
  secretOf: (accessKeyId: string) => Secret | undefined,
  nowMs: number,
): Verified {
  const { headers } = request;
  const fields = /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
    headers.authorization ?? '',
  );
  if (fields === null) return { ok: false, why: 'MissingAuthenticationToken' };
  const [, credential = '', names = '', signature = ''] = fields;
  const [accessKeyId = '', date = '', region = '', scope = '', end = ''] = credential.split('/');
  const secret = secretOf(accessKeyId);
  if (secret === undefined || headers['x-amz-security-token'] !== secret.sessionToken)
    return { ok: false, why: 'UnrecognizedClient' };
  const at = headers['x-amz-date'] ?? '';
  const signed = names.split(';');
  const isComplete = SIGNED_AT_LEAST.every((name) => signed.includes(name));
  const isMeantHere = scope === service && end === 'aws4_request' && at.startsWith(date);
  if (!isComplete || !isMeantHere || Math.abs(instantOf(at) - nowMs) > LONGEST_SKEW_MS || Number.isNaN(instantOf(at)))
    return { ok: false, why: 'InvalidSignature' };

  const canonical = [
    request.method,
    ...addressOf(request.path),
    headersOf(headers, signed),
    names,
    sha256(request.body),
  ];
  const toSign = ['AWS4-HMAC-SHA256', at, `${date}/${region}/${scope}/aws4_request`, sha256(canonical.join('\n'))];
  const key = [date, region, scope, 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${secret.secretAccessKey}`);
  const wanted = hmac(key, toSign.join('\n'));
  return timingSafeEqual(wanted, Buffer.from(signature, 'hex'))
    ? { ok: true, accessKeyId }
    : { ok: false, why: 'InvalidSignature' };
}

/** The canonical URI and query: each path segment encoded once more, and the parameters sorted. */
function addressOf(path: string): [string, string] {
  const [bare = '', query = ''] = path.split('?');
  const parameters = query
    .split('&')
    .filter(Boolean)
    .map((parameter) => (parameter.includes('=') ? parameter : `${parameter}=`));
  return [bare.split('/').map(encode).join('/'), parameters.sort().join('&')];
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function headersOf(headers: Readonly<Record<string, string>>, names: readonly string[]): string {
  return names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`).join('');
}

/** Milliseconds since 1970 for a time such as `20260105T120000Z`. */
function instantOf(at: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(at) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
