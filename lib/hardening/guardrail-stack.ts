import { LegacyStackSynthesizer, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
import type { Construct } from 'constructs';
import { InvalidConfigError } from '../config/problems/config-problems.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { guardrailPolicy, MOST_CHARACTERS } from './guardrail.ts';

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
    const content = guardrailPolicy(config);
    const characters = JSON.stringify(content).length;
    // Before half of a deployment is made, and with what can be done about it.
    if (characters > MOST_CHARACTERS)
      throw new InvalidConfigError([
        `guardrail: the policy has ${characters} characters, and Organizations takes ${MOST_CHARACTERS}; name fewer policyWriters and deployers, with * for what they have in common`,
      ]);
    new CfnPolicy(this, 'Policy', {
      name: `${config.stackName}Guardrail`,
      description: 'Protects the tables, roles, functions, rules and archive of Glasshammer; docs/hardening.md.',
      type: 'SERVICE_CONTROL_POLICY',
      content,
      targetIds: config.guardrail.targets,
    });
  }
}
