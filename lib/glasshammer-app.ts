import { App, type AppProps, Stage, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ActivityReaderStack } from './activity/activity-reader-stack.ts';
import type { CheckedConfig } from './config/config-schema.ts';
import { GlasshammerStack } from './glasshammer-stack.ts';
import { GuardrailStack } from './hardening/guardrail-stack.ts';
import { ChangeForwarderStack } from './watch/change-forwarder-stack.ts';

/**
 * The whole CDK app. `npx cdk deploy` takes the one stack at the top; the activity reader sits in a stage of its own, so that it is
 * deployed only when it is named: `npx cdk deploy Member/ActivityReader`.
 *
 * @param codeRoot folder with one folder of bundled code per function
 */
export function glasshammerApp(config: CheckedConfig, codeRoot: string, props: AppProps = {}): App {
  const app = new App(props);
  new GlasshammerStack(app, 'Glasshammer', { config, codeRoot });
  new ActivityReaderStack(new Stage(app, 'Member'), 'ActivityReader', { config });
  addManagementStacks(app, config);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

/** What belongs into the management account, in a stage of its own: `npx cdk deploy Management/ChangeForwarder`. */
function addManagementStacks(app: App, config: CheckedConfig): void {
  const forwards = config.env.account !== config.organization.managementAccountId;
  const guards = config.guardrail.targets.length > 0;
  if (!forwards && !guards) return;
  const stage = new Stage(app, 'Management');
  // Only where Glasshammer runs outside of that account.
  if (forwards) new ChangeForwarderStack(stage, 'ChangeForwarder', { config });
  if (guards) new GuardrailStack(stage, 'Guardrail', { config });
}
