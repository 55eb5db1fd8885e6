import { archiveNames } from '../../audit/questions/archive-names.ts';
import type { Checkout, Deployed, Expected } from '../expected.ts';
import type { Look } from '../finding.ts';
import type { DoctorPorts } from '../ports.ts';
import { isHealthy } from './stack-status.ts';

/** The clock difference that the doctor reports as a fault, in ms: one minute less than AWS and Slack accept. */
const MOST_SKEW_MS = 4 * 60_000;

/** Which account and Region the credentials are for, and whether the stack is deployed there as configured. */
export function deploymentChecks(
  { expected, deployed, checkout, now }: { expected: Expected; deployed: Deployed; checkout: Checkout; now: Date },
  look: DoctorPorts,
): Readonly<Record<string, Look>> {
  return {
    async caller() {
      const { account, arn, region } = await look.caller();
      const right = account === expected.account && region === expected.region;
      if (right) return `${arn} in ${account}, ${region}`;
      return [
        {
          what: `these credentials are for ${account} in ${region}; the configuration says ${expected.account} in ${expected.region}`,
          why: 'everything else here is about another place than the one that was meant',
          fix: `take credentials of ${expected.account} and set AWS_REGION=${expected.region}, or correct env in glasshammer.config.ts`,
        },
      ];
    },

    async clock() {
      const { at } = await look.caller();
      const offMs = Math.abs(Date.parse(at) - now.getTime());
      if (offMs < MOST_SKEW_MS) return 'this machine and AWS agree on the time';
      return [
        {
          what: `the clock of this machine is ${Math.round(offMs / 60_000)} minutes off`,
          why: 'AWS and Slack refuse calls that are five minutes off',
          fix: 'let the machine set its time by NTP',
        },
      ];
    },

    async stack() {
      if (isHealthy(deployed.status)) return `stack ${expected.stackName} is ${deployed.status}`;
      return [
        {
          what: `stack ${expected.stackName} is ${deployed.status}`,
          why: 'the last deployment did not come to a good end; what runs may be half of it',
          fix: `read aws cloudformation describe-stack-events --stack-name ${expected.stackName}, then npx cdk deploy again`,
        },
      ];
    },

    async 'audit-catalog'() {
      const { stackName, database } = archiveNames(expected.stackName);
      const status = await look.stack(stackName);
      if (status !== undefined && isHealthy(status)) return `Athena finds the archive in ${database}`;
      return [
        {
          ...(status === undefined && { as: 'note' as const }),
          what: `stack ${stackName} ${status === undefined ? 'is not there' : `is ${status}`}`,
          why: 'Athena does not find the archive as a table; everything is archived, given and taken back all the same',
          fix:
            status === undefined
              ? 'npx cdk deploy Audit/Catalog; until then glasshammer audit ask --bucket answers without Athena'
              : `read aws cloudformation describe-stack-events --stack-name ${stackName}, then npx cdk deploy Audit/Catalog`,
        },
      ];
    },

    async version() {
      if (deployed.version === checkout.version) return `version ${checkout.version} is deployed`;
      return [
        {
          what: `version ${deployed.version ?? 'older than 0.1.0'} is deployed, this checkout is ${checkout.version}`,
          why: 'this command and these pages speak of another version than the one that runs',
          fix: 'read CHANGELOG.md, then npx cdk deploy; or check out the version that runs',
        },
      ];
    },

    async organization() {
      const { id, managementAccountId } = await look.organization();
      const { organization } = expected;
      if (id === organization.id && managementAccountId === organization.managementAccountId)
        return `organization ${id}, managed by ${managementAccountId}`;
      return [
        {
          what: `the organization is ${id}, managed by ${managementAccountId}; the configuration says ${organization.id} and ${organization.managementAccountId}`,
          why: 'roles that trust the organization refuse, and the management account is not left out',
          fix: 'aws organizations describe-organization prints both; correct organization in glasshammer.config.ts and deploy',
        },
      ];
    },

    async delegation() {
      const { managementAccountId } = expected.organization;
      if (expected.account === managementAccountId) return 'runs in the management account, so nothing is delegated';
      const delegated = await look.delegatedTo('sso.amazonaws.com');
      if (delegated.includes(expected.account)) return `${expected.account} administers Identity Center`;
      return [
        {
          what: `${expected.account} is not a delegated administrator of Identity Center`,
          why: 'every grant is refused with AccessDenied',
          fix: `in the management account: aws organizations register-delegated-administrator --service-principal sso.amazonaws.com --account-id ${expected.account}`,
        },
      ];
    },

    async 'stack-set'() {
      if (!expected.report.byStackSet) return 'no StackSet is configured (report.deployToOus)';
      const service = 'member.org.stacksets.cloudformation.amazonaws.com';
      const troubles = [];
      if (!(await look.trustedServices()).includes(service))
        troubles.push({
          what: 'the organization does not trust StackSets',
          why: 'the role that reads activity reaches no account',
          fix: 'in the management account: aws cloudformation activate-organizations-access',
        });
      const own = expected.account === expected.organization.managementAccountId;
      if (!own && !(await look.delegatedTo(service)).includes(expected.account))
        troubles.push({
          what: `${expected.account} is not a delegated administrator of StackSets`,
          why: 'the StackSet cannot be made, and the deployment fails',
          fix: `in the management account: aws organizations register-delegated-administrator --service-principal ${service} --account-id ${expected.account}`,
        });
      return troubles.length === 0 ? 'StackSets are trusted, and may be made here' : troubles;
    },
  };
}
