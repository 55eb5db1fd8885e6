import { archiveNames } from '../../core/audit/questions/archive-names.ts';
import type { Expected } from '../../core/doctor/expected.ts';
import { formatDuration } from '../../core/model/duration.ts';
import type { Settings } from '../../lambdas/shared/settings.ts';
import type { Stack, World } from '../aws/world/world.ts';
import {
  ACCESS_TABLE,
  AUDIT_BUCKET,
  AUDIT_BUS,
  REPORT_FUNCTION,
  REQUEST_TABLE,
  SECRET_NAME,
  STACK_NAME,
  stateMachineArn,
  versionOf,
} from './environment.ts';

/** The prefix of the functions' names. */
export const PREFIX = 'glasshammer';

/** The stacks as CloudFormation describes them. @param url address of the sandbox */
export function deployedStacks(world: World, settings: Settings, url: string, now: Date): Stack[] {
  const glasshammer = deployedStack(world, settings, url, now);
  const { stackName: name } = archiveNames(STACK_NAME);
  return [glasshammer, { ...glasshammer, name, arn: stackArn(world, name), outputs: {} }];
}

function stackArn(world: World, name: string): string {
  return `arn:aws:cloudformation:${world.region}:${world.homeAccountId}:stack/${name}/sandbox`;
}

function deployedStack(world: World, { access, slack }: Settings, url: string, now: Date): Stack {
  return {
    name: STACK_NAME,
    arn: stackArn(world, STACK_NAME),
    status: 'CREATE_COMPLETE',
    createdAt: now.toISOString(),
    outputs: {
      AccessTable: ACCESS_TABLE,
      RequestTable: REQUEST_TABLE,
      LongestAccess: formatDuration(access.maxDurationSeconds),
      StateMachineArn: stateMachineArn(world),
      ReportFunction: REPORT_FUNCTION,
      AlarmTopicArn: world.topics[0] ?? '',
      AuditBucket: AUDIT_BUCKET,
      AuditBus: AUDIT_BUS,
      ...(slack === undefined ? {} : slackOutputs(world, url)),
      ApiUrl: `${url}/v1`,
      CanaryFunction: `${PREFIX}-try-access`,
      PolicyChangesFunction: `${PREFIX}-change-policies`,
      Version: versionOf(),
    },
  };
}

function slackOutputs(world: World, url: string): Readonly<Record<string, string>> {
  return {
    SlackSecretArn: world.secrets.find(({ name }) => name === SECRET_NAME)?.arn ?? SECRET_NAME,
    UrlInteractivity: `${url}/slack/interactivity`,
    UrlCommands: `${url}/slack/commands`,
    UrlOptions: `${url}/slack/options`,
    UrlEvents: `${url}/slack/events`,
  };
}

function retiredIn({ accounts, permissionSets, groups }: NonNullable<Settings['retired']>): Expected['retired'] {
  return {
    accounts: [...accounts],
    permissionSets: permissionSets.map((set) => ({ ...set })),
    groups: groups.map((id) => ({ id, name: id })),
  };
}

/** The sandbox's configuration, in the form with which the doctor compares a deployment. */
export function expectedOf(world: World, settings: Settings): Expected {
  const { id, managementAccountId } = world.organization;
  return {
    stackName: STACK_NAME,
    account: world.homeAccountId,
    region: world.region,
    instanceArn: world.instanceArn,
    identityStoreId: world.identityStoreId,
    organization: { id, managementAccountId, includeManagementAccount: world.includeManagementAccount },
    includeOwnAccount: false,
    accounts: settings.accounts.includes('*') ? '*' : [...settings.accounts],
    permissionSets: settings.permissionSets.map((set) => ({ ...set })),
    groups: world.groups
      .filter(({ id }) => settings.groups.includes(id))
      .map((group) => ({ id: group.id, name: group.displayName })),
    ...(settings.retired === undefined ? {} : { retired: retiredIn(settings.retired) }),
    units: world.organizationalUnits.map((unit) => unit.id),
    ...(settings.slack === undefined ? {} : { slack: { ...settings.slack, teamIds: [...settings.slack.teamIds] } }),
    report: {
      from: settings.report.from,
      to: [...settings.report.to],
      regions: [...settings.report.regions],
      roleName: settings.report.roleName,
      byStackSet: true,
    },
    alarmEmails: ['oncall@example.com'],
  };
}
