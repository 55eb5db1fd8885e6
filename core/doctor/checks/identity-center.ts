import { type Expected, reachable } from '../expected.ts';
import type { Look, Trouble } from '../finding.ts';
import type { DoctorPorts } from '../ports.ts';

/** For longer sessions the doctor adds a note: credentials outlive access longer than most people expect. Seconds. */
const LONG_SESSION_SECONDS = 4 * 3600;

/** Compares Identity Center and the organization with every id in the configuration. */
export function identityCenterChecks(expected: Expected, look: DoctorPorts): Readonly<Record<string, Look>> {
  const { managementAccountId, includeManagementAccount } = expected.organization;

  return {
    async instance() {
      const instance = await look.instance();
      if (instance === undefined)
        return [
          {
            what: `there is no Identity Center instance ${expected.instanceArn}`,
            why: 'nothing can be given or taken back',
            fix: 'aws sso-admin list-instances prints it; correct instanceArn in glasshammer.config.ts and deploy',
          },
        ];
      const troubles: Trouble[] = [];
      if (instance.identityStoreId !== expected.identityStoreId)
        troubles.push({
          what: `the identity store is ${instance.identityStoreId}; the configuration says ${expected.identityStoreId}`,
          why: 'nobody can be identified',
          fix: 'correct identityStoreId in glasshammer.config.ts and deploy',
        });
      if (instance.status !== 'ACTIVE')
        troubles.push({
          what: `the Identity Center instance is ${instance.status}`,
          why: 'nothing can be given or taken back',
          fix: 'look at its settings in the console of Identity Center',
        });
      if (instance.primaryRegion !== undefined && instance.primaryRegion !== expected.region)
        troubles.push({
          what: `the primary Region of Identity Center is ${instance.primaryRegion}; Glasshammer runs in ${expected.region}`,
          why: 'assignments can be made in the primary Region only',
          fix: `set env.region to ${instance.primaryRegion} and deploy there`,
        });
      if (instance.permissionSetsEnabled === false)
        troubles.push({
          what: 'permission sets are not enabled in this instance',
          why: 'there is nothing that could be given',
          fix: 'enable them in the settings of Identity Center (multi-account permissions)',
        });
      return troubles.length === 0 ? `instance ${expected.instanceArn} is active` : troubles;
    },

    async key() {
      const instance = await look.instance();
      const { keyArn, keyStatus } = instance ?? {};
      if (keyArn === expected.kmsKeyArn && (keyStatus === undefined || keyStatus === 'ENABLED'))
        return keyArn === undefined
          ? 'the instance is encrypted with a key of AWS'
          : `the instance is encrypted with ${keyArn}`;
      if (keyArn === expected.kmsKeyArn)
        return [
          {
            what: `the key of the instance is ${keyStatus ?? 'unknown'}`,
            why: 'Identity Center answers nobody while its key cannot be used',
            fix: 'enable the key, and see that its policy admits this account',
          },
        ];
      return [
        {
          what: `the instance is encrypted with ${keyArn ?? 'a key of AWS'}; the configuration says ${expected.kmsKeyArn ?? 'a key of AWS'}`,
          why: 'the functions have no right to the key, so every look at people fails',
          fix: keyArn === undefined ? 'remove kmsKeyArn and deploy' : `set kmsKeyArn: '${keyArn}' and deploy`,
        },
      ];
    },

    async accounts() {
      const all = await look.accounts();
      const known = new Map(all.map((account) => [account.id, account]));
      const wanted = reachable(
        expected,
        all.map(({ id }) => id),
      );
      const named = expected.accounts === '*' ? [] : expected.accounts;
      const troubles = named.flatMap((id): Trouble[] => {
        const account = known.get(id);
        if (account === undefined)
          return [
            {
              what: `account ${id} is not in the organization`,
              why: 'every request for it is refused',
              fix: `remove it from accounts, or correct its digits`,
            },
          ];
        if (account.active) return [];
        return [
          {
            what: `account ${id} (${account.name}) is suspended`,
            why: 'nothing can be given there; what is left there is removed when AWS closes it',
            fix: 'move it from accounts to retired.accounts and deploy',
          },
        ];
      });
      return troubles.length === 0 ? `${wanted.length} accounts, all active` : troubles;
    },

    async 'permission-sets'() {
      const troubles: Trouble[] = [];
      for (const { name, arn } of expected.permissionSets) {
        const set = await look.permissionSet(arn);
        if (set === undefined) {
          troubles.push({
            what: `there is no permission set ${arn} (${name})`,
            why: 'every request for it fails at the grant',
            fix: 'aws sso-admin list-permission-sets prints them; correct permissionSets and deploy',
          });
          continue;
        }
        if (set.name !== name)
          troubles.push({
            what: `the permission set ${arn} is called ${set.name}; the configuration says ${name}`,
            why: 'policies and reports speak of another set than the one that is given',
            fix: `write name: '${set.name}' and deploy, or correct the ARN`,
          });
        if (set.sessionSeconds > LONG_SESSION_SECONDS)
          troubles.push({
            as: 'note',
            what: `sessions of ${name} last ${Math.round(set.sessionSeconds / 3600)} hours`,
            why: 'credentials that were fetched work so much longer than the access lasted',
            fix: 'shorten its session duration in Identity Center, to an hour if you can',
          });
        if (!includeManagementAccount && (await look.accountsOf(arn)).includes(managementAccountId))
          troubles.push({
            what: `the permission set ${name} is provisioned in the management account as well`,
            why: 'a delegated administrator may then give it nowhere: every grant of it is refused with AccessDenied',
            fix: `make a permission set of its own for Glasshammer, or remove the assignments of ${name} in ${managementAccountId}`,
          });
      }
      return troubles.length === 0 ? `${expected.permissionSets.length} permission sets, as configured` : troubles;
    },

    async groups() {
      const troubles: Trouble[] = [];
      for (const { id, name } of expected.groups) {
        const group = await look.group(id);
        if (group === undefined)
          troubles.push({
            what: `there is no group ${id} (${name})`,
            why: 'every request to join it fails',
            fix: 'aws identitystore list-groups prints them; correct groups and deploy',
          });
        else if (group.external)
          troubles.push({
            what: `the group ${group.name} (${id}) is written by your identity provider (SCIM)`,
            why: 'a person who is put into it is taken out at the next synchronization, or stays because nobody may take them out',
            fix: 'make a group in Identity Center itself, and name that one in groups',
          });
      }
      return troubles.length === 0 ? `${expected.groups.length} groups, as configured` : troubles;
    },

    async units() {
      const troubles: Trouble[] = [];
      for (const id of expected.units)
        if (!(await look.unit(id)))
          troubles.push({
            what: `there is no organizational unit ${id}`,
            why: 'what the configuration says of it reaches nobody',
            fix: 'aws organizations list-organizational-units-for-parent prints them; correct the id and deploy',
          });
      return troubles.length === 0 ? `${expected.units.length} organizational units, as configured` : troubles;
    },
  };
}
