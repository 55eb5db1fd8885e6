import { Aws, CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib';
import { AccountPrincipal, CfnManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { GUARD_POLICY, GUARD_ROLE, guardDocument, OPEN_GUARD } from '../../core/sessions/guard-policy.ts';
import type { CheckedConfig } from '../config/config-schema.ts';
import { namesFor } from '../config/names.ts';
import { guardPolicyArn, sessionGuardRights } from '../rights/function-rights.ts';
import { grantRights } from '../rights/rights.ts';

/**
 * In an account access is given in: the policy that guarded permission sets have as their boundary, and a role that may write the
 * versions of that one policy, for the one function that cuts sessions. As it is deployed, it denies nobody.
 */
export class SessionGuard extends Construct {
  constructor(scope: Construct, id: string, { config }: { readonly config: CheckedConfig }) {
    super(scope, id);
    const policy = new CfnManagedPolicy(this, 'Policy', {
      managedPolicyName: GUARD_POLICY.name,
      path: GUARD_POLICY.path,
      description:
        'Boundary of permission sets. Denies sessions begun before access ended; written by Glasshammer alone.',
      // The template's text never changes, so that no update of the stack undoes a cut.
      policyDocument: JSON.parse(guardDocument(OPEN_GUARD)) as object,
    });
    Validations.of(policy).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'A boundary that takes nothing away allows everything; it grants nothing, because a boundary never does.',
    });
    Validations.of(policy).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Action::*]',
      reason: 'A boundary that takes nothing away allows everything; it grants nothing, because a boundary never does.',
    });
    const role = new Role(this, 'Role', {
      roleName: GUARD_ROLE,
      description: 'Assumed by Glasshammer to deny sessions of access that has ended.',
      maxSessionDuration: Duration.hours(1),
      // By condition, as the activity reader's: a role that was deleted and made again would no longer match as the principal.
      assumedBy: new AccountPrincipal(config.env.account).withConditions({
        ArnEquals: { 'aws:PrincipalArn': namesFor(config).cutRoleArn },
        StringEquals: { 'aws:PrincipalOrgID': config.organization.id },
      }),
    });
    grantRights(role, sessionGuardRights(guardPolicyArn(namesFor(config).partition, Aws.ACCOUNT_ID)));
    new CfnOutput(Stack.of(this), 'SessionGuardPolicyArn', { value: policy.ref });
  }
}
