import { type HeldOutside, heldOutside } from '../../core/access/request/held-outside.ts';
import type { AccessItem } from '../../core/model/access-item.ts';
import type { CastVote, Decision, HeldByOthers, HeldFacts, RequestInput } from '../../core/model/decision.ts';
import { parseDuration } from '../../core/model/duration.ts';
import { type Refusal, refusal } from '../../core/model/refusal.ts';
import type { Target } from '../../core/model/target.ts';
import { directoryOf, findUsers, type Organization } from '../../core/policy/authoring/organization.ts';
import { decide } from '../../core/policy/decision/decide.ts';
import { gatherWithHolds, heldByAll } from '../../core/policy/decision/facts-and-holds.ts';
import { type PolicySet, withPersons } from '../../core/policy/records/policy-set.ts';
import { UsageError } from '../terminal/io.ts';
import { readInstant } from './instant.ts';
import { type LiveFacts, writtenHolds } from './live-facts.ts';

/** A question as an operator writes it: people and targets by id, name or another known form. */
export interface WrittenRequestInput {
  readonly user: string;
  readonly account?: string;
  readonly permissionSet?: string;
  readonly group?: string;
  readonly duration?: string;
  readonly at?: string;
  readonly reason?: string;
  readonly ticket?: string;
  /** `USER=approve` or `USER=deny`. */
  readonly votes?: readonly string[];
  readonly maxDuration?: string;
  /** How long the request has been waiting. */
  readonly waited?: string;
  /** Access to the target that the person has or had: `START/END`. */
  readonly held?: readonly string[];
  /** The request extends existing access. */
  readonly extends?: boolean;
}

export interface World {
  readonly policySet: PolicySet;
  readonly records: readonly AccessItem[];
  readonly organization: Organization;
  /** Facts of a deployment. Absent: only what is written counts. */
  readonly live?: LiveFacts;
}

/** A decision, with the holds that it considered. */
export interface Answered {
  readonly decision: Decision;
  /** Absent where nothing was looked up. */
  readonly held?: HeldFacts;
  /** Access from outside of Glasshammer. Absent where there is none, or nothing was looked up. */
  readonly outside?: HeldOutside | 'unknown';
}

/**
 * Answers a written question from files, and from the facts of a deployment.
 *
 * @throws UsageError for unknown or ambiguous names, and for values that cannot be read
 */
export async function answer(
  written: WrittenRequestInput,
  { policySet: policies, records, organization, live }: World,
  now: Date,
): Promise<Answered> {
  const target = findTarget(written, organization);
  const found = findUsers(organization, written.user);
  const [user] = found;
  if (user === undefined) throw new UsageError(`there is no user ${written.user} in the directory`);
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    return refused(refusal('ambiguous-identity', written.user), `${written.user} is more than one user: ${ids}.`);
  }
  if (!user.enabled)
    return refused(refusal('principal-disabled', user.userName), `User ${user.userName || user.id} is disabled.`);
  const stopped = await live?.stopped(user.id);
  if (stopped !== undefined) return refused(stopped.refusal, stopped.sentence);
  const { votes, strangers } = readVotes(written.votes ?? [], organization);
  const at = instantOf(written.at, now);
  const held = await heldBy(user.id, target, at, written, live);
  const asked: RequestInput = {
    person: { principalId: user.id, userName: user.userName, email: user.email, groupIds: user.groups },
    target,
    durationSeconds: readDuration('duration', written.duration ?? '1h'),
    reason: written.reason ?? '',
    ticket: written.ticket ?? '',
    at,
    votes,
    ...(written.maxDuration === undefined
      ? {}
      : { maxDurationSeconds: readDuration('max-duration', written.maxDuration) }),
    ...(written.waited === undefined ? {} : { waitedSeconds: readDuration('waited', written.waited) }),
  };
  const directory = directoryOf(organization);
  // AWS lists the assignments of this moment, so the lookup uses the present time even if access would start later.
  const outside =
    live === undefined || held === undefined
      ? undefined
      : await heldOutside(
          { person: asked.person, target, held, now: now.toISOString() },
          { assignees: live.assignees, directory },
        );
  const policySet = withPersons(policies, records);
  const look = held === undefined ? undefined : { own: held, of: othersOf(target, written, live) };
  const { requestInput, facts } = await gatherWithHolds(
    { policySet, records, requestInput: asked, held: look },
    directory,
    { thorough: true, checkAll: true },
  );
  const decision = decide(policySet, records, requestInput, facts, { all: true });
  return {
    decision: { ...decision, refusedVotes: [...decision.refusedVotes, ...strangers] },
    outside,
    held: requestInput.held,
  };
}

/** Written holds take precedence over those of the deployment: the operator asks about them. */
async function heldBy(
  principalId: string,
  target: Target,
  at: string,
  written: WrittenRequestInput,
  live: LiveFacts | undefined,
): Promise<HeldFacts | undefined> {
  const isExtension = written.extends === true;
  const held =
    written.held === undefined
      ? await live?.held(principalId, target, isExtension)
      : writtenHolds(written.held, at, isExtension);
  if (isExtension && held?.current === undefined)
    throw new UsageError('there is no access that lasts, to be extended: say what is held with --held START/END');
  return held;
}

/** Written holds are all holds of the person, under every user, so others are not looked up. */
function othersOf(target: Target, written: WrittenRequestInput, live: LiveFacts | undefined) {
  return async (principalIds: readonly string[]): Promise<HeldByOthers> => {
    if (live === undefined || written.held !== undefined) return heldByAll([]);
    return heldByAll(await Promise.all(principalIds.map((id) => live.held(id, target, false))));
  };
}

function refused(why: Refusal, reason: string): Answered {
  const decision: Decision = {
    outcome: 'refused',
    refusal: why,
    reason,
    waitingPaths: [],
    approvals: [],
    approvers: [],
    breakGlass: false,
    skippedApprovers: [],
    refusedVotes: [],
    policies: [],
  };
  return { decision };
}

function findTarget({ account, permissionSet, group }: WrittenRequestInput, organization: Organization): Target {
  if (group !== undefined) {
    if (account !== undefined || permissionSet !== undefined) {
      throw new UsageError('name a group, or an account and a permission set, not both');
    }
    return {
      groupId: one(
        'group',
        group,
        organization.groups.filter(({ id, name }) => id === group || name === group),
      ).id,
    };
  }
  if (account === undefined) throw new UsageError('name an account (and a permission set), or a group');
  if (permissionSet === undefined) throw new UsageError('name a permission set in the account');
  const { id: accountId } = one(
    'account',
    account,
    organization.accounts.filter(({ id, name }) => id === account || name === account),
  );
  const sets = organization.permissionSets.filter(({ arn, name }) => arn === permissionSet || name === permissionSet);
  return { accountId, permissionSetArn: one('permission set', permissionSet, sets).arn };
}

function one<T>(kind: string, name: string, found: readonly T[]): T {
  const [first] = found;
  if (first === undefined) throw new UsageError(`there is no ${kind} ${name} in the directory`);
  if (found.length > 1) throw new UsageError(`there is more than one ${kind} called ${name}; name it by id`);
  return first;
}

/** Votes by unknown or ambiguous users are refused, like other votes that do not count. */
function readVotes(
  written: readonly string[],
  organization: Organization,
): { readonly votes: readonly CastVote[]; readonly strangers: Decision['refusedVotes'] } {
  const votes: CastVote[] = [];
  const strangers: { principalId: string; why: Refusal }[] = [];
  for (const text of written) {
    const [, name = '', vote] = /^(.+)=(approve|deny)$/.exec(text) ?? [];
    if (vote !== 'approve' && vote !== 'deny')
      throw new UsageError(`vote must be USER=approve or USER=deny, not ${text}`);
    const found = findUsers(organization, name);
    const [voter] = found;
    if (voter !== undefined && found.length === 1) votes.push({ principalId: voter.id, vote });
    else
      strangers.push({
        principalId: name,
        why: refusal(found.length > 1 ? 'ambiguous-identity' : 'principal-not-found', name),
      });
  }
  return { votes, strangers };
}

function readDuration(field: string, text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined)
    throw new UsageError(`${field} must be a duration with a unit, such as 1h or 30m, not ${text}`);
  return seconds;
}

function instantOf(text: string | undefined, now: Date): string {
  if (text === undefined) return now.toISOString();
  const at = readInstant(text);
  if (at === undefined)
    throw new UsageError(`at must be an instant with its zone, such as 2026-01-05T09:00:00Z, not ${text}`);
  return at;
}
