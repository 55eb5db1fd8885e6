import { CfnOutput, LegacyStackSynthesizer, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { namesFor } from '../config/names.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { grantRights } from '../rights/rights.ts';
import { ASSIGNMENT_CHANGES } from './assignment-changes.ts';
import { changesBusName } from './assignment-watch.ts';

export interface ChangeForwarderStackProps extends StackProps {
  readonly config: CheckedConfig;
}

/**
 * For the management account, where Glasshammer runs in another one: forwards calls that change assignments to
 * Glasshammer's account. CloudTrail records a call in the caller's account, and most administrators of Identity Center
 * work in the management account.
 */
export class ChangeForwarderStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: ChangeForwarderStackProps) {
    super(scope, id, {
      stackName: `${config.stackName}ChangeForwarder`,
      description: 'Glasshammer: hands on who changes assignments of Identity Center.',
      env: { account: config.organization.managementAccountId, region: config.env.region },
      // Without assets: the account needs no CDK bootstrap.
      synthesizer: new LegacyStackSynthesizer(),
      ...props,
    });
    const names = namesFor(config);
    const { account, region } = config.env;
    const bus = `arn:${names.partition}:events:${region}:${account}:event-bus/${changesBusName(names)}`;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
      description: 'Hands events on to the account Glasshammer runs in.',
    });
    grantRights(role, [{ actions: ['events:PutEvents'], resources: [bus] }]);
    new CfnRule(this, 'Rule', {
      description: 'Somebody made or removed an assignment or a membership.',
      eventPattern: {
        source: ASSIGNMENT_CHANGES.source,
        'detail-type': ASSIGNMENT_CHANGES.detailType,
        detail: ASSIGNMENT_CHANGES.detail,
      },
      targets: [{ id: 'Glasshammer', arn: bus, roleArn: role.roleArn }],
    });
    new CfnOutput(this, 'HandsOnTo', { value: bus });
  }
}
