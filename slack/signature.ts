import { createHmac, timingSafeEqual } from 'node:crypto';

/** Slack's own tolerance: a call may be this many seconds old, or this far ahead of the function's clock. */
const MAX_SKEW_SECONDS = 300;

export interface SignedCall {
  readonly signingSecret: string;
  /** Header names in any case. A header that occurs more than once is refused. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body as it was sent, before any decoding. */
  readonly rawBody: Buffer;
  readonly now: Date;
}

export type SignatureCheck =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly status: 401 | 403;
      readonly why: 'missing' | 'malformed' | 'stale' | 'future' | 'mismatch';
    };

/**
 * Whether Slack has just sent exactly these bytes. Everything that is not certain is `ok: false`; it never throws.
 * Version `v0` of https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function verifySignature({ signingSecret, headers, rawBody, now }: SignedCall): SignatureCheck {
  const timestamps = headerValues(headers, 'x-slack-request-timestamp');
  const signatures = headerValues(headers, 'x-slack-signature');
  if (timestamps.length === 0 || signatures.length === 0) return refuse('missing');
  const [timestamp, secondTimestamp] = timestamps;
  const [signature, secondSignature] = signatures;
  if (timestamp === undefined || signature === undefined) return refuse('missing');
  if (secondTimestamp !== undefined || secondSignature !== undefined) return refuse('malformed');
  // API Gateway joins repeated headers with a comma, which neither pattern matches.
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) return refuse('malformed');

  const age = Math.floor(now.getTime() / 1000) - Number(timestamp);
  if (!Number.isFinite(age)) return refuse('malformed');
  if (age > MAX_SKEW_SECONDS) return refuse('stale');
  if (age < -MAX_SKEW_SECONDS) return refuse('future');

  // With an empty secret, anybody could sign a call.
  if (signingSecret === '') return refuse('mismatch');
  const expected = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(rawBody).digest();
  const given = Buffer.from(signature.slice('v0='.length), 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected) ? { ok: true } : refuse('mismatch');
}

/**
 * The signature that Slack would send with these bytes: `v0=<hex>`. For tests and tools that act as Slack. `timestamp`
 * is in seconds.
 */
export function signatureOf(signingSecret: string, timestamp: number, rawBody: Buffer): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(rawBody).digest('hex')}`;
}

function headerValues(headers: SignedCall['headers'], name: string): string[] {
  return Object.entries(headers)
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value ?? []);
}

function refuse(why: Exclude<SignatureCheck, { ok: true }>['why']): SignatureCheck {
  return { ok: false, status: why === 'stale' || why === 'future' ? 403 : 401, why };
}
