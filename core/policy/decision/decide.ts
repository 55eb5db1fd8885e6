import type { AccessItem } from '../../model/access-item.ts';
import type { ApprovalTiming, Decision, NeededApproval, RequestInput, TextDemands } from '../../model/decision.ts';
import { type Refusal, refusal } from '../../model/refusal.ts';
import { compareText } from '../../model/text.ts';
import { describeInstant, nextClosing } from '../records/hours.ts';
import { DEFAULT_TIMING, type DenyPolicy } from '../records/policy.ts';
import type { PolicySet } from '../records/policy-set.ts';
import { type Evaluation, evaluate, isFree } from './evaluate.ts';
import type { Facts } from './known-facts.ts';
import { nearestAlternative } from './nearest.ts';
import { stillNeeded } from './quorum.ts';
import { approversOf, closedProblem, type GrantRule, type Problem } from './rules/grant-rules.ts';
import { countVotes, type Voting } from './voting.ts';
import { grantedSentence, nobodySentence, traceOf, waitingSentence } from './wording.ts';

/** Options that only some callers of `decide` need. */
export interface DecideOptions {
  /** Evaluate and trace every policy of the policy set, including those that are clearly about something else. */
  readonly all?: boolean;
}

/**
 * Evaluates a request input against the policies:
 *
 * 1. Policies match on who, target and hours. A matching `deny` refuses, whatever else matches.
 * 2. Each matching `allow` and each access record is a path of its own; conditions of two paths are never mixed.
 * 3. Matching `require` policies bind every path.
 * 4. A path is usable if it is within its limits, its reason and ticket are given and enough approvers exist.
 * 5. A usable path without approval grants; otherwise the request waits until any one path has its approvals.
 * 6. Without a usable path it is refused, with the reason of each path.
 *
 * Pure, and independent of the order of policies and records. Where something is unknown (a missing fact, a policy that
 * cannot be parsed), the decision assumes the most restrictive case.
 */
export function decide(
  policySet: PolicySet,
  records: readonly AccessItem[],
  requestInput: RequestInput,
  facts: Facts,
  options: DecideOptions = {},
): Decision {
  const evaluation = evaluate(policySet, records, requestInput, facts, options);
  const grantRules = evaluation.grantRules.filter(
    (grantRule) => !(grantRule.breakGlass && requestInput.withoutBreakGlass === true),
  );
  const usable = grantRules.filter(({ problems }) => problems.length === 0).sort(byWorth);
  const free = usable.find((grantRule) => isFree(grantRule));
  const voting = countVotes(
    free === undefined ? usable : [],
    eligibleVotersOf(evaluation, requestInput),
    requestInput,
    facts,
    evaluation.people,
  );
  const base = {
    waitingPaths: [],
    approvals: [],
    approvers: [],
    breakGlass: false,
    skippedApprovers: [],
    refusedVotes: free === undefined ? voting.refusedVotes : [],
    policies: traceOf(evaluation, grantRules),
  };

  const barred = barredBy(evaluation);
  if (barred !== undefined)
    return refuse({ ...base, refusedVotes: [] }, [barred], nearestAlternative(policySet, evaluation));
  if (free !== undefined) return grant({ ...base, refusedVotes: lateVotes(requestInput) }, free, evaluation);
  if (voting.deniedBy !== undefined) {
    const sentence = `Denied by ${voting.deniedBy}, who may approve this.`;
    const denied = { ...base, deniedBy: voting.deniedBy };
    return refuse(denied, [{ refusal: refusal('not-allowed', sentence), sentence }], undefined);
  }
  const [satisfied] = voting.satisfied;
  if (satisfied !== undefined) return grant(base, satisfied, evaluation);
  if (usable.length > 0) return wait(base, voting, evaluation);
  return refuse(base, problemsOf(evaluation, grantRules), nearestAlternative(policySet, evaluation));
}

type Base = Omit<Decision, 'outcome' | 'reason'>;

/** The reason for a refusal on every path: a deny, a policy that cannot be parsed, or a fact that is not known. */
function barredBy({ denials, unreadable, undecided, matcher }: Evaluation): Problem | undefined {
  if (Number.isNaN(matcher.at.getTime())) {
    return {
      refusal: refusal('outside-hours'),
      sentence: `"${matcher.requestInput.at}" is no instant, so nothing is allowed then.`,
    };
  }
  const [denial] = denials;
  if (denial !== undefined) {
    const until = closingOf(denial, matcher.at);
    return {
      refusal: refusal('denied-by-policy', `${denial.name}${until}`),
      sentence: `Policy "${denial.name}" denies this${until}.`,
    };
  }
  const [lost] = unreadable;
  if (lost !== undefined) {
    return {
      refusal: refusal('policy-unreadable', lost.name),
      sentence: `Policy "${lost.name}" cannot be read and might deny this; somebody has to correct it (${lost.problems[0] ?? ''}).`,
    };
  }
  const [open] = undecided;
  if (open !== undefined) {
    return {
      refusal: refusal('directory-unreadable', open),
      sentence: `Whether policy "${open}" applies could not be found out.`,
    };
  }
  return undefined;
}

/** Until when a deny with hours applies. Empty where it has no hours, or they never close. */
function closingOf({ scope: { hours } }: DenyPolicy, at: Date): string {
  const until = hours === undefined ? undefined : nextClosing(hours, at);
  return hours === undefined || until === undefined ? '' : `, until ${describeInstant(hours, until)}`;
}

/**
 * Better first: ordinary paths before break-glass; records before policies, because with a record no facts about allow
 * policies are needed; then the longest; then by name, so that the order of policies does not matter.
 */
function byWorth(a: GrantRule, b: GrantRule): number {
  const longest = ({ maxDurationSeconds = Number.POSITIVE_INFINITY }: GrantRule) => maxDurationSeconds;
  if (a.breakGlass !== b.breakGlass) return a.breakGlass ? 1 : -1;
  if (a.source !== b.source) return a.source === 'record' ? -1 : 1;
  // Compared instead of subtracted: infinity minus infinity is NaN.
  if (longest(a) !== longest(b)) return longest(a) > longest(b) ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

/** Everyone who may vote on any matching path, also on unusable ones: an approver may always stop a request. */
function eligibleVotersOf(
  { grantRules, requirements, eligible }: Evaluation,
  requestInput: RequestInput,
): ReadonlySet<string> {
  if (requestInput.votes.length === 0 || grantRules.length === 0) return new Set();
  const { principalId } = requestInput.person;
  const lists = new Set([
    ...grantRules.map(({ rule }) => eligible(approversOf(rule, requestInput.waitedSeconds ?? 0), principalId, rule)),
    ...requirements.extraVotes.map((extra) => eligible(extra.approvers, principalId, extra)),
  ]);
  return new Set([...lists].flatMap((list) => [...list]));
}

/** Where no vote is needed, every vote is too late. */
function lateVotes({ votes }: RequestInput): Decision['refusedVotes'] {
  return votes.map(({ principalId }) => ({ principalId, why: refusal('already-decided') }));
}

function grant(base: Base, grantRule: GrantRule, evaluation: Evaluation): Decision {
  const { matcher, eligible, ordinary } = evaluation;
  const { principalId } = matcher.requestInput.person;
  const skipped = grantRule.breakGlass
    ? [grantRule.rule, ...ordinary.map(({ approval }) => approval)].flatMap((rule) => [
        ...eligible(approversOf(rule, 0), principalId, rule),
      ])
    : [];
  return {
    ...base,
    outcome: 'granted',
    reason: grantedSentence(grantRule),
    path: grantRule.name,
    ...(grantRule.endsWith === undefined ? {} : { endsWith: grantRule.endsWith }),
    ...longest(grantRule),
    demands: demandsOf(grantRule),
    breakGlass: grantRule.breakGlass,
    skippedApprovers: [...new Set(skipped)].sort(compareText),
  };
}

function wait(base: Base, voting: Voting, evaluation: Evaluation): Decision {
  const waiting = voting.waiting.map(({ grantRule, quorum }) => ({
    grantRule,
    approvals: stillNeeded(grantRule.needs, quorum),
  }));
  const missing = (approvals: readonly NeededApproval[]) => approvals.reduce((sum, { count }) => sum + count, 0);
  // Already sorted by worth (the sort is stable), so among paths with equally few missing votes the best is named.
  const [best] = [...waiting].sort((a, b) => missing(a.approvals) - missing(b.approvals));
  if (best === undefined) throw new TypeError('a request waits on no path');
  return {
    ...base,
    outcome: 'needs-approval',
    reason: waitingSentence(best.grantRule, best.approvals),
    path: best.grantRule.name,
    waitingPaths: waiting.map(({ grantRule, approvals }) => ({ path: grantRule.name, approvals })),
    approvals: best.approvals,
    approvers: everyoneIn(waiting.map(({ approvals }) => approvals)),
    ...longest(best.grantRule),
    demands: demandsOf(best.grantRule),
    timing: timingOf(best.grantRule, evaluation),
  };
}

/** Joins each list of people once, because many paths have the same approvers. */
function everyoneIn(waiting: readonly (readonly NeededApproval[])[]): readonly string[] {
  const lists = new Set(waiting.flatMap((approvals) => approvals.map(({ approvers }) => approvers)));
  return [...new Set([...lists].flat())].sort(compareText);
}

function timingOf({ rule }: GrantRule, { eligible, matcher }: Evaluation): ApprovalTiming {
  const { expiresSeconds, remindSeconds, escalate } = rule ?? (DEFAULT_TIMING as NonNullable<GrantRule['rule']>);
  const to = escalate === undefined ? [] : [...eligible(escalate.to, matcher.requestInput.person.principalId, rule)];
  return {
    expiresSeconds,
    remindSeconds,
    ...(escalate === undefined ? {} : { escalate: { afterSeconds: escalate.afterSeconds, to } }),
  };
}

function demandsOf({ reasonMinLength = 0, ticketPatterns }: GrantRule): TextDemands {
  return { reasonMinLength, ticketPatterns: ticketPatterns.map(({ source }) => source) };
}

function longest({ maxDurationSeconds }: GrantRule): Pick<Decision, 'maxDurationSeconds'> {
  return maxDurationSeconds === undefined ? {} : { maxDurationSeconds };
}

/** The order in which problems are reported: those that no changed request would avoid come first. */
const GRAVITY: readonly Refusal['reason'][] = [
  'no-approver',
  'outside-hours',
  'cooldown',
  'per-day',
  'hold-limit',
  'too-long',
  'ticket-required',
  'reason-required',
];

/** Refusals that a shorter request would avoid. */
const TOO_LONG: readonly Refusal['reason'][] = ['too-long', 'hold-limit', 'per-day'];

/** A problem and the path that it blocks; it blocks every path where none is named. */
type PathProblem = Problem & Pick<Decision, 'path' | 'maxDurationSeconds'>;

interface BlockedGrantRule {
  readonly name: string;
  readonly problems: readonly Problem[];
  readonly maxDurationSeconds?: number;
}

/** The problems of every path; those of the path that is easiest to open come first. */
function problemsOf(evaluation: Evaluation, grantRules: readonly GrantRule[]): readonly PathProblem[] {
  const { matcher, closed, lostAllows, malformedRecords } = evaluation;
  const gravity = ({ refusal: { reason } }: Problem) => GRAVITY.indexOf(reason);
  const worst = ({ problems }: BlockedGrantRule) => Math.min(...problems.map(gravity));
  const blocked: BlockedGrantRule[] = [
    ...grantRules,
    ...closed.map((policy) => ({ name: policy.name, problems: [closedProblem(policy, matcher.at)] })),
  ].map((grantRule) => ({ ...grantRule, problems: [...grantRule.problems].sort((a, b) => gravity(a) - gravity(b)) }));
  // Of two paths that are too short for the request, the longer one comes nearer.
  const length = ({ maxDurationSeconds = 0 }: BlockedGrantRule) => maxDurationSeconds;
  blocked.sort(
    (a, b) =>
      worst(b) - worst(a) ||
      a.problems.length - b.problems.length ||
      length(b) - length(a) ||
      (a.name < b.name ? -1 : 1),
  );
  const found = blocked.flatMap(({ name, problems, maxDurationSeconds }) =>
    problems.map((problem) => ({
      ...problem,
      path: name,
      ...(maxDurationSeconds === undefined ? {} : { maxDurationSeconds }),
    })),
  );
  if (found.length > 0) return found;
  const broken = [
    ...malformedRecords.filter(({ mayBeAbout }) => mayBeAbout).map(({ malformed }) => malformed),
    ...lostAllows.map(({ problems }) => problems[0] ?? ''),
  ];
  const [first] = broken;
  if (first !== undefined) {
    return [
      { refusal: refusal('malformed-record', first), sentence: `What might allow this cannot be read: ${first}.` },
    ];
  }
  return [{ refusal: refusal('not-allowed'), sentence: nobodySentence(matcher) }];
}

function refuse(base: Base, problems: readonly PathProblem[], alternative: string | undefined): Decision {
  const [first] = problems;
  if (first === undefined) throw new TypeError('a refusal without a reason');
  const nearest = first.nearest ?? problems.find((problem) => problem.nearest !== undefined)?.nearest ?? alternative;
  const tooLong = TOO_LONG.includes(first.refusal.reason) && first.maxDurationSeconds !== undefined;
  return {
    ...base,
    outcome: 'refused',
    refusal: first.refusal,
    reason: [...new Set(problems.map(({ sentence }) => sentence))].join(' '),
    problems: problems.filter(({ path }) => path === first.path).map((problem) => problem.refusal),
    ...(tooLong ? { maxDurationSeconds: first.maxDurationSeconds } : {}),
    ...(nearest === undefined ? {} : { nearest }),
  };
}
