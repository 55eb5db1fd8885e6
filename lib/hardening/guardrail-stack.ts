import { LegacyStackSynthesizer, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
import type { Construct } from 'constructs';
import { InvalidConfigError } from '../config/problems/config-problems.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { type GuardrailPolicy, guardrailPolicies, MOST_CHARACTERS } from './guardrail.ts';

export interface GuardrailStackProps extends StackProps {
  readonly config: CheckedConfig;
}

/** For the management account: attaches the service control policies in docs/hardening.md to the configured targets. */
export class GuardrailStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: GuardrailStackProps) {
    super(scope, id, {
      stackName: `${config.stackName}Guardrail`,
      description: 'Glasshammer: nobody but CloudFormation changes what decides about access and what remembers it.',
      env: { account: config.organization.managementAccountId, region: config.env.region },
      terminationProtection: true,
      // Without assets: the account needs no CDK bootstrap.
      synthesizer: new LegacyStackSynthesizer(),
      ...props,
    });
    const { records, parts } = guardrailPolicies(config);
    const name = `${config.stackName}Guardrail`;
    const ofRecords = this.attach(
      'Policy',
      name,
      'Protects the records, roles and archive of Glasshammer; docs/hardening.md.',
      records,
      config,
    );
    const ofParts = this.attach(
      'Parts',
      `${name}Parts`,
      'Protects the tables, functions, rules and doors of Glasshammer; docs/hardening.md.',
      parts,
      config,
    );
    // Earlier versions had one policy with all statements. `Parts` is deployed first, so statements that moved to it
    // are in force before the other policy loses them.
    ofRecords.addResourceDependency(ofParts);
  }

  private attach(
    id: string,
    name: string,
    description: string,
    content: GuardrailPolicy,
    config: CheckedConfig,
  ): CfnPolicy {
    const characters = JSON.stringify(content).length;
    // Checked at synthesis, not when half of the deployment is done, and with a fix in the message.
    if (characters > MOST_CHARACTERS)
      throw new InvalidConfigError([
        `guardrail: the policy has ${characters} characters, and Organizations takes ${MOST_CHARACTERS}; name fewer policyWriters and deployers, with * for what they have in common`,
      ]);
    return new CfnPolicy(this, id, {
      name,
      description,
      type: 'SERVICE_CONTROL_POLICY',
      content,
      targetIds: config.guardrail.targets,
    });
  }
}
