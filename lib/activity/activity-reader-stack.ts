import { App, CfnOutput, LegacyStackSynthesizer, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { boundRoles } from '../hardening/bound-roles.ts';
import { SessionGuard } from '../sessions/session-guard.ts';
import { activityReader } from './activity-reader.ts';

/** Two deployments in one organization each bring a stack of their own. */
export function activityReaderStackName({ stackName }: Pick<CheckedConfig, 'stackName'>): string {
  return `${stackName}ActivityReader`;
}

export interface ActivityReaderStackProps extends StackProps {
  readonly config: CheckedConfig;
}

/**
 * For the accounts access is given in: a role that may look up CloudTrail events and nothing else, and that only the report of this
 * deployment can assume; and the session guard with a role of its own.
 */
export class ActivityReaderStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: ActivityReaderStackProps) {
    super(scope, id, {
      stackName: activityReaderStackName(config),
      description: 'Glasshammer: the role that reads what was done with temporary access.',
      // Without assets: no bootstrap is needed in the account, and the template can travel in a StackSet as it is.
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
  // The same stack is in the app as well and is checked there, where the rules are loaded once for everything.
  const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
  new ActivityReaderStack(app, 'ActivityReader', { config });
  return app.synth().getStackByName(activityReaderStackName(config)).template;
}
