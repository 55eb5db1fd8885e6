import type { HeldFacts, RequestInput } from '../../../model/decision.ts';
import { formatDuration } from '../../../model/duration.ts';
import type { HeldAccess } from '../../../model/held-access.ts';
import { type Refusal, refusal } from '../../../model/refusal.ts';

/*
 * Limits apply to the access, which is one person's uninterrupted hold, not to the single requests that make it up. So
 * each limit is evaluated against all holds of the person, with any of their users, and yields how long this request
 * may be.
 */

const DAY_SECONDS = 24 * 3600;

/** A limit that a policy, an access record or the configuration sets; seconds. */
export interface LimitRule {
  readonly seconds: number;
  /** What sets it, worded to fit into a sentence. */
  readonly by: string;
}

/** The limits on one path; each list holds the values of all sources. */
export interface LimitRules {
  readonly longest: readonly LimitRule[];
  readonly perDay: readonly LimitRule[];
  readonly cooldown: readonly LimitRule[];
}

/** How long the request may be, and what limits it. */
export interface Limit extends LimitRule {
  readonly kind: 'longest' | 'per-day';
  /** The value of the rule before existing holds were subtracted; seconds. */
  readonly of: number;
}

/** A limit that blocks the request: a refusal, a sentence (after the name of the path), and what would be allowed. */
export interface LimitProblem {
  readonly refusal: Refusal;
  readonly sentence: string;
  readonly nearest?: string;
}

/** The strictest limit, as the seconds that the request may still ask for. `undefined`: nothing limits it. */
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

/** Why the request input is too long, or comes too soon after the last access. */
export function limitProblems(
  rules: LimitRules,
  limit: Limit | undefined,
  requestInput: RequestInput,
  way: { readonly title: string; readonly subject: string },
): LimitProblem[] {
  const problems: LimitProblem[] = [];
  // A request for no more time than the current access covers already changes nothing, so no limit applies.
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

/** The access that the request would become part of: it lasts when the request begins, or is extended by it. */
function partOf({ held, at }: RequestInput) {
  const current = held?.current;
  if (current === undefined) return undefined;
  return held?.isExtension === true || current.endsAt >= at ? current : undefined;
}

/**
 * For how long the person has had access without a break, with any of their users, when the time of this request
 * begins; seconds.
 */
function heldBefore(requestInput: RequestInput): number {
  const { held, at } = requestInput;
  const current = partOf(requestInput);
  const begins = current !== undefined && held?.isExtension === true ? Math.max(ms(current.endsAt), ms(at)) : ms(at);
  const since = unbrokenSince(current === undefined ? begins : ms(current.startedAt), held);
  return Math.max(0, (begins - since) / 1000);
}

/** Start of the unbroken hold at this instant; adjoining or overlapping holds of other users lengthen it. */
function unbrokenSince(at: number, held: HeldFacts | undefined): number {
  // With a single user, access that is over was a separate access and does not lengthen this hold.
  if (held?.others === undefined) return at;
  const before = allOf(held).filter((hold) => ms(hold.startedAt) < at && ms(hold.endsAt) >= at);
  return before.length === 0 ? at : unbrokenSince(Math.min(...before.map((hold) => ms(hold.startedAt))), held);
}

/** All holds, of all users of the person. */
function allOf(held: HeldFacts | undefined): readonly HeldAccess[] {
  const { past = [], current, others } = held ?? {};
  return [...past, ...(current === undefined ? [] : [current]), ...(others?.past ?? []), ...(others?.lasting ?? [])];
}

/** How much of the requested time the current access covers already; seconds. */
function overlap(requestInput: RequestInput): number {
  const current = partOf(requestInput);
  if (current === undefined || requestInput.held?.isExtension === true) return 0;
  return Math.max(0, (ms(current.endsAt) - ms(requestInput.at)) / 1000);
}

/** Seconds held in the 24 hours before the request begins, plus the rest of lasting accesses; per user. */
function usedWithinDay({ held, at }: RequestInput): number {
  const from = ms(at) - DAY_SECONDS * 1000;
  return allOf(held).reduce(
    (sum, { startedAt, endsAt }) => sum + Math.max(0, ms(endsAt) - Math.max(from, ms(startedAt))) / 1000,
    0,
  );
}

/** When the pause ends (ISO 8601); `undefined` when it is over, or when there was no earlier access. */
function cooledDown({ seconds }: LimitRule, requestInput: RequestInput): string | undefined {
  if (partOf(requestInput) !== undefined) return undefined;
  const { held, at } = requestInput;
  // An access of another user that still lasts when this request begins is not over, so it starts no pause.
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
