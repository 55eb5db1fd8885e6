import * as z from 'zod/mini';
import type { Wanted } from '../../core/access/request/target/find-target.ts';
import { parseDuration } from '../../core/model/duration.ts';
import { ACCOUNT_ID } from '../../core/model/target.ts';
import { LATEST_START_MS } from '../shared/latest-start.ts';
import { isRequestId } from '../shared/request-id.ts';
import { type ApiEvent, bodyOf, LARGEST_BODY_BYTES } from './http.ts';
import { callProblem } from './problems.ts';

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly answer: ReturnType<typeof callProblem> };

/**
 * Reads a body, or answers which fields do not fit. The answer repeats no value of the body; of unknown fields it
 * repeats up to three names.
 */
export function readBody<T>(event: ApiEvent, schema: z.ZodMiniType<T>): Read<T> {
  const body = bodyOf(event);
  if (body.byteLength > LARGEST_BODY_BYTES)
    return no(callProblem('body-too-large', `Send at most ${LARGEST_BODY_BYTES} bytes.`));
  let json: unknown;
  try {
    json = body.byteLength === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch {
    return no(callProblem('malformed-body', 'Send JSON.'));
  }
  const parsed = z.safeParse(schema, json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const fields = parsed.error.issues.map((issue) => ({
    field: [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 3) : [])].join('.') || 'body',
    message: issue.code === 'unrecognized_keys' ? 'is not known' : wordsOf(issue),
  }));
  return no(
    callProblem('malformed-body', `Correct ${fields.map(({ field, message }) => `${field}: ${message}`).join('; ')}.`, {
      fields,
    }),
  );
}

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_type') return `must be given, as ${issue.expected}`;
  if (issue.code === 'too_big' && issue.origin === 'string') return `must have at most ${issue.maximum} characters`;
  return 'does not fit';
}

/** The answer for a field that does not fit. */
export function wrongField(
  field: string,
  message: string,
): { readonly ok: false; readonly answer: ReturnType<typeof callProblem> } {
  return no(callProblem('malformed-body', `Correct ${field}: ${message}.`, { fields: [{ field, message }] }));
}

/** Reads an optional duration; the value is in seconds. */
export function readDuration(written: string | undefined): Read<number | undefined> {
  if (written === undefined) return { ok: true, value: undefined };
  const seconds = parseDuration(written.trim());
  return seconds === undefined
    ? wrongField('duration', 'must be a length of time such as PT1H, 1h or 30m')
    : { ok: true, value: seconds };
}

/**
 * How far a start may lie in the past: a client's clock may be behind, and a form has whole minutes only. Milliseconds.
 */
const MINUTE_MS = 60_000;

/** Whether a start may be in the past. */
interface StartRules {
  /** True for an ask that is repeated with its key: its start was in the future when it was first sent. */
  readonly mayBePast?: boolean;
}

/** Reads an optional start; the value is ISO 8601 in UTC. */
function readStart(written: string | undefined, now: Date, { mayBePast }: StartRules): Read<string | undefined> {
  if (written === undefined) return { ok: true, value: undefined };
  const at = new Date(written);
  if (Number.isNaN(at.getTime())) return wrongField('startsAt', 'must be an instant such as 2026-01-05T09:00:00Z');
  if (mayBePast !== true && at.getTime() < now.getTime() - MINUTE_MS)
    return wrongField('startsAt', 'must be to come; leave it out for now');
  if (at.getTime() > now.getTime() + LATEST_START_MS) return wrongField('startsAt', 'must be within the next 30 days');
  return { ok: true, value: at.toISOString() };
}

/** Reads the target: exactly one of an account with a permission set, a group, or an access to extend. */
function readWanted(written: {
  readonly accountId?: string | undefined;
  readonly permissionSet?: string | undefined;
  readonly group?: string | undefined;
  readonly extends?: string | undefined;
}): Read<Wanted> {
  const { accountId, permissionSet, group, extends: root } = written;
  const isAccount = accountId !== undefined || permissionSet !== undefined;
  const ways = [isAccount, group !== undefined, root !== undefined].filter((given) => given);
  if (ways.length !== 1) return wrongField('accountId', 'name an account and a permission set, or a group');
  if (group !== undefined) return { ok: true, value: { group } };
  if (root !== undefined)
    return isRequestId(root)
      ? { ok: true, value: { extends: root } }
      : wrongField('extends', 'must be the id of a request');
  if (accountId === undefined || !ACCOUNT_ID.test(accountId)) return wrongField('accountId', 'must be 12 digits');
  if (permissionSet === undefined) return wrongField('permissionSet', 'must be given with an account');
  return { ok: true, value: { accountId, permissionSet } };
}

/** Reads target, duration and start. If several do not fit, the answer names the first. */
export function readTerms(
  written: Parameters<typeof readWanted>[0] & {
    readonly duration?: string | undefined;
    readonly startsAt?: string | undefined;
  },
  now: Date,
  rules: StartRules = {},
): Read<{
  readonly wanted: Wanted;
  readonly durationSeconds: number | undefined;
  readonly startsAt: string | undefined;
}> {
  const wanted = readWanted(written);
  if (!wanted.ok) return wanted;
  const duration = readDuration(written.duration);
  if (!duration.ok) return duration;
  const start = readStart(written.startsAt, now, rules);
  if (!start.ok) return start;
  return { ok: true, value: { wanted: wanted.value, durationSeconds: duration.value, startsAt: start.value } };
}

function no(answer: ReturnType<typeof callProblem>): { readonly ok: false; readonly answer: typeof answer } {
  return { ok: false, answer };
}
