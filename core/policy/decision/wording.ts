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

type Demands = Required<Omit<RequirePolicy, 'effect' | 'name' | 'scope' | 'place'>>;

/** Each kind of demand in words. A kind without words does not compile. */
const DEMANDS: { readonly [Kind in keyof Demands]: (demand: Demands[Kind]) => readonly string[] } = {
  maxDurationSeconds: (seconds) => [`at most ${formatDuration(seconds)}`],
  perDaySeconds: (seconds) => [`at most ${formatDuration(seconds)} within 24 hours`],
  cooldownSeconds: (seconds) => [`a pause of ${formatDuration(seconds)} after the end of the last access`],
  reason: ({ minLength }) => [`a reason of at least ${minLength} letters and digits`],
  ticket: ({ pattern }) => [`a ticket that matches ${pattern.source}`],
  approval: ({ approvers, count, self }) => [
    ...(approvers === undefined ? [] : [`${votes(count ?? 1)} by ${approvers.join(' or ')} on top`]),
    ...(approvers !== undefined || count === undefined ? [] : [`at least ${votes(count)}`]),
    ...(self === false ? ['that nobody approves their own request'] : []),
  ],
};

/** The demands of a `require` policy, in words. */
function demands(policy: RequirePolicy): string[] {
  const inWords = <Kind extends keyof Demands>(kind: Kind): readonly string[] => {
    const demand: Partial<Demands>[Kind] = policy[kind];
    return demand === undefined ? [] : DEMANDS[kind](demand);
  };
  return (Object.keys(DEMANDS) as (keyof Demands)[]).flatMap((kind) => inWords(kind));
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
