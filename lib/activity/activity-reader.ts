import { Duration } from 'aws-cdk-lib';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { namesFor } from '../config/names.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { ACTIVITY_READER_RIGHTS } from '../rights/member-rights.ts';
import { grantRights } from '../rights/rights.ts';

/** A role that can only look up CloudTrail events and that only this deployment's report function can assume. */
export function activityReader(scope: Construct, config: CheckedConfig): Role {
  const role = new Role(scope, 'Role', {
    roleName: config.report.roleName,
    description: 'Assumed by Glasshammer to report what was done with temporary access.',
    maxSessionDuration: Duration.hours(1),
    // The report function's role is matched by a condition, not as the principal: a principal must exist when the trust
    // policy is written, and a role that was deleted and made again would no longer match it.
    assumedBy: new AccountPrincipal(config.env.account).withConditions({
      ArnEquals: { 'aws:PrincipalArn': namesFor(config).reportRoleArn },
      StringEquals: { 'aws:PrincipalOrgID': config.organization.id },
    }),
  });
  grantRights(role, ACTIVITY_READER_RIGHTS);
  return role;
}
