import { Duration } from 'aws-cdk-lib';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { namesFor } from '../config/names.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { ACTIVITY_READER_RIGHTS } from '../rights/member-rights.ts';
import { grantRights } from '../rights/rights.ts';

/** The role that may look up CloudTrail events and nothing else, and that only the report of this deployment can assume. */
export function activityReader(scope: Construct, config: CheckedConfig): Role {
  const role = new Role(scope, 'Role', {
    roleName: config.report.roleName,
    description: 'Assumed by Glasshammer to report what was done with temporary access.',
    maxSessionDuration: Duration.hours(1),
    // Named by condition and not as the principal: a principal must exist already, and a role that was deleted and made again
    // would no longer match.
    assumedBy: new AccountPrincipal(config.env.account).withConditions({
      ArnEquals: { 'aws:PrincipalArn': namesFor(config).reportRoleArn },
      StringEquals: { 'aws:PrincipalOrgID': config.organization.id },
    }),
  });
  grantRights(role, ACTIVITY_READER_RIGHTS);
  return role;
}
