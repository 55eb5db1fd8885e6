import { ACCESS_PREFIX, PRINCIPAL_PREFIX } from '../../model/stored-ids.ts';
import { parseAccessRecord, parsePrincipalRecord } from '../../policy/records/access-records.ts';
import type { Scope } from '../../policy/records/policy.ts';
import { parsePolicySet } from '../../policy/records/policy-set.ts';
import { misplaced, recordKind } from '../../policy/records/record-kind.ts';
import { recordProblem } from '../../policy/records/record-problem.ts';
import type { Expected } from '../expected.ts';
import type { Look, Trouble } from '../finding.ts';
import type { DoctorPorts } from '../ports.ts';

/** The records of the access table: each can be parsed, and the people and things it names exist. */
export function recordChecks(expected: Expected, look: DoctorPorts): Readonly<Record<string, Look>> {
  return {
    async records() {
      const items = await look.records();
      const troubles = items.flatMap((item): Trouble[] => {
        if (recordKind(item.id) === undefined)
          return [
            {
              what: misplaced(item.id),
              why: 'the person who wrote it believes that it counts',
              fix: 'write it again under the right id, and delete this one',
            },
          ];
        const parsed = recordKind(item.id) === 'access' ? parseAccessRecord(item) : undefined;
        const problem = parsed !== undefined && 'malformed' in parsed ? parsed.malformed : recordProblem(item);
        if (problem !== undefined)
          return [
            {
              what: problem,
              why: 'it gives nothing, and a policy that cannot be read may refuse everybody it could be about',
              fix: 'correct it in the table, or push the policy file again',
            },
          ];
        if (parsed === undefined || 'malformed' in parsed) return [];
        const known = expected.permissionSets.some(({ arn }) => arn === parsed.permissionSetArn);
        return known
          ? []
          : [
              {
                what: `${item.id} is about a permission set that the configuration does not name`,
                why: 'it can never be given: no function has a right to it',
                fix: 'add the set to permissionSets and deploy, or delete the record',
              },
            ];
      });
      return troubles.length === 0 ? `${items.length} records, all readable` : troubles;
    },

    async 'policy-names'() {
      const { policies } = parsePolicySet((await look.records()).filter(({ id }) => recordKind(id) === 'policy'));
      // Only deny and require policies: a person refused because of a misspelt allow policy complains, but nobody
      // notices that a prohibition has no effect.
      const binding = policies.filter(({ effect }) => effect !== 'allow');
      const troubles: Trouble[] = [];
      for (const { name, effect, scope } of binding)
        for (const missing of await namedInVain(scope, look))
          troubles.push({
            what: `policy "${name}" (${effect}) names ${missing}, and there is none`,
            why: 'what it is meant to forbid or demand is neither, and nothing else tells anybody',
            fix: 'correct the name, or delete the policy; glasshammer policy check --aws says what may have been meant',
          });
      return troubles.length === 0
        ? `${binding.length} policies that deny or require, about whom and what there is`
        : troubles;
    },

    async principals() {
      const items = (await look.records()).filter(({ id }) => id.startsWith(PRINCIPAL_PREFIX));
      const bySlackId = items.flatMap((item) => {
        const parsed = parsePrincipalRecord(item);
        return 'malformed' in parsed
          ? []
          : [{ slackId: item.id.slice(PRINCIPAL_PREFIX.length), principalId: parsed.principalId }];
      });
      const troubles: Trouble[] = [];
      const holders = new Map<string, string[]>();
      for (const { slackId, principalId } of bySlackId) {
        holders.set(principalId, [...(holders.get(principalId) ?? []), slackId]);
        const user = await look.user(principalId);
        if (user?.enabled === true) continue;
        troubles.push({
          what: `${slackId} is mapped to ${principalId}, who ${user === undefined ? 'is not in Identity Center' : 'is disabled'}`,
          why: user === undefined ? 'this person cannot ask for anything' : 'this person is refused',
          fix: `glasshammer principal remove ${slackId}, or set it to the right user`,
        });
      }
      for (const [principalId, slackIds] of holders)
        if (slackIds.length > 1)
          troubles.push({
            what: `${slackIds.join(' and ')} are both mapped to ${principalId}`,
            why: 'one of them acts under the name of the other, and could approve their own request',
            fix: 'glasshammer principal remove the one that is wrong',
          });
      return troubles.length === 0 ? `${bySlackId.length} people are mapped, each to one user that is there` : troubles;
    },

    async holders() {
      const troubles: Trouble[] = [];
      for (const item of await look.records()) {
        if (!item.id.startsWith(ACCESS_PREFIX)) continue;
        const parsed = parseAccessRecord(item);
        if ('malformed' in parsed) continue;
        for (const id of parsed.principalIds) {
          if ((await look.user(id)) !== undefined || (await look.group(id)) !== undefined) continue;
          troubles.push({
            what: `${item.id} gives access to ${id}, who is not in Identity Center`,
            why: 'it gives nothing; and a typing error may leave somebody without their access',
            fix: 'correct the id, or delete the record',
          });
        }
      }
      return troubles.length === 0 ? 'every access record is for somebody who is there' : troubles;
    },
  };
}

/**
 * People, groups, accounts and units that a policy names and that do not exist. Tags are not checked, because that
 * would take one call per account.
 */
async function namedInVain({ who, accounts, groups }: Scope, look: DoctorPorts): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const ref of who.users) if (!(await look.userNamed(ref))) missing.push(`user ${ref}`);
  for (const ref of [...who.groups, ...(groups?.names ?? [])])
    if (!(await look.groupNamed(ref))) missing.push(`group ${ref}`);
  if (accounts === undefined) return missing;
  const known = accounts.ids.size === 0 ? [] : (await look.accounts()).map(({ id }) => id);
  for (const id of accounts.ids) if (!known.includes(id)) missing.push(`account ${id}`);
  for (const id of [...accounts.ous, ...accounts.directOus])
    if (!(await look.unit(id))) missing.push(`organizational unit ${id}`);
  return missing;
}
