import { LegacyStackSynthesizer, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
import type { Construct } from 'constructs';
import { InvalidConfigError } from '../config/problems/config-problems.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { type GuardrailPolicy, guardrailPolicies, MOST_CHARACTERS } from './guardrail.ts';

export interface GuardrailStackProps extends StackProps {
  readonly config: CheckedConfig;
}

/** For the management account: attaches the service control policies of docs/hardening.md to the configured targets. */
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
    // An earlier version had all of it in the one: what moves is in the other before it leaves it.
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
    // Before half of a deployment is made, and with what can be done about it.
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
