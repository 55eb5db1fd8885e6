import { guardNames } from '../../core/sessions/guard-policy.ts';
import type { FunctionName } from '../../lambdas/shared/environment-names.ts';
import { memberRoleArns } from '../config/names.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { readTrail } from './activity-source-rights.ts';
import { seeAlarms } from './alarm-rights.ts';
import { seeAttachedGuards } from './guard-rights.ts';
import { type IdentityCenterRights, identityCenterRights, type RightsConfig } from './identity-center-rights.ts';
import { mailOperators, sendMail } from './mail-rights.ts';
import { writePolicies } from './policy-rights.ts';
import type { Right } from './rights.ts';
import { withDataKey } from './tables/data-key-rights.ts';
import { itemRights } from './tables/item-rights.ts';
import { bothWrites, OPERATORS_WRITES, REQUEST_TABLE_WRITES } from './tables/request-table-writes.ts';
import { readStream } from './tables/stream-rights.ts';

/*
 * Plain data without the CDK: the stack makes roles from it, and the sandbox checks every call of a function with it.
 */

/** ARNs of the stack's resources that rights refer to. */
export interface OwnResources {
  readonly accessTable: string;
  readonly accessTableStream: string;
  readonly requestTable: string;
  /** Absent where there is no Slack. */
  readonly slackSecret: string | undefined;
  readonly stateMachine: string;
  /** The streams of the access table as cdk-nag names them. */
  readonly accessTableStreamsName: string;
  readonly requestTableStream: string;
  /** The streams of the request table as cdk-nag names them. */
  readonly requestTableStreamsName: string;
  readonly auditBus: string;
  /** `<bucket>/events/*`. */
  readonly auditEvents: string;
  /** The same as cdk-nag names it. */
  readonly auditEventsName: string;
  /** `<bucket>/reports/*`, the lists of calls. */
  readonly auditLists: string;
  readonly auditListsName: string;
}

/** The settings that decide about the functions' rights. */
export type FunctionRightsConfig = RightsConfig & {
  readonly dataKeyArn?: CheckedConfig['dataKeyArn'];
  readonly audit?: CheckedConfig['audit'];
  readonly personas: CheckedConfig['personas'];
  readonly sessionGuard: CheckedConfig['sessionGuard'];
  readonly stackName: CheckedConfig['stackName'];
  /** Ways to ask without Slack. Only where the configuration has one of the two do people get mail. */
  readonly api?: unknown;
  readonly console?: unknown;
  readonly report: Pick<
    CheckedConfig['report'],
    'from' | 'to' | 'roleName' | 'logs' | 'athena' | 'sesRegion' | 'configurationSet' | 'identityArn'
  >;
};

/**
 * All rights of all functions.
 *
 * Only grant-access makes assignments; only revoke-access and sweep-access remove them. No function writes the access
 * table, except that change-policies, where it is deployed, writes policies. DynamoDB authorizes a transaction as its
 * item actions, and a query of an index by the index alone.
 */
export function functionRights(
  config: FunctionRightsConfig,
  own: OwnResources,
): Record<FunctionName, readonly Right[]> {
  const center = identityCenterRights(config);
  const accessTable = (...verbs: readonly string[]) => tableRight(own.accessTable, verbs);
  const readRequests = tableRight(own.requestTable, ['GetItem']);
  const writes = (name: FunctionName) => itemRights(own.requestTable, REQUEST_TABLE_WRITES[name] ?? {});
  const { operators } = config.personas;
  const apiWrites = bothWrites(REQUEST_TABLE_WRITES.api ?? {}, operators.length > 0 ? OPERATORS_WRITES : {});
  const requestsByState: Right = { actions: ['dynamodb:Query'], resources: [`${own.requestTable}/index/by-state`] };
  const requestsByMonth: Right = { actions: ['dynamodb:Query'], resources: [`${own.requestTable}/index/by-month`] };
  const readSlackSecret: readonly Right[] =
    own.slackSecret === undefined ? [] : [{ actions: ['secretsmanager:GetSecretValue'], resources: [own.slackSecret] }];
  const executions = `${own.stateMachine.replace(':stateMachine:', ':execution:')}:*`;
  const describeExecutions: Right = {
    actions: ['states:DescribeExecution'],
    resources: [executions],
    wildcard: 'The executions of this one workflow, each named after its request; nothing can be stopped or changed.',
  };
  // What a workflow gave before it died, where the table has lost it.
  const readHistories: Right = {
    actions: ['states:GetExecutionHistory'],
    resources: [executions],
    wildcard: 'Reads only: the executions of this one workflow, each named after its request.',
  };
  const start: Right = { actions: ['states:StartExecution'], resources: [own.stateMachine] };
  // When Step Functions answers that an execution exists already, the function looks at it before it relies on that.
  const startWorkflow: readonly Right[] = [start, describeExecutions];
  const wakeWorkflow: Right = { actions: ['states:SendTaskSuccess'], resources: [own.stateMachine] };
  const decide = decideRights(center, own);
  const mailPeople =
    config.api === undefined && config.console === undefined ? [] : [...center.readUser, sendMail(config)];

  const rights: Record<FunctionName, readonly Right[]> = {
    'access-requested': [
      ...decide,
      ...center.findAccounts,
      ...center.seeAssignees,
      accessTable('GetItem'),
      readRequests,
      ...writes('access-requested'),
      requestsByState,
      ...readSlackSecret,
      ...startWorkflow,
      wakeWorkflow,
    ],
    // The same operations without Slack.
    api: [
      ...decide,
      ...center.findAccounts,
      ...center.seeAssignees,
      readRequests,
      ...itemRights(own.requestTable, apiWrites),
      requestsByState,
      // For auditors and operators, and for approvers, who see what the requester asked for before.
      requestsByMonth,
      ...seeAlarms(config),
      ...startWorkflow,
      wakeWorkflow,
    ],
    // The same operations for the canary user alone, and a look at its assignments in Identity Center.
    'try-access': [
      ...decide,
      ...center.nameAccounts,
      ...center.seeAssignments,
      readRequests,
      ...writes('try-access'),
      ...startWorkflow,
      wakeWorkflow,
    ],
    'ask-for-approval': [
      ...decide,
      readRequests,
      ...writes('ask-for-approval'),
      requestsByState,
      ...readSlackSecret,
      ...mailPeople,
      wakeWorkflow,
    ],
    // When a request joins an existing access, the workflow that holds the access is woken.
    'grant-access': [...decide, ...center.give, readRequests, ...writes('grant-access'), wakeWorkflow],
    'check-assignment': [
      ...center.followCreation,
      ...center.followRemoval,
      ...center.seeAssignments,
      // To explain why a removal fails.
      ...center.nameAccounts,
      tableRight(own.requestTable, ['GetItem', 'BatchGetItem']),
      ...writes('check-assignment'),
    ],
    'announce-access': [
      tableRight(own.requestTable, ['GetItem', 'BatchGetItem']),
      ...writes('announce-access'),
      ...readSlackSecret,
      ...mailPeople,
    ],
    'hold-access': writes('hold-access'),
    'revoke-access': [
      ...center.revokeNow,
      ...center.followCreation,
      // Where the lease item is lost, it looks among the holds for another request that has the same assignment.
      tableRight(own.requestTable, ['GetItem', 'BatchGetItem']),
      ...writes('revoke-access'),
      ...startWorkflow,
      readHistories,
    ],
    // Cannot give or remove access: it changes an account's guard policies, through a role that trusts this function
    // alone.
    'cut-sessions': [
      ...center.seeBoundaries,
      ...seeAttachedGuards(config),
      readRequests,
      ...writes('cut-sessions'),
      assumeRoles(config, guardNames(config.stackName.toLowerCase()).role),
    ],
    'sweep-access': [
      ...center.revokeNow,
      ...center.followRemoval,
      ...center.nameAccounts,
      tableRight(own.requestTable, ['GetItem', 'BatchGetItem']),
      ...writes('sweep-access'),
      requestsByState,
      ...startWorkflow,
      wakeWorkflow,
      { actions: ['states:ListExecutions'], resources: [own.stateMachine] },
      readHistories,
    ],
    // Sees all assignments and removes none: the sweep removes drift.
    'watch-assignments': [
      ...center.watch,
      ...center.followCreation,
      ...center.placeAccounts,
      readRequests,
      ...writes('watch-assignments'),
      requestsByState,
      ...readSlackSecret,
      ...(own.slackSecret === undefined ? mailOperators(config, center) : []),
      ...startWorkflow,
      wakeWorkflow,
    ],
    'report-on-access': [
      tableRight(own.requestTable, ['GetItem', 'BatchGetItem']),
      ...writes('report-on-access'),
      // To say which permission set would have been enough, of those that the requester may ask for.
      ...decide,
      ...center.readSets,
      ...readSlackSecret,
      readActivity(config),
      ...readTrail(config),
      sendMail(config),
      {
        actions: ['s3:PutObject'],
        resources: [own.auditLists],
        wildcard: 'Each list of calls is an object of its own; nothing else can be written, nothing read or deleted.',
        wildcardName: own.auditListsName,
      },
    ],
    // Authenticates the caller itself. Only API Gateway calls it, and no other function may.
    'change-policies': [
      ...decide,
      ...center.readEverything,
      accessTable('GetItem'),
      readRequests,
      ...writes('change-policies'),
      requestsByState,
      writePolicies(own.accessTable),
    ],
    'access-records-changed': [
      // To see whether a record that denies or requires something matches anybody.
      ...center.findPeople,
      ...writes('access-records-changed'),
      ...readStream(own.accessTable, own.accessTableStream, own.accessTableStreamsName),
    ],
    // Both only read the stream; neither can write a table.
    'audit-to-bus': [
      ...readStream(own.requestTable, own.requestTableStream, own.requestTableStreamsName),
      { actions: ['events:PutEvents'], resources: [own.auditBus] },
    ],
    'audit-to-archive': [
      ...readStream(own.requestTable, own.requestTableStream, own.requestTableStreamsName),
      {
        actions: ['s3:PutObject'],
        resources: [own.auditEvents],
        wildcard:
          'Each event is an object of its own; nothing outside of the events can be written, nothing read or deleted.',
        wildcardName: own.auditEventsName,
      },
    ],
  };
  const keyed = Object.entries(rights).map(([name, own]) => [name, withDataKey(own, config)]);
  return Object.fromEntries(keyed) as Record<FunctionName, readonly Right[]>;
}

/**
 * What every decision reads: policies, access records, freeze and locks, the requester, the approvers, and the target.
 */
function decideRights(center: IdentityCenterRights, own: OwnResources): Right[] {
  return [
    tableRight(own.accessTable, ['BatchGetItem', 'Scan']),
    tableRight(own.requestTable, ['BatchGetItem']),
    ...center.describeSets,
    ...center.readDirectory,
    ...center.placeAccounts,
  ];
}

function tableRight(table: string, verbs: readonly string[]): Right {
  return { actions: verbs.map((verb) => `dynamodb:${verb}`), resources: [table] };
}

/**
 * Roles in the accounts access is given in, and in the management account, where CloudTrail records who fetched
 * credentials in the access portal.
 */
function readActivity(config: FunctionRightsConfig): Right {
  const right = assumeRoles(config, config.report.roleName);
  const partition = config.instanceArn.split(':')[1] ?? 'aws';
  const portal = `arn:${partition}:iam::${config.organization.managementAccountId}:role/${config.report.roleName}`;
  const known = right.resources.some((arn) => arn === portal || arn.includes('::*:'));
  return known ? right : { ...right, resources: [...right.resources, portal] };
}

function assumeRoles(config: FunctionRightsConfig, roleName: string): Right {
  return {
    actions: ['sts:AssumeRole'],
    resources: memberRoleArns(config, roleName),
    // Excludes a role of that name in an account outside of the organization.
    conditions: { StringEquals: { 'aws:ResourceOrgID': config.organization.id } },
    wildcard:
      'The configuration says every account of the organization, or more than a policy can name; the condition keeps it to the organization.',
  };
}
