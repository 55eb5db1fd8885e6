import type { Question } from '../../model/decision.ts';
import { type Refusal, refusal } from '../../model/refusal.ts';
import type { AccessRecord } from '../records/access-records.ts';
import { describeHours, describeInstant, nextOpening } from '../records/hours.ts';
import type { AllowPolicy, ApprovalRule, ApproverRef } from '../records/policy.ts';
import { MAX_TICKET_LENGTH, matchesTicket, type TicketPattern } from '../records/ticket-pattern.ts';
import type { Facts } from './known-facts.ts';
import { type LimitRules, limitFor, limitProblems } from './limits.ts';
import type { People } from './people.ts';
import { votes } from './phrases.ts';
import { byCode, fillUp, type Need, openSeating, type Seating, seat } from './quorum.ts';
import type { Requirements } from './requirements.ts';

/** Why a path cannot be used: the refusal, a sentence, and what to do instead where there is something. */
export interface Problem {
  readonly refusal: Refusal;
  readonly sentence: string;
  readonly nearest?: string;
}

/** One way to the target, with every requirement applied to it. Conditions of different ways are never mixed. */
export interface Path {
  /** Name of the policy, or id of the access record. */
  readonly name: string;
  readonly source: 'policy' | 'record';
  readonly breakGlass: boolean;
  /** Seconds; absent: nothing limits it. */
  readonly maxDurationSeconds?: number;
  readonly rule?: ApprovalRule;
  /** The longest reason anybody demands on this path, in letters and digits. */
  readonly reasonMinLength?: number;
  readonly ticketPatterns: readonly TicketPattern[];
  /** Empty when the path can be used. */
  readonly problems: readonly Problem[];
  /** Empty when the path grants without anybody's vote. */
  readonly needs: readonly Need[];
  /** The requester's own vote counts on this path, and is given at once. */
  readonly selfGiven: boolean;
}

/** What the two sources of paths have in common. */
export interface Way {
  readonly name: string;
  readonly source: 'policy' | 'record';
  readonly allow?: AllowPolicy;
  readonly maxDurationSeconds?: number;
}

export function wayOfRecord(record: AccessRecord): Way {
  const { id: name, maxDurationSeconds } = record;
  return { name, source: 'record', ...(maxDurationSeconds === undefined ? {} : { maxDurationSeconds }) };
}

export function wayOfPolicy(allow: AllowPolicy): Way {
  const { name, maxDurationSeconds } = allow;
  return { name, source: 'policy', allow, ...(maxDurationSeconds === undefined ? {} : { maxDurationSeconds }) };
}

/** The approvers a way may draw on now: its own, and those it escalates to once it has waited long enough. */
export function approversOf(rule: ApprovalRule | undefined, waitedSeconds: number): readonly ApproverRef[] {
  if (rule === undefined) return [];
  const { approvers, escalate } = rule;
  return escalate !== undefined && waitedSeconds >= escalate.afterSeconds ? [...approvers, ...escalate.to] : approvers;
}

/**
 * The people behind approver references who can vote, without one of them (the requester, with every user that is theirs) where
 * their vote cannot count. Who is an approver only because Glasshammer gave the membership is left out unless the rule says
 * `leased`.
 */
export type Electorate = (
  refs: readonly ApproverRef[],
  without: string | undefined,
  rule: { readonly leased?: true } | undefined,
) => ReadonlySet<string>;

/** Leaves out who is known to be disabled or gone. Many policies ask the same people, so each list is made once. */
export function electorateFrom(facts: Facts, people: People): Electorate {
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
      voters = new Set(ids.filter((id) => people.of(id) !== excluded && canVote(id)).sort(byCode));
      made.set(key, voters);
    }
    return voters;
  };
}

/** Applies the requirements to one way and holds the question against the result. */
export function buildPath(
  way: Way,
  requirements: Requirements,
  question: Question,
  electorate: Electorate,
  people: People,
): Path {
  const rule = way.allow?.approval;
  const rules = limitRules(way, requirements, question);
  const limit = limitFor(rules, question);
  const reason = longestReason(way, requirements);
  const tickets = [
    ...(way.allow?.ticket === undefined ? [] : [{ pattern: way.allow.ticket.pattern, policy: way.name }]),
    ...requirements.tickets,
  ];
  const voting = votesOf(way, requirements, question, electorate, people);
  const problems = [
    ...limitProblems(rules, limit, question, { title: title(way), subject: subject(way) }),
    ...voting.problems,
    ...textProblems(way, reason, tickets, question),
  ];
  return {
    name: way.name,
    source: way.source,
    breakGlass: (way.allow?.breakGlass ?? false) && voting.needs.length === 0,
    ...(limit === undefined ? {} : { maxDurationSeconds: limit.seconds }),
    ...(rule === undefined ? {} : { rule }),
    ...(reason === undefined ? {} : { reasonMinLength: reason.minLength }),
    ticketPatterns: tickets.map(({ pattern }) => pattern),
    problems,
    needs: voting.needs,
    selfGiven: voting.selfGiven,
  };
}

/** A policy that would allow this at another time of the week. */
export function closedProblem(policy: AllowPolicy, at: Date): Problem {
  const { hours } = policy.scope;
  if (hours === undefined) throw new TypeError(`policy ${policy.name} has no hours it could be closed by`);
  const opens = nextOpening(hours, at);
  const nearest = opens === undefined ? undefined : `from ${describeInstant(hours, opens)}, by policy ${policy.name}`;
  return {
    refusal: refusal('outside-hours', describeHours(hours)),
    sentence: `Policy "${policy.name}" allows it only ${describeHours(hours)}.`,
    ...(nearest === undefined ? {} : { nearest }),
  };
}

/** What limits the time on this way: its own limits, those of every requirement, and the one for everybody. */
function limitRules(way: Way, requirements: Requirements, question: Question): LimitRules {
  const own = (seconds: number | undefined) => (seconds === undefined ? [] : [{ seconds, by: title(way) }]);
  const required = (rule: { readonly seconds: number; readonly policy: string } | undefined) =>
    rule === undefined ? [] : [{ seconds: rule.seconds, by: `policy ${rule.policy}` }];
  const { maxDurationSeconds: forEverybody } = question;
  return {
    longest: [
      ...own(way.maxDurationSeconds),
      ...required(requirements.maxDuration),
      ...(forEverybody === undefined ? [] : [{ seconds: forEverybody, by: 'the limit for everybody' }]),
    ],
    perDay: [...own(way.allow?.perDaySeconds), ...required(requirements.perDay)],
    cooldown: [...own(way.allow?.cooldownSeconds), ...required(requirements.cooldown)],
  };
}

function longestReason(way: Way, requirements: Requirements): { readonly minLength: number } | undefined {
  const lengths = [way.allow?.reason?.minLength, requirements.reason?.minLength].filter(
    (length) => length !== undefined,
  );
  return lengths.length === 0 ? undefined : { minLength: Math.max(...lengths) };
}

function textProblems(
  way: Way,
  reason: { readonly minLength: number } | undefined,
  tickets: readonly { readonly pattern: TicketPattern; readonly policy: string }[],
  question: Question,
): Problem[] {
  const problems: Problem[] = [];
  const given = writtenLength(question.reason);
  if (reason !== undefined && given < reason.minLength) {
    const wanted = `a reason of at least ${reason.minLength} letters and digits`;
    problems.push({
      refusal: refusal('reason-required', String(reason.minLength)),
      sentence: `${subject(way)} wants ${wanted}${given === 0 ? '' : `; this one has ${given}`}.`,
      nearest: `the same with ${wanted}, by ${title(way)}`,
    });
  }
  for (const { pattern, policy } of tickets) {
    if (matchesTicket(pattern, question.ticket)) continue;
    const tooLong =
      question.ticket.trim().length > MAX_TICKET_LENGTH ? ` and has at most ${MAX_TICKET_LENGTH} characters` : '';
    problems.push({
      refusal: refusal('ticket-required', pattern.source),
      sentence: `Policy "${policy}" wants a ticket that matches ${pattern.source}${tooLong}.`,
      nearest: `the same with a ticket that matches ${pattern.source}, by ${title(way)}`,
    });
  }
  return problems;
}

/** Letters and digits of any script: blanks, dots and characters nobody sees say nothing. */
function writtenLength(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

/**
 * The votes a way needs. The requester counts only where the way says `self: true` and no requirement forbids it, and never
 * among the approvers that a requirement adds; where they count, their vote is given at once.
 */
function votesOf(
  way: Way,
  requirements: Requirements,
  question: Question,
  electorate: Electorate,
  people: People,
): { readonly needs: readonly Need[]; readonly selfGiven: boolean; readonly problems: readonly Problem[] } {
  const { principalId } = question.person;
  const { allow } = way;
  const rule = allow?.approval;
  const asked: Need[] = [];
  const problems: Problem[] = [];
  const selfCounts = rule?.self === true && requirements.noSelf === undefined;
  const asksItself = rule !== undefined && allow?.breakGlass !== true;
  if (asksItself || (rule !== undefined && requirements.ownVotes !== undefined)) {
    const approvers = electorate(
      approversOf(rule, question.waitedSeconds ?? 0),
      selfCounts ? undefined : principalId,
      rule,
    );
    const count = Math.max(asksItself ? rule.count : 0, requirements.ownVotes?.count ?? 0);
    asked.push({ policy: way.name, count, approvers });
  } else if (requirements.ownVotes !== undefined) {
    const { count, policy } = requirements.ownVotes;
    problems.push({
      refusal: refusal('no-approver', policy),
      sentence: `Policy "${policy}" requires ${votes(count)} by the path's own approvers, and ${title(way)} names none.`,
    });
  }
  for (const extra of requirements.extraVotes) {
    const { policy, count, approvers } = extra;
    asked.push({ policy, count, approvers: electorate(approvers, principalId, extra) });
  }
  const needs = onePersonOneVote(asked, people);
  const selfGiven = selfCounts && (needs[0]?.approvers.has(principalId) ?? false);
  if (!suffice(needs, selfGiven ? principalId : undefined)) problems.push(nobodyToAsk(way, needs));
  return { needs, selfGiven, problems };
}

/** Has several users of one person counted as one, where any of the approvers have several. */
function onePersonOneVote(needs: readonly Need[], people: People): readonly Need[] {
  const [only] = needs;
  if (only === undefined) return needs;
  const everyone = needs.length === 1 ? only.approvers : new Set(needs.flatMap(({ approvers }) => [...approvers]));
  return people.anyTwins(everyone) ? needs.map((need) => ({ ...need, personOf: people.of })) : needs;
}

/** The votes given on a path before anybody was asked: the requester's own, where it counts. */
export function startingSeats({ needs, selfGiven }: Path, principalId: string): Seating {
  const open = openSeating(needs);
  return selfGiven ? (seat(open, principalId) ?? open) : open;
}

/** Are there enough people for every vote, each giving one? */
function suffice(needs: readonly Need[], given: string | undefined): boolean {
  const [only] = needs;
  if (only === undefined) return true;
  if (needs.length === 1 && only.personOf === undefined) return only.approvers.size >= only.count;
  if (needs.some(({ approvers, count }) => approvers.size < count)) return false;
  const open = openSeating(needs);
  return fillUp((given === undefined ? undefined : seat(open, given)) ?? open) !== undefined;
}

function nobodyToAsk(way: Way, needs: readonly Need[]): Problem {
  const short = needs.find((need) => need.approvers.size < need.count);
  const sentence =
    short === undefined
      ? `${subject(way)}: the votes it needs are ${needs.map((need) => `${need.count} for ${need.policy}`).join(' and ')}, each by somebody else, and there are not enough approvers.`
      : `${subject(way)}: ${short.policy === way.name ? 'it' : `policy "${short.policy}"`} needs ${votes(short.count)}, and ${
          short.approvers.size === 0 ? 'nobody else can give one' : `only ${short.approvers.size} other people can vote`
        }.`;
  return { refusal: refusal('no-approver', short?.policy ?? way.name), sentence };
}

/** How a way is called within a sentence, and at its start. */
function title(way: Way): string {
  return way.source === 'policy' ? `policy ${way.name}` : 'the access record';
}

function subject(way: Way): string {
  return way.source === 'policy' ? `Policy "${way.name}"` : 'The access record';
}
