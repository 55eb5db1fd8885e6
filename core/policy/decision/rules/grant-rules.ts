import type { EndsWith, RequestInput } from '../../../model/decision.ts';
import { type Refusal, refusal } from '../../../model/refusal.ts';
import { compareText, writtenLength } from '../../../model/text.ts';
import type { AccessRecord } from '../../records/access-records.ts';
import { describeHours, describeInstant, nextOpening } from '../../records/hours.ts';
import type { AllowPolicy, ApprovalRule, ApproverRef } from '../../records/policy.ts';
import { MAX_TICKET_LENGTH, matchesTicket, type TicketPattern } from '../../records/ticket/ticket-pattern.ts';
import type { Facts } from '../known-facts.ts';
import type { People } from '../people.ts';
import { votes } from '../phrases.ts';
import { addToQuorum, emptyQuorum, fillQuorum, type Need, type Quorum } from '../quorum.ts';
import { type LimitRules, limitFor, limitProblems } from './limits.ts';
import type { Requirements } from './requirements.ts';

/** Why a path cannot be used: the refusal, a sentence, and the nearest alternative where there is one. */
export interface Problem {
  readonly refusal: Refusal;
  readonly sentence: string;
  readonly nearest?: string;
}

/** One path to the target, with every requirement applied to it. Conditions of different paths are never mixed. */
export interface GrantRule {
  /** Name of the policy, or id of the access record. */
  readonly name: string;
  readonly source: 'policy' | 'record';
  readonly breakGlass: boolean;
  readonly endsWith?: readonly EndsWith[];
  /** Seconds; absent: nothing limits it. */
  readonly maxDurationSeconds?: number;
  readonly rule?: ApprovalRule;
  /** The longest minimum length of a reason that applies to this path, in letters and digits. */
  readonly reasonMinLength?: number;
  readonly ticketPatterns: readonly TicketPattern[];
  /** Empty when the path can be used. */
  readonly problems: readonly Problem[];
  /** Empty when the path grants without any vote. */
  readonly needs: readonly Need[];
  /** The requester's own vote counts on this path and is given with the request. */
  readonly selfGiven: boolean;
}

/** What policies and records have in common as sources of paths. */
export interface GrantSource {
  readonly name: string;
  readonly source: 'policy' | 'record';
  readonly allow?: AllowPolicy;
  readonly maxDurationSeconds?: number;
}

/** An access record as the source of a grant rule. */
export function sourceOfRecord(record: AccessRecord): GrantSource {
  const { id: name, maxDurationSeconds } = record;
  return { name, source: 'record', maxDurationSeconds };
}

/** An `allow` policy as the source of a grant rule. */
export function sourceOfPolicy(allow: AllowPolicy): GrantSource {
  const { name, maxDurationSeconds } = allow;
  return { name, source: 'policy', allow, maxDurationSeconds };
}

/** The approvers of a path now: its own, and those it escalates to once the request has waited long enough. */
export function approversOf(rule: ApprovalRule | undefined, waitedSeconds: number): readonly ApproverRef[] {
  if (rule === undefined) return [];
  const { approvers, escalate } = rule;
  return escalate !== undefined && waitedSeconds >= escalate.afterSeconds ? [...approvers, ...escalate.to] : approvers;
}

/**
 * The principals behind approver references who can vote. `without` leaves out one person (the requester, with all
 * their users) whose vote cannot count. A person who is an approver only by a membership that Glasshammer granted is
 * left out unless the rule says `leased`.
 */
export type EligibleApprovers = (
  refs: readonly ApproverRef[],
  without: string | undefined,
  rule: { readonly leased?: true } | undefined,
) => ReadonlySet<string>;

/** Leaves out users known to be disabled or deleted. Each list is computed once; many policies share approvers. */
export function eligibleFrom(facts: Facts, people: People): EligibleApprovers {
  const made = new Map<string, ReadonlySet<string>>();
  return (refs, without, rule) => {
    const leased = rule?.leased === true;
    const key = `${leased ? 'leased' : ''}\n${without ?? ''}\n${refs.join('\n')}`;
    let voters = made.get(key);
    if (voters === undefined) {
      const ids = refs.flatMap((ref) => {
        const borrowed = leased ? undefined : facts.leasedApprovers?.get(ref);
        const all = facts.approvers.get(ref) ?? [];
        return borrowed === undefined || borrowed.size === 0 ? all : all.filter((id) => !borrowed.has(id));
      });
      const canVote = (id: string) => facts.users.get(id) === undefined || facts.users.get(id)?.enabled === true;
      const excluded = without === undefined ? undefined : people.of(without);
      voters = new Set(ids.filter((id) => people.of(id) !== excluded && canVote(id)).sort(compareText));
      made.set(key, voters);
    }
    return voters;
  };
}

/** Applies the requirements to one path and evaluates the request input against the result. */
export function buildGrantRule(
  grantSource: GrantSource,
  requirements: Requirements,
  requestInput: RequestInput,
  eligible: EligibleApprovers,
  people: People,
): GrantRule {
  const rule = grantSource.allow?.approval;
  const rules = limitRules(grantSource, requirements, requestInput);
  const limit = limitFor(rules, requestInput);
  const reason = longestReason(grantSource, requirements);
  const tickets = [
    ...(grantSource.allow?.ticket === undefined
      ? []
      : [{ pattern: grantSource.allow.ticket.pattern, policy: grantSource.name }]),
    ...requirements.tickets,
  ];
  const voting = votesOf(grantSource, requirements, requestInput, eligible, people);
  const problems = [
    ...limitProblems(rules, limit, requestInput, { title: title(grantSource), subject: subject(grantSource) }),
    ...voting.problems,
    ...(requestInput.isDraft === true ? [] : textProblems(grantSource, reason, tickets, requestInput)),
  ];
  return {
    name: grantSource.name,
    source: grantSource.source,
    breakGlass: (grantSource.allow?.breakGlass ?? false) && voting.needs.length === 0,
    endsWith: grantSource.allow?.endsWith,
    ...(limit === undefined ? {} : { maxDurationSeconds: limit.seconds }),
    ...(rule === undefined ? {} : { rule }),
    ...(reason === undefined ? {} : { reasonMinLength: reason.minLength }),
    ticketPatterns: tickets.map(({ pattern }) => pattern),
    problems,
    needs: voting.needs,
    selfGiven: voting.selfGiven,
  };
}

/** The problem of a policy that would allow this at another time of the week. */
export function closedProblem(policy: AllowPolicy, at: Date): Problem {
  const { hours } = policy.scope;
  if (hours === undefined) throw new TypeError(`policy ${policy.name} has no hours it could be closed by`);
  const opens = nextOpening(hours, at);
  const nearest = opens === undefined ? undefined : `from ${describeInstant(hours, opens)}, by policy ${policy.name}`;
  return {
    refusal: refusal('outside-hours', describeHours(hours)),
    sentence: `Policy "${policy.name}" allows it only ${describeHours(hours)}.`,
    nearest,
  };
}

/** All limits on the time of this path: its own, those of require policies, and the one for everybody. */
function limitRules(grantSource: GrantSource, requirements: Requirements, requestInput: RequestInput): LimitRules {
  const own = (seconds: number | undefined) => (seconds === undefined ? [] : [{ seconds, by: title(grantSource) }]);
  const required = (rule: { readonly seconds: number; readonly policy: string } | undefined) =>
    rule === undefined ? [] : [{ seconds: rule.seconds, by: `policy ${rule.policy}` }];
  const { maxDurationSeconds: forEverybody } = requestInput;
  return {
    longest: [
      ...own(grantSource.maxDurationSeconds),
      ...required(requirements.maxDuration),
      ...(forEverybody === undefined ? [] : [{ seconds: forEverybody, by: 'the limit for everybody' }]),
    ],
    perDay: [...own(grantSource.allow?.perDaySeconds), ...required(requirements.perDay)],
    cooldown: [...own(grantSource.allow?.cooldownSeconds), ...required(requirements.cooldown)],
  };
}

function longestReason(
  grantSource: GrantSource,
  requirements: Requirements,
): { readonly minLength: number } | undefined {
  const lengths = [grantSource.allow?.reason?.minLength, requirements.reason?.minLength].filter(
    (length) => length !== undefined,
  );
  return lengths.length === 0 ? undefined : { minLength: Math.max(...lengths) };
}

function textProblems(
  grantSource: GrantSource,
  reason: { readonly minLength: number } | undefined,
  tickets: readonly { readonly pattern: TicketPattern; readonly policy: string }[],
  requestInput: RequestInput,
): Problem[] {
  const problems: Problem[] = [];
  const given = writtenLength(requestInput.reason);
  if (reason !== undefined && given < reason.minLength) {
    const wanted = `a reason of at least ${reason.minLength} letters and digits`;
    problems.push({
      refusal: refusal('reason-required', String(reason.minLength)),
      sentence: `${subject(grantSource)} wants ${wanted}${given === 0 ? '' : `; this one has ${given}`}.`,
      nearest: `the same with ${wanted}, by ${title(grantSource)}`,
    });
  }
  for (const { pattern, policy } of tickets) {
    if (matchesTicket(pattern, requestInput.ticket)) continue;
    const tooLong =
      requestInput.ticket.trim().length > MAX_TICKET_LENGTH ? ` and has at most ${MAX_TICKET_LENGTH} characters` : '';
    problems.push({
      refusal: refusal('ticket-required', pattern.source),
      sentence: `Policy "${policy}" wants a ticket that matches ${pattern.source}${tooLong}.`,
      nearest: `the same with a ticket that matches ${pattern.source}, by ${title(grantSource)}`,
    });
  }
  return problems;
}

/**
 * The votes that a path needs. The requester's vote counts only where the path says `self: true` and no requirement
 * forbids it, and never among the approvers that a requirement adds. Where it counts, it is given with the request.
 */
function votesOf(
  grantSource: GrantSource,
  requirements: Requirements,
  requestInput: RequestInput,
  eligible: EligibleApprovers,
  people: People,
): { readonly needs: readonly Need[]; readonly selfGiven: boolean; readonly problems: readonly Problem[] } {
  const { principalId } = requestInput.person;
  const { allow } = grantSource;
  const rule = allow?.approval;
  const asked: Need[] = [];
  const problems: Problem[] = [];
  const selfCounts = rule?.self === true && requirements.noSelf === undefined;
  const asksItself = rule !== undefined && allow?.breakGlass !== true;
  if (asksItself || (rule !== undefined && requirements.ownVotes !== undefined)) {
    const approvers = eligible(
      approversOf(rule, requestInput.waitedSeconds ?? 0),
      selfCounts ? undefined : principalId,
      rule,
    );
    const count = Math.max(asksItself ? rule.count : 0, requirements.ownVotes?.count ?? 0);
    asked.push({ policy: grantSource.name, count, approvers });
  } else if (requirements.ownVotes !== undefined) {
    const { count, policy } = requirements.ownVotes;
    problems.push({
      refusal: refusal('no-approver', policy),
      sentence: `Policy "${policy}" requires ${votes(count)} by the path's own approvers, and ${title(grantSource)} names none.`,
    });
  }
  for (const extra of requirements.extraVotes) {
    const { policy, count, approvers } = extra;
    asked.push({ policy, count, approvers: eligible(approvers, principalId, extra) });
  }
  const needs = onePersonOneVote(asked, people);
  const selfGiven = selfCounts && (needs[0]?.approvers.has(principalId) ?? false);
  if (!suffice(needs, selfGiven ? principalId : undefined)) problems.push(noEligibleApprover(grantSource, needs));
  return { needs, selfGiven, problems };
}

/** Makes several users of one person count as one, where any of the approvers have several. */
function onePersonOneVote(needs: readonly Need[], people: People): readonly Need[] {
  const [only] = needs;
  if (only === undefined) return needs;
  const everyone = needs.length === 1 ? only.approvers : new Set(needs.flatMap(({ approvers }) => [...approvers]));
  return people.anySamePerson(everyone) ? needs.map((need) => ({ ...need, personOf: people.of })) : needs;
}

/** The votes on a path before any approver votes: the requester's own, where it counts. */
export function startingQuorum({ needs, selfGiven }: GrantRule, principalId: string): Quorum {
  const open = emptyQuorum(needs);
  return selfGiven ? (addToQuorum(open, principalId) ?? open) : open;
}

/** Are there enough approvers for all votes, if each gives one? */
function suffice(needs: readonly Need[], given: string | undefined): boolean {
  const [only] = needs;
  if (only === undefined) return true;
  if (needs.length === 1 && only.personOf === undefined) return only.approvers.size >= only.count;
  if (needs.some(({ approvers, count }) => approvers.size < count)) return false;
  const open = emptyQuorum(needs);
  return fillQuorum((given === undefined ? undefined : addToQuorum(open, given)) ?? open) !== undefined;
}

function noEligibleApprover(grantSource: GrantSource, needs: readonly Need[]): Problem {
  const short = needs.find((need) => need.approvers.size < need.count);
  const sentence =
    short === undefined
      ? `${subject(grantSource)}: the votes it needs are ${needs.map((need) => `${need.count} for ${need.policy}`).join(' and ')}, each by somebody else, and there are not enough approvers.`
      : `${subject(grantSource)}: ${short.policy === grantSource.name ? 'it' : `policy "${short.policy}"`} needs ${votes(short.count)}, and ${
          short.approvers.size === 0 ? 'nobody else can give one' : `only ${short.approvers.size} other people can vote`
        }.`;
  return { refusal: refusal('no-approver', short?.policy ?? grantSource.name), sentence };
}

/** The name of a path within a sentence; `subject` is the name at its start. */
function title(grantSource: GrantSource): string {
  return grantSource.source === 'policy' ? `policy ${grantSource.name}` : 'the access record';
}

function subject(grantSource: GrantSource): string {
  return grantSource.source === 'policy' ? `Policy "${grantSource.name}"` : 'The access record';
}
