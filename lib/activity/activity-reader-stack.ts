import { App, CfnOutput, LegacyStackSynthesizer, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { boundRoles } from '../hardening/bound-roles.ts';
import { SessionGuard } from '../sessions/session-guard.ts';
import { activityReader } from './activity-reader.ts';

/** Each deployment in an organization brings its own stack, so the name begins with the deployment's stack name. */
export function activityReaderStackName({ stackName }: Pick<CheckedConfig, 'stackName'>): string {
  return `${stackName}ActivityReader`;
}

export interface ActivityReaderStackProps extends StackProps {
  readonly config: CheckedConfig;
}

/**
 * For the accounts access is given in. Holds a role that can only look up CloudTrail events and that only this
 * deployment's report function can assume, and the session guard with its own role.
 */
export class ActivityReaderStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: ActivityReaderStackProps) {
    super(scope, id, {
      stackName: activityReaderStackName(config),
      description: 'Glasshammer: the role that reads what was done with temporary access.',
      // Without assets: the account needs no CDK bootstrap, and a StackSet can carry the template unchanged.
      synthesizer: new LegacyStackSynthesizer(),
      ...props,
    });
    const role = activityReader(this, config);
    boundRoles(this, config.permissionsBoundary);
    new CfnOutput(this, 'RoleArn', { value: role.roleArn });
    new SessionGuard(this, 'SessionGuard', { config });
  }
}

/** The same stack as a template, for a StackSet to carry. */
export function activityReaderTemplate(config: CheckedConfig): Record<string, unknown> {
  // This second app runs no cdk-nag rules: the same stack is part of the main app and is checked there.
  const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
  new ActivityReaderStack(app, 'ActivityReader', { config });
  return app.synth().getStackByName(activityReaderStackName(config)).template;
}
