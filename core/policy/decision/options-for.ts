import type { AccessItem } from '../../model/access-item.ts';
import { type HeldFacts, type Person, type RequestInput, unaskedInput } from '../../model/decision.ts';
import type { Target } from '../../model/target.ts';
import type { PolicySet } from '../records/policy-set.ts';
import { evaluate } from './evaluate.ts';
import type { Facts } from './known-facts.ts';
import { isReached } from './quorum.ts';
import { type GrantRule, startingQuorum } from './rules/grant-rules.ts';

/** A target that a person might ask for, and the known facts about it. */
export interface Candidate {
  readonly target: Target;
  readonly facts: Facts;
}

/** What a person may ask for, as the request form offers it. */
export interface AccessOption {
  readonly target: Target;
  /** The longest duration that may be requested; seconds. Absent: nothing limits it. */
  readonly maxDurationSeconds?: number;
  /** The longest duration without approval; seconds. 0: approval is always needed. Absent: nothing limits it. */
  readonly withoutApprovalSeconds?: number;
  /** A break-glass policy grants this at once, with audit and a review afterwards. */
  readonly breakGlass: boolean;
  /** The shortest minimum length of a reason among the open paths; letters and digits. */
  readonly reasonMinLength: number;
  /** Ticket patterns, where every path demands a ticket. */
  readonly ticketPatterns: readonly string[];
}

/** When the options are offered, and within which limits. */
export interface OfferAt {
  /** ISO 8601. */
  readonly at: string;
  /** The configured upper limit for any access, in seconds. */
  readonly maxDurationSeconds?: number;
  /** What the person holds and has held of the target: it reduces the offered durations. */
  readonly held?: HeldFacts;
  /** Names of the target, where they are not among the facts. */
  readonly names?: RequestInput['names'];
}

/**
 * What this person may ask for among these targets, now. For the request form: length, reason and ticket are returned
 * instead of evaluated, and a lack of approvers counts only where it is known. The request itself is fully decided
 * later.
 */
export function optionsFor(
  policySet: PolicySet,
  records: readonly AccessItem[],
  person: Person,
  candidates: readonly Candidate[],
  options: OfferAt,
): readonly AccessOption[] {
  return candidates.flatMap((candidate) => optionFor(policySet, records, person, candidate, options) ?? []);
}

/** The same for one target; `undefined` when the person may not ask for it. */
export function optionFor(
  policySet: PolicySet,
  records: readonly AccessItem[],
  person: Person,
  { target, facts }: Candidate,
  { at, maxDurationSeconds, held, names }: OfferAt,
): AccessOption | undefined {
  const requestInput = { ...unaskedInput(person, target, at), maxDurationSeconds, held, names };
  const { grantRules, denials, unreadable, undecided } = evaluate(policySet, records, requestInput, facts);
  if (denials.length + unreadable.length + undecided.length > 0) return undefined;
  const open = grantRules.filter((grantRule) => isOffered(grantRule, facts));
  if (open.length === 0) return undefined;
  const free = open.filter(
    (grantRule) => !grantRule.breakGlass && isReached(startingQuorum(grantRule, person.principalId)),
  );
  const least = (lengths: readonly number[]) => Math.min(...lengths);
  const demanding = open.filter(({ ticketPatterns }) => ticketPatterns.length > 0);
  return {
    target,
    ...limitOf('maxDurationSeconds', open),
    ...(free.length === 0 ? { withoutApprovalSeconds: 0 } : limitOf('withoutApprovalSeconds', free)),
    breakGlass: open.some(({ breakGlass }) => breakGlass),
    reasonMinLength: least(open.map(({ reasonMinLength = 0 }) => reasonMinLength)),
    ticketPatterns:
      demanding.length < open.length
        ? []
        : [...new Set(demanding.flatMap(({ ticketPatterns }) => ticketPatterns.map(({ source }) => source)))],
  };
}

/**
 * Reason and ticket can still be filled in, so they do not close a path. A lack of approvers closes it only where all
 * of them are known.
 */
function isOffered({ problems, needs, rule }: GrantRule, facts: Facts): boolean {
  const obstacles = problems.filter(
    ({ refusal }) => refusal.reason !== 'reason-required' && refusal.reason !== 'ticket-required',
  );
  if (obstacles.length === 0) return true;
  const asked = rule?.approvers.every((ref) => facts.approvers.has(ref)) ?? false;
  return needs.length > 0 && !asked && obstacles.every(({ refusal }) => refusal.reason === 'no-approver');
}

function limitOf<K extends string>(key: K, grantRules: readonly GrantRule[]): { readonly [P in K]?: number } {
  if (grantRules.some(({ maxDurationSeconds }) => maxDurationSeconds === undefined)) return {};
  return { [key]: Math.max(...grantRules.map(({ maxDurationSeconds = 0 }) => maxDurationSeconds)) } as {
    [P in K]: number;
  };
}
