import { Aws, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, CfnManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  type GuardForm,
  type GuardPolicyName,
  guardDocument,
  OPEN_ATTACHED_GUARD,
  OPEN_GUARD,
} from '../../core/sessions/guard-policy.ts';
import { namesFor } from '../config/names.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { answerFinding } from '../hardening/answer-finding.ts';
import { guardForms } from '../rights/guard-rights.ts';
import { guardPolicyArn, sessionGuardRights } from '../rights/member-rights.ts';
import { grantRights } from '../rights/rights.ts';

/** The construct id, the initial document and the descriptions of each form. */
const FORMS = {
  boundary: {
    id: 'Policy',
    open: OPEN_GUARD,
    description:
      'Boundary of permission sets. Denies sessions begun before access ended; written by Glasshammer alone.',
    wildcards:
      'A boundary that takes nothing away allows everything; it grants nothing, because a boundary never does.',
  },
  attached: {
    id: 'AttachedPolicy',
    open: OPEN_ATTACHED_GUARD,
    description:
      'Attached to permission sets with a boundary of their own. Denies sessions, never allows; written by Glasshammer alone.',
    wildcards: 'It denies everything to sessions that are over, and allows nothing.',
  },
} as const;

/**
 * For an account access is given in: the policy that guarded permission sets have as their boundary, the policy that is
 * attached to permission sets whose owners opted in, and a role with which cut-sessions writes versions of these
 * policies. As deployed, the policies deny nobody.
 */
export class SessionGuard extends Construct {
  constructor(scope: Construct, id: string, { config }: { readonly config: CheckedConfig }) {
    super(scope, id);
    const forms = guardForms(config);
    const { guards, cutRoleArn, partition } = namesFor(config);
    const outputs = forms.map((form) => this.policy(form, guards.policies[form]).ref);
    const role = new Role(this, 'Role', {
      roleName: guards.role,
      description: 'Assumed by Glasshammer to deny sessions of access that has ended.',
      maxSessionDuration: Duration.hours(1),
      // By a condition, as in `activityReader`: as the principal, a role that was deleted and made again would no
      // longer match.
      assumedBy: new AccountPrincipal(config.env.account).withConditions({
        ArnEquals: { 'aws:PrincipalArn': cutRoleArn },
        StringEquals: { 'aws:PrincipalOrgID': config.organization.id },
      }),
    });
    const arnOf = (form: GuardForm) => guardPolicyArn(partition, Aws.ACCOUNT_ID, guards.policies[form]);
    grantRights(role, sessionGuardRights(...forms.map(arnOf)));
    const [boundary, attached] = outputs;
    new CfnOutput(Stack.of(this), 'SessionGuardPolicyArn', { value: boundary ?? '' });
    if (attached !== undefined) new CfnOutput(Stack.of(this), 'AttachedSessionGuardPolicyArn', { value: attached });
  }

  private policy(form: GuardForm, { name, path }: GuardPolicyName): CfnManagedPolicy {
    const { id, open, description, wildcards: reason } = FORMS[form];
    const policy = new CfnManagedPolicy(this, id, {
      managedPolicyName: name,
      path,
      description,
      // The template's text never changes, so no update of the stack overwrites the versions that cut sessions.
      policyDocument: JSON.parse(guardDocument(open)) as object,
    });
    for (const wildcard of ['Resource::*', 'Action::*']) answerFinding(policy, `IAM5[${wildcard}]`, reason);
    return policy;
  }
}
