import type { AccessItem } from '../../model/access-item.ts';
import { type HeldFacts, type Person, type RequestInput, unaskedInput } from '../../model/decision.ts';
import type { Target } from '../../model/target.ts';
import type { PolicySet } from '../records/policy-set.ts';
import { evaluate } from './evaluate.ts';
import type { Facts } from './known-facts.ts';
import { isReached } from './quorum.ts';
import { type GrantRule, startingQuorum } from './rules/grant-rules.ts';

/** A target somebody might ask for, and what is known about it. */
export interface Candidate {
  readonly target: Target;
  readonly facts: Facts;
}

/** What a person may ask for, as a form offers it. */
export interface AccessOption {
  readonly target: Target;
  /** The longest that may be asked for; seconds. Absent: nothing limits it. */
  readonly maxDurationSeconds?: number;
  /** The longest that is granted without asking anybody; seconds, 0 when somebody is always asked. Absent: nothing limits it. */
  readonly withoutApprovalSeconds?: number;
  /** A policy lets this person in at once, under audit, and a review is owed. */
  readonly breakGlass: boolean;
  /** The shortest reason with which any path is open; letters and digits. */
  readonly reasonMinLength: number;
  /** Patterns of tickets, where every path demands one. */
  readonly ticketPatterns: readonly string[];
}

/** When it is offered, and within which limits. */
export interface OfferAt {
  /** ISO 8601. */
  readonly at: string;
  /** The longest access anybody gets, in seconds. */
  readonly maxDurationSeconds?: number;
  /** What the person holds and has held of the target: lengths are then what is left. */
  readonly held?: HeldFacts;
  /** What the target is called, where that is not among the facts. */
  readonly names?: RequestInput['names'];
}

/**
 * What this person may ask for among these targets, now. Answers the form: length, reason and ticket are not judged but
 * returned, and whether enough approvers exist only where they are known. The request itself is decided in full afterwards.
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

/** The same for one target; `undefined` when it may not be asked for at all. */
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

/** What the person can still write into the form is no obstacle; having nobody to ask is one, if that is known. */
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
