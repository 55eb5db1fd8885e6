import type { NeededApproval, PolicyTrace } from '../../model/decision.ts';
import { formatDuration } from '../../model/duration.ts';
import { isGroupTarget } from '../../model/target.ts';
import { describeHours } from '../records/hours.ts';
import type { Policy, RequirePolicy } from '../records/policy.ts';
import type { Evaluation, PolicyEvaluation } from './evaluate.ts';
import { votes } from './phrases.ts';
import type { GrantRule } from './rules/grant-rules.ts';
import type { Matcher, Mismatch } from './rules/matching.ts';

/** Why access is granted. */
export function grantedSentence(grantRule: GrantRule): string {
  const by = grantRule.source === 'record' ? 'An access record' : `Policy "${grantRule.name}"`;
  const how = grantRule.breakGlass
    ? ' without waiting for approval; everybody who would have been asked is told, and a review is owed'
    : grantRule.needs.length > 0
      ? ', and the approvals it needs are given'
      : '';
  return `${by} allows this${upTo(grantRule)}${how}.`;
}

/** What a request is waiting for. */
export function waitingSentence(grantRule: GrantRule, approvals: readonly NeededApproval[]): string {
  const by = grantRule.source === 'record' ? 'An access record' : `Policy "${grantRule.name}"`;
  const needed = approvals.map(({ policy, count }) => {
    const more = count === 1 ? '1 more approval' : `${count} more approvals`;
    return policy === grantRule.name ? more : `${more} that policy "${policy}" requires`;
  });
  return `${by} allows this${upTo(grantRule)} after ${needed.join(' and ')}.`;
}

/** For a refusal where no policy or record is about this person and target. */
export function nobodySentence({ requestInput, permissionSetName, groupName }: Matcher): string {
  const { person, target } = requestInput;
  const who = person.userName === '' ? person.principalId : person.userName;
  const what = isGroupTarget(target)
    ? `join ${groupName ?? target.groupId}`
    : `have ${permissionSetName ?? target.permissionSetArn} in ${target.accountId}`;
  return `No policy and no access record lets ${who} ${what}.`;
}

/** How each evaluated policy and record applied to the request input. */
export function traceOf(evaluation: Evaluation, grantRules: readonly GrantRule[]): readonly PolicyTrace[] {
  const { evaluations, records, malformedRecords, unreadable, lostAllows, matcher } = evaluation;
  const byName = new Map(grantRules.map((grantRule) => [grantRule.name, grantRule]));
  const policies = evaluations.map((policyEvaluation): PolicyTrace => {
    const { policy, match, because } = policyEvaluation;
    const matched = match === 'yes';
    const why = matched ? effectOf(policy, byName.get(policy.name)) : mismatch(policyEvaluation, because, matcher);
    return { name: policy.name, effect: policy.effect, matched, why };
  });
  policies.sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    ...records.map(({ record, matched, why }): PolicyTrace => {
      const grantRule = byName.get(record.id);
      return {
        name: record.id,
        effect: 'record',
        matched,
        why: matched && grantRule !== undefined ? grantRuleEffect(grantRule) : why,
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

function effectOf(policy: Policy, grantRule: GrantRule | undefined): string {
  if (policy.effect === 'deny') return 'denies this';
  if (policy.effect === 'require') return `requires ${demands(policy).join(', ')}`;
  return grantRule === undefined
    ? 'is left aside because the person chose to ask approvers'
    : grantRuleEffect(grantRule);
}

function grantRuleEffect(grantRule: GrantRule): string {
  if (grantRule.problems.length > 0) return grantRule.problems.map(({ sentence }) => sentence).join(' ');
  if (grantRule.breakGlass) return `allows it${upTo(grantRule)} at once, loudly`;
  if (grantRule.needs.length === 0) return `allows it${upTo(grantRule)} without approval`;
  const needed = grantRule.needs.reduce((sum, { count }) => sum + count, 0);
  return `allows it${upTo(grantRule)} after ${votes(needed)}`;
}

/** The demands of a `require` policy, in words. */
function demands(policy: RequirePolicy): string[] {
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

const MISMATCHES: Readonly<Record<Exclude<Mismatch, 'hours' | 'ambiguous' | 'kind'>, string>> = {
  account: 'does not cover this account',
  'permission-set': 'does not cover this permission set',
  group: 'does not cover this group',
  who: 'does not name this person',
};

function mismatch({ policy }: PolicyEvaluation, because: Mismatch | undefined, matcher: Matcher): string {
  if (because === undefined) return 'could not be checked, because something it names could not be looked up';
  if (because === 'hours') return closed(policy);
  if (because === 'kind')
    return policy.scope.groups === undefined ? 'is about accounts, not groups' : 'is about groups, not accounts';
  if (because !== 'ambiguous') return MISMATCHES[because];
  const names = policy.scope.who.users.filter((ref) => matcher.names.has(ref.toLowerCase()));
  return `names ${names.join(', ')}, which is more than one person`;
}

function closed({ scope }: Policy): string {
  return scope.hours === undefined ? 'does not apply now' : `applies only ${describeHours(scope.hours)}`;
}

function upTo({ maxDurationSeconds }: GrantRule): string {
  return maxDurationSeconds === undefined ? '' : ` for up to ${formatDuration(maxDurationSeconds)}`;
}
