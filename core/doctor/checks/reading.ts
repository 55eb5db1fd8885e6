import { type Expected, reachable } from '../expected.ts';
import type { Look, Trouble } from '../finding.ts';
import type { DoctorPorts } from '../ports.ts';

/** Can the report's function read CloudTrail in every account and Region? */
export function readingChecks(expected: Expected, look: DoctorPorts): Readonly<Record<string, Look>> {
  return {
    async readers() {
      const active = (await look.accounts()).filter((account) => account.active).map(({ id }) => id);
      const accounts = reachable(expected, active);
      const lanes = await look.readers(accounts, expected.report.regions);
      const failed = lanes.filter(({ why }) => why !== undefined);
      const portal = await portalTrouble(expected, accounts, look);
      if (failed.length === 0 && portal.length === 0)
        return `activity can be read in ${accounts.length} accounts, and sign-ins in the one that owns Identity Center`;
      const byAccount = new Map<string, string[]>();
      for (const { accountId, region, why = '' } of failed)
        byAccount.set(`${accountId}\n${why}`, [...(byAccount.get(`${accountId}\n${why}`) ?? []), region]);
      const troubles = [...byAccount].map(([key, regions]): Trouble => {
        const [accountId = '', why = ''] = key.split('\n');
        const all = regions.length === expected.report.regions.length;
        return {
          what: `activity in ${accountId} cannot be read${all ? '' : ` in ${regions.join(', ')}`}: ${why}`,
          why: 'reports about it say that they saw nothing',
          fix: all
            ? `bring the role ${expected.report.roleName} there: npx cdk deploy Member/ActivityReader there, or Readers/StackSet with report.deployToOus`
            : 'enable the Region in that account, or remove it from report.regions',
        };
      });
      return [...troubles, ...portal];
    },
  };
}

/** Can the report's function read who fetched credentials? Identity Center records that in the management account. */
async function portalTrouble(
  expected: Expected,
  accounts: readonly string[],
  look: Pick<DoctorPorts, 'readers'>,
): Promise<readonly Trouble[]> {
  const { managementAccountId } = expected.organization;
  // A reader of activity in the management account and this Region can read the sign-ins as well.
  if (accounts.includes(managementAccountId) && expected.report.regions.includes(expected.region)) return [];
  const [{ why } = {}] = await look.readers([managementAccountId], [expected.region]);
  if (why === undefined) return [];
  const stack = expected.organization.includeManagementAccount ? 'Member/ActivityReader' : 'Management/PortalReader';
  return [
    {
      what: `sign-ins cannot be read in ${managementAccountId}, ${expected.region}: ${why}`,
      why: 'a report without calls cannot say that nobody signed in',
      fix: `bring the role ${expected.report.roleName} there: npx cdk deploy ${stack}`,
    },
  ];
}
