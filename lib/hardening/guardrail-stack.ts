import { LegacyStackSynthesizer, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
import type { Construct } from 'constructs';
import type { CheckedConfig } from '../config/config-schema.ts';
import { guardrailPolicy } from './guardrail.ts';

export interface GuardrailStackProps extends StackProps {
  readonly config: CheckedConfig;
}

/** For the management account: attaches the service control policy of docs/hardening.md to the configured targets. */
export class GuardrailStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: GuardrailStackProps) {
    super(scope, id, {
      stackName: `${config.stackName}Guardrail`,
      description: 'Glasshammer: nobody but CloudFormation changes what decides about access and what remembers it.',
      env: { account: config.organization.managementAccountId, region: config.env.region },
      terminationProtection: true,
      // Without assets: no bootstrap is needed in the account.
      synthesizer: new LegacyStackSynthesizer(),
      ...props,
    });
    new CfnPolicy(this, 'Policy', {
      name: `${config.stackName}Guardrail`,
      description: 'Protects the tables, roles, functions, rules and archive of Glasshammer; docs/hardening.md.',
      type: 'SERVICE_CONTROL_POLICY',
      content: guardrailPolicy(config),
      targetIds: config.guardrail.targets,
    });
  }
}
