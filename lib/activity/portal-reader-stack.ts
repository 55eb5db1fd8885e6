import { CfnOutput, LegacyStackSynthesizer, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { activityReader } from './activity-reader.ts';

/**
 * For the account that owns Identity Center: the role that may look up CloudTrail events, without the session guard. There it is recorded
 * who fetched credentials in the access portal, and a report says that nobody signed in only after it has looked.
 */
export class PortalReaderStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: StackProps & { readonly config: CheckedConfig }) {
    super(scope, id, {
      stackName: `${config.stackName}PortalReader`,
      description: 'Glasshammer: the role that reads who fetched credentials in the access portal.',
      env: { account: config.organization.managementAccountId, region: config.env.region },
      // Without assets: no bootstrap is needed in the account.
      synthesizer: new LegacyStackSynthesizer(),
      ...props,
    });
    new CfnOutput(this, 'RoleArn', { value: activityReader(this, config).roleArn });
  }
}
