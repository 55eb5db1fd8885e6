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
 * The whole CDK app. `npx cdk deploy` deploys the one stack at the top level. Every other stack is in its own stage, so
 * it is deployed only when it is named: `npx cdk deploy Audit/Catalog`, `npx cdk deploy Member/ActivityReader`.
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
  // Tags and aspects of an app do not reach into its stages, so each stage gets them itself.
  for (const stage of app.node.findAll().filter((node): node is Stage => Stage.isStage(node))) {
    for (const [key, value] of Object.entries(config.tags)) Tags.of(stage).add(key, value);
    boundRoles(stage, config.permissionsBoundary);
  }
  // CloudFormation passes a stack's tags to resources that have no tags in the template.
  for (const stack of app.node.findAll().filter((node): node is Stack => Stack.isStack(node)))
    for (const [key, value] of Object.entries(config.tags)) stack.addStackTag(key, value);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

/**
 * The stacks of the management account, in one stage; each is deployed only when it is named:
 * `npx cdk deploy Management/ChangeForwarder`.
 */
function addManagementStacks(app: App, config: CheckedConfig): void {
  const forwards = config.env.account !== config.organization.managementAccountId;
  const guards = config.guardrail.targets.length > 0;
  // Where access is given in the management account too, its `ActivityReaderStack` already has this role.
  const reads = !config.organization.includeManagementAccount;
  if (!forwards && !guards && !reads) return;
  const stage = new Stage(app, 'Management');
  // Only where Glasshammer runs in another account.
  if (forwards) new ChangeForwarderStack(stage, 'ChangeForwarder', { config });
  if (reads) new PortalReaderStack(stage, 'PortalReader', { config });
  if (guards) new GuardrailStack(stage, 'Guardrail', { config });
}
