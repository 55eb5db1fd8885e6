import { createHmac } from 'node:crypto';
import { verifySlackRequest } from '@slack/bolt';
import fc from 'fast-check';
import { type SignedCall, signatureOf, verifySignature } from '../../slack/signature.ts';

const SECRET = 'sandbox-signing-secret';
const NOW = new Date('2026-01-05T09:00:00Z');
const NOW_SECONDS = NOW.getTime() / 1000;

function signed(overrides: Partial<SignedCall> & { timestamp?: number; body?: string } = {}): SignedCall {
  const { timestamp = NOW_SECONDS, body = 'payload=%7B%7D' } = overrides;
  const rawBody = Buffer.from(body);
  const headers = {
    'x-slack-request-timestamp': String(timestamp),
    'x-slack-signature': signatureOf(SECRET, timestamp, rawBody),
  };
  return { signingSecret: SECRET, headers, rawBody, now: NOW, ...overrides };
}

function withHeaders(headers: SignedCall['headers']): SignedCall {
  return signed({ headers: { ...signed().headers, ...headers } });
}

test('a call that Slack signed is accepted, with headers in any case', () => {
  expect(verifySignature(signed())).toEqual({ ok: true });
  const { headers } = signed();
  const shouted = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
  expect(verifySignature(signed({ headers: shouted }))).toEqual({ ok: true });
});

test('a body with non-ASCII characters is accepted, because the signature covers the raw bytes', () => {
  expect(verifySignature(signed({ body: '{"user":"Žofie 🔨"}' }))).toEqual({ ok: true });
});

test.each([-300, -1, 0, 1, 300])('a call whose timestamp is %i seconds old is accepted', (age) => {
  expect(verifySignature(signed({ timestamp: NOW_SECONDS - age }))).toEqual({ ok: true });
});

test.each([
  [301, 'stale'],
  [86_400, 'stale'],
  [-301, 'future'],
  [-86_400, 'future'],
])('a call whose timestamp is %i seconds old is refused although it is signed: no replay', (age, why) => {
  expect(verifySignature(signed({ timestamp: NOW_SECONDS - age }))).toEqual({ ok: false, status: 403, why });
});

test('altered bytes, another timestamp or another secret are refused', () => {
  const call = signed();
  const mismatch = { ok: false, status: 401, why: 'mismatch' };
  expect(verifySignature({ ...call, rawBody: Buffer.from('payload=%7B%7E') })).toEqual(mismatch);
  expect(verifySignature(withHeaders({ 'x-slack-request-timestamp': String(NOW_SECONDS + 1) }))).toEqual(mismatch);
  expect(verifySignature({ ...call, signingSecret: 'another' })).toEqual(mismatch);
});

test('without a signing secret every call is refused, even one signed with the empty secret', () => {
  const rawBody = Buffer.from('x');
  const signature = `v0=${createHmac('sha256', '').update(`v0:${NOW_SECONDS}:x`).digest('hex')}`;
  const headers = { 'x-slack-request-timestamp': String(NOW_SECONDS), 'x-slack-signature': signature };
  expect(verifySignature({ signingSecret: '', headers, rawBody, now: NOW })).toMatchObject({ ok: false, status: 401 });
});

test.each<[string, SignedCall['headers'], 'missing' | 'malformed']>([
  ['no headers', { 'x-slack-request-timestamp': undefined, 'x-slack-signature': undefined }, 'missing'],
  ['no timestamp', { 'x-slack-request-timestamp': undefined }, 'missing'],
  ['no signature', { 'x-slack-signature': undefined }, 'missing'],
  ['an empty list', { 'x-slack-signature': [] }, 'missing'],
  ['an empty timestamp', { 'x-slack-request-timestamp': '' }, 'malformed'],
  ['a word for a timestamp', { 'x-slack-request-timestamp': 'NaN' }, 'malformed'],
  ['a timestamp with an exponent', { 'x-slack-request-timestamp': '1e9' }, 'malformed'],
  ['a negative timestamp', { 'x-slack-request-timestamp': '-1' }, 'malformed'],
  ['a timestamp with a leading space', { 'x-slack-request-timestamp': ` ${NOW_SECONDS}` }, 'malformed'],
  ['a signature of another version', { 'x-slack-signature': `v1=${'0'.repeat(64)}` }, 'malformed'],
  ['a short signature', { 'x-slack-signature': 'v0=abc' }, 'malformed'],
  ['a signature that is no hex', { 'x-slack-signature': `v0=${'z'.repeat(64)}` }, 'malformed'],
  ['two signatures', { 'X-Slack-Signature': `v0=${'0'.repeat(64)}` }, 'malformed'],
  ['two timestamps in a list', { 'x-slack-request-timestamp': [String(NOW_SECONDS), '1'] }, 'malformed'],
  ['two timestamps joined by the gateway', { 'x-slack-request-timestamp': `${NOW_SECONDS},1` }, 'malformed'],
])('a call with %s is refused', (_what, headers, why) => {
  expect(verifySignature(withHeaders(headers))).toEqual({ ok: false, status: 401, why });
});

test('with an invalid clock every call is refused', () => {
  expect(verifySignature(signed({ now: new Date(Number.NaN) }))).toMatchObject({ ok: false });
});

test('for random bodies, secrets and signatures the result is the same as that of Slack’s own library', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      fc.string(),
      fc.integer({ min: -600, max: 300 }),
      fc.constantFrom('right', 'other body', 'other secret', 'v1', 'cut', ''),
      (secret, body, skew, fault) => {
        const timestamp = NOW_SECONDS + skew;
        const right = signatureOf(secret, timestamp, Buffer.from(body));
        const signature = {
          right,
          'other body': signatureOf(secret, timestamp, Buffer.from(`${body}x`)),
          'other secret': signatureOf(`${secret}x`, timestamp, Buffer.from(body)),
          v1: right.replace('v0', 'v1'),
          cut: right.slice(0, -1),
          '': '',
        }[fault];
        const headers = { 'x-slack-request-timestamp': String(timestamp), 'x-slack-signature': signature };
        const mine = verifySignature({ signingSecret: secret, headers, rawBody: Buffer.from(body), now: NOW }).ok;
        expect(mine).toBe(boltTakes(secret, body, timestamp, signature));
      },
    ),
    { numRuns: 300 },
  );
});

function boltTakes(signingSecret: string, body: string, timestamp: number, signature: string): boolean {
  try {
    const headers = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature };
    verifySlackRequest({ signingSecret, body, headers, nowMilliseconds: NOW.getTime() });
    return true;
  } catch {
    return false;
  }
}
