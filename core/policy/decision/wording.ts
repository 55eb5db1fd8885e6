import type { NeededApproval, PolicyTrace } from '../../model/decision.ts';
import { formatDuration } from '../../model/duration.ts';
import { isGroupTarget } from '../../model/target.ts';
import { describeHours } from '../records/hours.ts';
import type { Policy, RequirePolicy } from '../records/policy.ts';
import type { Assessment, Verdict } from './evaluate.ts';
import type { Path } from './grant-rules.ts';
import type { Matcher, Mismatch } from './matching.ts';
import { votes } from './phrases.ts';

/** Why access is granted. */
export function grantedSentence(path: Path): string {
  const by = path.source === 'record' ? 'An access record' : `Policy "${path.name}"`;
  const how = path.breakGlass
    ? ' without waiting for approval; everybody who would have been asked is told, and a review is owed'
    : path.needs.length > 0
      ? ', and the approvals it needs are given'
      : '';
  return `${by} allows this${upTo(path)}${how}.`;
}

/** What a request waits for. */
export function waitingSentence(path: Path, approvals: readonly NeededApproval[]): string {
  const by = path.source === 'record' ? 'An access record' : `Policy "${path.name}"`;
  const needed = approvals.map(({ policy, count }) => {
    const more = count === 1 ? '1 more approval' : `${count} more approvals`;
    return policy === path.name ? more : `${more} that policy "${policy}" requires`;
  });
  return `${by} allows this${upTo(path)} after ${needed.join(' and ')}.`;
}

/** Nothing is about this person and target. */
export function nobodySentence({ question, permissionSetName, groupName }: Matcher): string {
  const { person, target } = question;
  const who = person.userName === '' ? person.principalId : person.userName;
  const what = isGroupTarget(target)
    ? `join ${groupName ?? target.groupId}`
    : `have ${permissionSetName ?? target.permissionSetArn} in ${target.accountId}`;
  return `No policy and no access record lets ${who} ${what}.`;
}

/** What each policy and record did to the question, as far as they were judged. */
export function traceOf(assessment: Assessment, paths: readonly Path[]): readonly PolicyTrace[] {
  const { verdicts, records, malformedRecords, unreadable, lostAllows, matcher } = assessment;
  const byName = new Map(paths.map((path) => [path.name, path]));
  const policies = verdicts.map((verdict): PolicyTrace => {
    const { policy, match, because } = verdict;
    const matched = match === 'yes';
    const why = matched ? effectOf(policy, byName.get(policy.name)) : mismatch(verdict, because, matcher);
    return { name: policy.name, effect: policy.effect, matched, why };
  });
  policies.sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    ...records.map(({ record, matched, why }): PolicyTrace => {
      const path = byName.get(record.id);
      return {
        name: record.id,
        effect: 'record',
        matched,
        why: matched && path !== undefined ? pathEffect(path) : why,
      };
    }),
    ...malformedRecords.map(
      ({ id, malformed }): PolicyTrace => ({ name: id, effect: 'unreadable', matched: false, why: malformed }),
    ),
    ...policies,
    ...unreadable.map(({ name, problems }): PolicyTrace => {
      return {
        name,
        effect: 'unreadable',
        matched: true,
        why: `cannot be read and might deny this: ${problems.join('; ')}`,
      };
    }),
    ...lostAllows.map(({ name, problems }): PolicyTrace => {
      return {
        name,
        effect: 'unreadable',
        matched: false,
        why: `cannot be read, so it allows nothing: ${problems.join('; ')}`,
      };
    }),
  ];
}

function effectOf(policy: Policy, path: Path | undefined): string {
  if (policy.effect === 'deny') return 'denies this';
  if (policy.effect === 'require') return `requires ${demands(policy).join(', ')}`;
  return path === undefined ? 'is left aside because the person chose to ask approvers' : pathEffect(path);
}

function pathEffect(path: Path): string {
  if (path.problems.length > 0) return path.problems.map(({ sentence }) => sentence).join(' ');
  if (path.breakGlass) return `allows it${upTo(path)} at once, loudly`;
  if (path.needs.length === 0) return `allows it${upTo(path)} without approval`;
  const needed = path.needs.reduce((sum, { count }) => sum + count, 0);
  return `allows it${upTo(path)} after ${votes(needed)}`;
}

/** What a `require` asks for, in words. */
export function demands(policy: RequirePolicy): string[] {
  const { maxDurationSeconds, reason, ticket, approval } = policy;
  const parts: string[] = [];
  if (maxDurationSeconds !== undefined) parts.push(`at most ${formatDuration(maxDurationSeconds)}`);
  if (reason !== undefined) parts.push(`a reason of at least ${reason.minLength} letters and digits`);
  if (ticket !== undefined) parts.push(`a ticket that matches ${ticket.pattern.source}`);
  if (approval?.approvers !== undefined)
    parts.push(`${votes(approval.count ?? 1)} by ${approval.approvers.join(' or ')} on top`);
  else if (approval?.count !== undefined) parts.push(`at least ${votes(approval.count)}`);
  if (approval?.self === false) parts.push('that nobody approves their own request');
  return parts;
}

const MISMATCHES: Readonly<Record<Exclude<Mismatch, 'hours' | 'ambiguous'>, string>> = {
  kind: 'is about something else',
  account: 'does not cover this account',
  'permission-set': 'does not cover this permission set',
  group: 'does not cover this group',
  who: 'does not name this person',
};

function mismatch({ policy }: Verdict, because: Mismatch | undefined, matcher: Matcher): string {
  if (because === undefined) return 'could not be checked, because something it names could not be looked up';
  if (because === 'hours') return closed(policy);
  if (because !== 'ambiguous') return MISMATCHES[because];
  const names = policy.scope.who.users.filter((ref) => matcher.names.has(ref.toLowerCase()));
  return `names ${names.join(', ')}, which is more than one person`;
}

function closed({ scope }: Policy): string {
  return scope.hours === undefined ? 'does not apply now' : `applies only ${describeHours(scope.hours)}`;
}

function upTo({ maxDurationSeconds }: Path): string {
  return maxDurationSeconds === undefined ? '' : ` for up to ${formatDuration(maxDurationSeconds)}`;
}
