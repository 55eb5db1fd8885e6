import { CfnOutput, LegacyStackSynthesizer, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { activityReader } from './activity-reader.ts';

/**
 * For the management account, which owns Identity Center: the role that looks up CloudTrail events, without the session
 * guard. CloudTrail records there who fetched credentials in the access portal; a report says that nobody signed in
 * only after it has read those events.
 */
export class PortalReaderStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: StackProps & { readonly config: CheckedConfig }) {
    super(scope, id, {
      stackName: `${config.stackName}PortalReader`,
      description: 'Glasshammer: the role that reads who fetched credentials in the access portal.',
      env: { account: config.organization.managementAccountId, region: config.env.region },
      // Without assets: the account needs no CDK bootstrap.
      synthesizer: new LegacyStackSynthesizer(),
      ...props,
    });
    new CfnOutput(this, 'RoleArn', { value: activityReader(this, config).roleArn });
  }
}
