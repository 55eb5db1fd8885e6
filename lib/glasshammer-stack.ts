import { fileURLToPath } from 'node:url';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { archiveNames } from '../core/audit/questions/archive-names.ts';
import { formatDuration } from '../core/model/duration.ts';
import { SLACK_ROUTES } from '../slack/routes.ts';
import { ApiDoor } from './api/api-door.ts';
import { AuditStream, AuditTargets } from './audit/audit.ts';
import { AUDIT_BUCKET_OUTPUT } from './audit/audit-catalog-stack.ts';
import { namesFor } from './config/names.ts';
import type { CheckedConfig } from './config/schema/config-schema.ts';
import { checkoutVersion } from './config/version.ts';
import { WebConsole } from './console/web-console.ts';
import { AccessFunctions } from './functions/access-functions.ts';
import { addBudget } from './monitoring/budget.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { GuardWatch } from './sessions/guard-watch.ts';
import { SlackEndpoint } from './slack/slack-endpoint.ts';
import { SlackSecret } from './slack/slack-secret.ts';
import { Tables } from './tables.ts';
import { AccessRecordsWatch } from './watch/access-records-watch.ts';
import { AssignmentWatch, changesBusName } from './watch/assignment-watch.ts';
import { NightlyCanary } from './watch/nightly-canary.ts';
import { AccessRecheck } from './workflow/access-recheck.ts';
import { AccessWorkflow } from './workflow/access-workflow.ts';
import { ReviewReminders } from './workflow/review-reminders.ts';
import { StoppedWorkflowRule } from './workflow/stopped-workflow-rule.ts';
import { Sweep } from './workflow/sweep.ts';

export interface GlasshammerStackProps extends StackProps {
  readonly config: CheckedConfig;
  /** Folder with one folder of bundled code per function. */
  readonly codeRoot: string;
}

const WORKFLOW_FILE = fileURLToPath(new URL('../statemachines/access.asl.json', import.meta.url));

/** The main stack: Glasshammer in one account, in the order of a request's life. */
export class GlasshammerStack extends Stack {
  constructor(scope: Construct, id: string, { config, codeRoot, ...props }: GlasshammerStackProps) {
    super(scope, id, {
      stackName: config.stackName,
      description: 'Glasshammer: temporary AWS access, asked for, always taken back, always reported.',
      env: config.env,
      // Without this stack access would not be taken back, so it must not be deleted by accident.
      terminationProtection: true,
      ...props,
    });
    const names = namesFor(config);
    const logRetention = config.logRetentionDays;

    // The access table says who may have what; the request table keeps requests and their history. Audit events go to
    // the bus and the archive.
    const tables = new Tables(this, 'Tables', config.dataKeyArn);
    const slackSecret = config.slack && new SlackSecret(this, 'SlackSecret');
    const { audit, dataKeyArn } = config;
    const auditTargets = new AuditTargets(this, 'Audit', { prefix: names.prefix, audit, dataKeyArn });
    const functions = new AccessFunctions(this, 'Functions', { config, codeRoot, tables, slackSecret, auditTargets });

    // A person asks for access in Slack. `access-requested` verifies the signature, answers and stores the request.
    const endpoint =
      config.slack &&
      new SlackEndpoint(this, 'SlackEndpoint', {
        apiName: `${names.prefix}-slack`,
        handler: functions.get('access-requested'),
        logRetention,
        domain: config.customDomain,
      });

    // Optionally, two operators change policies together. Only the API and the web console invoke this function; no
    // other function may.
    const policyChanges = config.policyChanges?.fourEyes === true ? functions.get('change-policies') : undefined;

    // Or the person asks without Slack, with a signed call of the API.
    const door =
      config.api &&
      new ApiDoor(this, 'ApiDoor', {
        apiName: `${names.prefix}-api`,
        handler: functions.get('api'),
        policyChanges,
        place: {
          ...config.env,
          partition: names.partition,
          organizationId: config.organization.id,
          fromAccounts: config.api.fromAccounts,
        },
      });

    // Or in a browser, signed in through Identity Center.
    const webConsole =
      config.console &&
      new WebConsole(this, 'Console', {
        config,
        settings: config.console,
        prefix: names.prefix,
        codeRoot,
        handler: functions.get('api'),
        policyChanges,
        notifiers: functions.reading('consoleUrl'),
      });

    // The workflow asks, grants, waits, revokes and reports.
    const workflow = new AccessWorkflow(this, 'Workflow', {
      stateMachineName: names.stateMachine,
      stateMachineArn: names.stateMachineArn,
      functions,
      definitionPath: WORKFLOW_FILE,
      logRetention,
    });

    // If the workflow dies, its access is taken back without it; the sweep does so every few minutes in any case.
    const stopped = new StoppedWorkflowRule(this, 'StoppedWorkflow', {
      stateMachineArn: names.stateMachineArn,
      revoke: functions.get('revoke-access'),
    });
    const sweep = new Sweep(this, 'Sweep', { sweep: functions.get('sweep-access') });

    // Administrators make and remove assignments too: this watches for such changes, and finds assignments that have no
    // lease.
    const { managementAccountId } = config.organization;
    const watch = new AssignmentWatch(this, 'AssignmentWatch', {
      watch: functions.get('watch-assignments'),
      ...(managementAccountId !== config.env.account && {
        managementAccount: { id: managementAccountId, busName: changesBusName(names) },
      }),
    });

    // A change of the access table applies at once.
    const records = new AccessRecordsWatch(this, 'AccessRecords', {
      tables,
      changed: functions.get('access-records-changed'),
    });

    // Afterwards the report reads what was done with the access, and approvers review break-glass access.
    const reminders = new ReviewReminders(this, 'ReviewReminders', { remind: functions.get('ask-for-approval') });
    const recheck = new AccessRecheck(this, 'AccessRecheck', { recheck: functions.get('ask-for-approval') });

    // An administrator could edit an attached session guard so that it grants access; cut-sessions looks for that.
    const guards =
      config.sessionGuard.attachedTo.length > 0 &&
      new GuardWatch(this, 'GuardWatch', { cut: functions.get('cut-sessions') });

    // Optionally, the canary user is given access and loses it every night.
    const canary =
      config.canary?.nightly && new NightlyCanary(this, 'NightlyCanary', { tryAccess: functions.get('try-access') });

    // Every event goes to the event bus and to the archive, independently of each other.
    const toBus = new AuditStream(this, 'AuditToBus', { tables, deliver: functions.get('audit-to-bus') });
    const toArchive = new AuditStream(this, 'AuditToArchive', { tables, deliver: functions.get('audit-to-archive') });

    // Alarms, if any of this fails.
    const monitoring = new Monitoring(this, 'Monitoring', {
      prefix: names.prefix,
      emails: config.alarms.emails,
      approvalChannel: config.slack?.approvalChannel,
      watched: {
        functions,
        workflow,
        ...(endpoint && { endpoint }),
        ...(door && { door }),
        ...(webConsole && { webConsole }),
        deadLetters: {
          'stopped-workflow': stopped.deadLetters,
          sweep: sweep.deadLetters,
          'assignment-watch': watch.deadLetters,
          'access-records': records.deadLetters,
          'access-recheck': recheck.deadLetters,
          'review-reminders': reminders.deadLetters,
          'audit-to-bus': toBus.deadLetters,
          'audit-to-archive': toArchive.deadLetters,
          ...(guards && { 'guard-watch': guards.deadLetters }),
          ...(canary && { 'nightly-canary': canary.deadLetters }),
        },
      },
    });

    addBudget(this, config);

    const output = (name: string, description: string, value: string) =>
      new CfnOutput(this, name, { description, value });
    if (endpoint) {
      for (const route of Object.values(SLACK_ROUTES)) {
        output(
          `Url${route.replace(/^\/slack\/(.)/, (_, c: string) => c.toUpperCase())}`,
          `Slack calls POST ${route}`,
          `${endpoint.url}${route}`,
        );
      }
    }
    if (endpoint?.domainTarget)
      output('SlackDomainTarget', 'What the address in customDomain points at', endpoint.domainTarget);
    if (door) output('ApiUrl', 'Where the command line asks, signed: GLASSHAMMER_API', door.url);
    if (webConsole) {
      output('ConsoleUrl', 'Where people ask and decide in a browser', webConsole.url);
      output('ConsoleDistribution', 'What an address of your own points at', webConsole.distributionName);
      output('ConsoleAssertionUrl', 'Application ACS URL of the Identity Center application', webConsole.assertionUrl);
      output('ConsoleAudience', 'Application SAML audience of the Identity Center application', webConsole.audience);
    }
    if (endpoint && slackSecret) {
      output(
        'SlackManifestCommand',
        'Prints the manifest of the Slack app',
        `npx glasshammer slack-manifest --url ${endpoint.url}`,
      );
      output(
        'SlackSecretArn',
        'The secret to fill in: {"signingSecret": "…", "botToken": "…"}',
        slackSecret.secret.secretArn,
      );
      output('SlackSecretCommand', 'Fills it in from a file, slack-secret.json', slackSecret.fillCommand);
    }
    output(
      'DoctorCommand',
      'Says what is still missing, and how to put it right',
      `npx glasshammer doctor --stack ${this.stackName}`,
    );
    if (config.canary) output('CanaryFunction', 'Tries access: glasshammer doctor --canary', names.canaryFunction);
    if (policyChanges)
      output('PolicyChangesFunction', 'Writes policies two operators agree on', names.policyChangesFunction);
    output('Version', 'Version of the checkout that was deployed', checkoutVersion());
    output('AccessTable', 'Who may have what: write your records here', tables.access.tableName);
    output('RequestTable', 'Requests with their history', tables.requests.tableName);
    output(
      'LongestAccess',
      'What policy explain goes by: access.maxDuration',
      formatDuration(config.access.maxDuration),
    );
    output('StateMachineArn', 'The workflow', workflow.stateMachine.stateMachineArn);
    output('ReportFunction', 'Says what was done so far with an access', names.reportFunction);
    output(AUDIT_BUCKET_OUTPUT, 'Every event for good', auditTargets.archive.bucket.bucketName);
    output('AuditBus', 'Every event as it happens', auditTargets.bus.eventBusName);
    const archive = archiveNames(this.stackName);
    output('AuditDatabase', `The archive as a table of Athena, named events: ${archive.stackName}`, archive.database);
    output('AlarmTopicArn', 'Every alarm goes here', monitoring.topic.topicArn);
    output('ReportRoleArn', 'What the activity reader roles trust', names.reportRoleArn);
  }
}
