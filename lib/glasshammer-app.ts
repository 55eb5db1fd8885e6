import { App, type AppProps, Stack, Stage, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ActivityReaderStack } from './activity/activity-reader-stack.ts';
import { PortalReaderStack } from './activity/portal-reader-stack.ts';
import { ReaderStackSet } from './activity/reader-stack-set.ts';
import { AuditCatalogStack } from './audit/audit-catalog-stack.ts';
import type { CheckedConfig } from './config/schema/config-schema.ts';
import { GlasshammerStack } from './glasshammer-stack.ts';
import { boundRoles } from './hardening/bound-roles.ts';
import { GuardrailStack } from './hardening/guardrail-stack.ts';
import { ChangeForwarderStack } from './watch/change-forwarder-stack.ts';

/**
 * The whole CDK app. `npx cdk deploy` takes the one stack at the top. Each of the others sits in a stage of its own, so that it is
 * deployed only when it is named: `npx cdk deploy Audit/Catalog`, `npx cdk deploy Member/ActivityReader`.
 *
 * @param codeRoot folder with one folder of bundled code per function
 */
export function glasshammerApp(config: CheckedConfig, codeRoot: string, props: AppProps = {}): App {
  const app = new App(props);
  new GlasshammerStack(app, 'Glasshammer', { config, codeRoot });
  new AuditCatalogStack(new Stage(app, 'Audit'), 'Catalog', { config });
  new ActivityReaderStack(new Stage(app, 'Member'), 'ActivityReader', { config });
  if (config.report.deployToOus.length > 0) new ReaderStackSet(new Stage(app, 'Readers'), 'StackSet', { config });
  addManagementStacks(app, config);
  // What is said of an app does not reach into its stages: each is told by itself.
  for (const stage of app.node.findAll().filter((node): node is Stage => Stage.isStage(node))) {
    for (const [key, value] of Object.entries(config.tags)) Tags.of(stage).add(key, value);
    boundRoles(stage, config.permissionsBoundary);
  }
  // CloudFormation hands a stack's own tags on to what has no tags in the template.
  for (const stack of app.node.findAll().filter((node): node is Stack => Stack.isStack(node)))
    for (const [key, value] of Object.entries(config.tags)) stack.addStackTag(key, value);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

/** What belongs into the management account, in a stage of its own, each deployed when it is named: `npx cdk deploy Management/ChangeForwarder`. */
function addManagementStacks(app: App, config: CheckedConfig): void {
  const forwards = config.env.account !== config.organization.managementAccountId;
  const guards = config.guardrail.targets.length > 0;
  // Where access is given in that account, too, its activity reader is there already.
  const reads = !config.organization.includeManagementAccount;
  if (!forwards && !guards && !reads) return;
  const stage = new Stage(app, 'Management');
  // Only where Glasshammer runs outside of that account.
  if (forwards) new ChangeForwarderStack(stage, 'ChangeForwarder', { config });
  if (reads) new PortalReaderStack(stage, 'PortalReader', { config });
  if (guards) new GuardrailStack(stage, 'Guardrail', { config });
}
