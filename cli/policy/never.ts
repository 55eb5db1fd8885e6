import { ACCESS_PREFIX } from '../../core/model/stored-ids.ts';
import { unknownNames } from '../../core/policy/authoring/check-names.ts';
import { reachAlone } from '../../core/policy/authoring/check-reach.ts';
import type { Organization } from '../../core/policy/authoring/organization.ts';
import { describeTarget, eachAlone, type LoneReach } from '../../core/policy/authoring/reach.ts';
import { resolveScope } from '../../core/policy/authoring/resolve.ts';
import { parsePolicy } from '../../core/policy/records/parse-policy.ts';
import type { Scope } from '../../core/policy/records/policy.ts';
import { withPersons } from '../../core/policy/records/policy-set.ts';
import { UsageError } from '../terminal/io.ts';
import type { Never } from './cases-file.ts';
import type { World } from './request-input.ts';

/** Limit of the lines that one assertion prints. */
const LISTED = 20;

/**
 * Who can have what the assertion forbids, one line each; empty where the assertion holds.
 *
 * @param place of the assertion, for the message
 * @throws UsageError for an assertion without targets or with an unknown name, because it would always hold
 */
export function reachedAllTheSame(never: Never, place: string, world: World, at: string): readonly string[] {
  const { policySet, records, organization } = world;
  const scope = resolveScope(scopeOf(never, place, organization), organization);
  const most = Number.POSITIVE_INFINITY;
  const reaches = reachAlone(withPersons(policySet, records), records, organization, at, most, never.how) ?? [];
  const reached = eachAlone(reaches).filter(
    ({ userId, target }) =>
      scope.users.has(userId) &&
      ('groupId' in target
        ? scope.groups?.has(target.groupId) === true
        : scope.accounts?.has(target.accountId) === true &&
          scope.permissionSets?.has(target.permissionSetArn) === true),
  );
  const lines = reached.map((one) => sentence(one, never, organization));
  return lines.length > LISTED ? [...lines.slice(0, LISTED), `and ${lines.length - LISTED} more`] : lines;
}

/** Reads the assertion like a `deny` policy for the same people and targets. */
function scopeOf(never: Never, place: string, organization: Organization): Scope {
  const { who = ['everyone'], accounts, permissionSets, groups } = never;
  const parts = Object.entries({ accounts, permissionSets, groups }).filter(([, part]) => part !== undefined);
  if (parts.length === 0)
    throw new UsageError(`${place}: never "${never.name}": say what of: accounts, permissionSets or groups`);
  const parsed = parsePolicy({ effect: 'deny', who, ...Object.fromEntries(parts) }, 'never');
  const wrong = parsed.ok
    ? unknownNames(parsed.policy, organization).map(({ text }) => text)
    : parsed.problems.map((text) => text.replace(/^policy "never": /, ''));
  if (!parsed.ok || wrong.length > 0) throw new UsageError(`${place}: never "${never.name}": ${wrong[0]}`);
  return parsed.policy.scope;
}

function sentence({ userId, target, path }: LoneReach, { how }: Never, organization: Organization): string {
  const person = organization.users.find(({ id }) => id === userId)?.userName || userId;
  const by = path.startsWith(ACCESS_PREFIX) ? `access record ${path}` : `policy "${path}"`;
  return `${person} can have ${describeTarget(target, organization)}${how === 'alone' ? ' with no second person' : ''} (${by})`;
}
