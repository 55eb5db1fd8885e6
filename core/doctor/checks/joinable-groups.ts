import type { Expected } from '../expected.ts';
import type { Look, Trouble } from '../finding.ts';
import type { DoctorPorts } from '../ports.ts';

/**
 * A person who joins a group gets all assignments of the group, and Glasshammer cannot limit that: neither the
 * configuration nor an IAM role restricts the accounts when a member is added. So the doctor checks the two accounts in
 * which Glasshammer gives nothing by default. Each has its own check, so that a failure to read one account does not
 * hide the result of the other.
 */
export function joinableGroupChecks(expected: Expected, look: DoctorPorts): Readonly<Record<string, Look>> {
  const { account, groups, includeOwnAccount, organization } = expected;
  const { managementAccountId, includeManagementAccount } = organization;

  async function opened(accountId: string, described: string, setting: string): Promise<string | readonly Trouble[]> {
    if (groups.length === 0) return 'no group can be joined';
    const held = await look.groupAssignments(accountId);
    const troubles = await Promise.all(
      groups.map(async ({ id, name }): Promise<readonly Trouble[]> => {
        const arns = held.filter(({ groupId }) => groupId === id).map(({ permissionSetArn }) => permissionSetArn);
        if (arns.length === 0) return [];
        const names = await Promise.all(arns.map(async (arn) => (await look.permissionSet(arn))?.name ?? arn));
        const sets = names.join(', ');
        return [
          {
            what: `the group ${name} (${id}) has ${sets} in ${described} ${accountId}`,
            why: 'everybody who is put into the group has that there, although Glasshammer gives nothing in this account',
            fix: `remove the group's assignments there (aws sso-admin delete-account-assignment), or take the group out of groups; ${setting}: true says that it is meant`,
          },
        ];
      }),
    );
    const all = troubles.flat();
    return all.length === 0 ? `no group that can be joined has anything in ${described}` : all;
  }

  return {
    async 'groups-own-account'() {
      if (account === managementAccountId) return 'its own account is the management account';
      if (includeOwnAccount) return 'its own account is included, with what groups have there';
      return opened(account, 'its own account', 'includeOwnAccount');
    },

    async 'groups-management-account'() {
      if (includeManagementAccount) return 'the management account is included, with what groups have there';
      return opened(managementAccountId, 'the management account', 'includeManagementAccount');
    },
  };
}
