import type { HeldFacts, RequestInput } from '../../../model/decision.ts';
import { formatDuration } from '../../../model/duration.ts';
import type { HeldAccess } from '../../../model/held-access.ts';
import { type Refusal, refusal } from '../../../model/refusal.ts';

/*
 * Limits bind the access, which is one person's uninterrupted hold, and not the requests it is made of. So each is evaluated against what
 * the person holds and has held, with whichever user, and comes down to one thing: how long this request may be for.
 */

const DAY_SECONDS = 24 * 3600;

/** A limit as a policy, a record or the configuration sets it; seconds. */
export interface LimitRule {
  readonly seconds: number;
  /** What sets it, within a sentence. */
  readonly by: string;
}

/** The limits on one way. Where several set the same, all of them are here. */
export interface LimitRules {
  readonly longest: readonly LimitRule[];
  readonly perDay: readonly LimitRule[];
  readonly cooldown: readonly LimitRule[];
}

/** How long the request may be for, and what says so. */
export interface Limit extends LimitRule {
  readonly kind: 'longest' | 'per-day';
  /** The length the rule names, before what is held was taken off; seconds. */
  readonly of: number;
}

/** Why a limit is in the way: a refusal, what is wrong (after the name of the way), and what would be allowed. */
export interface LimitProblem {
  readonly refusal: Refusal;
  readonly sentence: string;
  readonly nearest?: string;
}

/** The smallest of the limits, as seconds that the request may ask for. `undefined`: nothing limits it. */
export function limitFor(rules: LimitRules, requestInput: RequestInput): Limit | undefined {
  const before = heldBefore(requestInput);
  const used = usedWithinDay(requestInput);
  const limits: Limit[] = [
    ...rules.longest.map(({ seconds, by }) => ({
      kind: 'longest' as const,
      of: seconds,
      seconds: seconds - before,
      by,
    })),
    ...rules.perDay.map(({ seconds, by }) => ({
      kind: 'per-day' as const,
      of: seconds,
      seconds: seconds - used + overlap(requestInput),
      by,
    })),
  ];
  const least = limits.reduce<Limit | undefined>(
    (smallest, limit) => (smallest === undefined || limit.seconds < smallest.seconds ? limit : smallest),
    undefined,
  );
  return least === undefined ? undefined : { ...least, seconds: Math.max(0, Math.floor(least.seconds)) };
}

/** What keeps the request input from being allowed for as long as it asks, or so soon. */
export function limitProblems(
  rules: LimitRules,
  limit: Limit | undefined,
  requestInput: RequestInput,
  way: { readonly title: string; readonly subject: string },
): LimitProblem[] {
  const problems: LimitProblem[] = [];
  // What the access has already needs no limit: such a request changes nothing.
  if (limit !== undefined && requestInput.durationSeconds > Math.max(limit.seconds, overlap(requestInput)))
    problems.push(tooLong(limit, requestInput, way));
  for (const rule of rules.cooldown) {
    const until = cooledDown(rule, requestInput);
    if (until === undefined) continue;
    problems.push({
      refusal: refusal('cooldown', until),
      sentence: `${way.subject}: ${formatDuration(rule.seconds)} must pass before it can be had again, as ${own(rule.by, way)} says; that is at ${until}.`,
      nearest: `from ${until}, by ${way.title}`,
    });
  }
  return problems;
}

function tooLong(
  limit: Limit,
  requestInput: RequestInput,
  way: { readonly title: string; readonly subject: string },
): LimitProblem {
  const asked = formatDuration(requestInput.durationSeconds);
  const most = formatDuration(limit.of);
  const left = limit.seconds > 0 ? formatDuration(limit.seconds) : 'nothing';
  const nearest = limit.seconds > 0 ? { nearest: `up to ${left}, by ${way.title}` } : {};
  if (limit.kind === 'per-day') {
    return {
      refusal: refusal('per-day', left),
      sentence: `${way.subject}: ${own(limit.by, way)} allows ${most} within 24 hours, and ${left} of it is left.`,
      ...nearest,
    };
  }
  if (heldBefore(requestInput) > 0) {
    return {
      refusal: refusal('hold-limit', left),
      sentence: `${way.subject}: with what is held already, ${asked} more would be longer without a break than the ${most} that ${own(limit.by, way)} allows; ${left} is left.`,
      ...nearest,
    };
  }
  return {
    refusal: refusal('too-long', most),
    sentence: `${way.subject}: ${asked} is longer than the ${most} that ${own(limit.by, way)} allows.`,
    nearest: `up to ${most}, by ${way.title}`,
  };
}

function own(by: string, way: { readonly title: string }): string {
  return by === way.title ? 'it' : by;
}

/** The access this request would be part of: it lasts when the request begins, or is what the request extends. */
function partOf({ held, at }: RequestInput) {
  const current = held?.current;
  if (current === undefined) return undefined;
  return held?.isExtension === true || current.endsAt >= at ? current : undefined;
}

/** How long the person will have had access without a break, with whichever user, where this request's own time begins; seconds. */
function heldBefore(requestInput: RequestInput): number {
  const { held, at } = requestInput;
  const current = partOf(requestInput);
  const begins = current !== undefined && held?.isExtension === true ? Math.max(ms(current.endsAt), ms(at)) : ms(at);
  const since = unbrokenSince(current === undefined ? begins : ms(current.startedAt), held);
  return Math.max(0, (begins - since) / 1000);
}

/** Since when a hold lasts that was held at this instant, where another user of the person took turns with the one who asks. */
function unbrokenSince(at: number, held: HeldFacts | undefined): number {
  // Of one user alone, what is over is an access of its own.
  if (held?.others === undefined) return at;
  const before = allOf(held).filter((hold) => ms(hold.startedAt) < at && ms(hold.endsAt) >= at);
  return before.length === 0 ? at : unbrokenSince(Math.min(...before.map((hold) => ms(hold.startedAt))), held);
}

/** With whichever user. */
function allOf(held: HeldFacts | undefined): readonly HeldAccess[] {
  const { past = [], current, others } = held ?? {};
  return [...past, ...(current === undefined ? [] : [current]), ...(others?.past ?? []), ...(others?.lasting ?? [])];
}

/** How much of this request's time the access covers already; seconds. */
function overlap(requestInput: RequestInput): number {
  const current = partOf(requestInput);
  if (current === undefined || requestInput.held?.isExtension === true) return 0;
  return Math.max(0, (ms(current.endsAt) - ms(requestInput.at)) / 1000);
}

/** Seconds held within the day before the request would begin, and still to be held by what lasts; each user's own count. */
function usedWithinDay({ held, at }: RequestInput): number {
  const from = ms(at) - DAY_SECONDS * 1000;
  return allOf(held).reduce(
    (sum, { startedAt, endsAt }) => sum + Math.max(0, ms(endsAt) - Math.max(from, ms(startedAt))) / 1000,
    0,
  );
}

/** Until when a pause must last (ISO 8601); `undefined` when it has, or when nothing was given back. */
function cooledDown({ seconds }: LimitRule, requestInput: RequestInput): string | undefined {
  if (partOf(requestInput) !== undefined) return undefined;
  const { held, at } = requestInput;
  // What another user still has then has not been given back: this request goes on with it, whatever was given back meanwhile.
  const lasts = (hold: HeldAccess) => held?.others?.lasting.includes(hold) === true && hold.endsAt >= at;
  const ends = allOf(held)
    .filter((hold) => !lasts(hold))
    .map(({ endsAt }) => ms(endsAt));
  if (ends.length === 0) return undefined;
  const until = Math.max(...ends) + seconds * 1000;
  return until > ms(at) ? new Date(until).toISOString() : undefined;
}

function ms(at: string): number {
  return Date.parse(at);
}
