import { guardNames } from '../../core/sessions/guard-policy.ts';
import type { FunctionName } from '../../lambdas/shared/environment-names.ts';
import { memberRoleArns } from '../config/names.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { readTrail } from './activity-source-rights.ts';
import { seeAlarms } from './alarm-rights.ts';
import { withDataKey } from './data-key-rights.ts';
import { seeAttachedGuards } from './guard-rights.ts';
import { type IdentityCenterRights, identityCenterRights, type RightsConfig } from './identity-center-rights.ts';
import { itemRights } from './item-rights.ts';
import { mailOperators, sendMail } from './mail-rights.ts';
import { writePolicies } from './policy-rights.ts';
import { bothWrites, OPERATORS_WRITES, REQUEST_TABLE_WRITES } from './request-table-writes.ts';
import type { Right } from './rights.ts';
import { readStream } from './stream-rights.ts';

/*
 * Plain data, free of the CDK: the stack makes roles of it, and the sandbox holds every call of a function against it.
 */

/** ARNs of what the stack makes, as far as rights name them. */
export interface OwnResources {
  readonly accessTable: string;
  readonly accessTableStream: string;
  readonly requestTable: string;
  /** Absent where there is no Slack. */
  readonly slackSecret: string | undefined;
  readonly stateMachine: string;
  /** How the checks name the streams of the access table. */
  readonly accessTableStreamsName: string;
  readonly requestTableStream: string;
  /** How the checks name the streams of the request table. */
  readonly requestTableStreamsName: string;
  readonly auditBus: string;
  /** `<bucket>/events/*`. */
  readonly auditEvents: string;
  /** How the checks name them. */
  readonly auditEventsName: string;
  /** `<bucket>/reports/*`, the lists of calls. */
  readonly auditLists: string;
  readonly auditListsName: string;
}

/** What of a configuration decides about the rights of functions. */
export type FunctionRightsConfig = RightsConfig & {
  readonly dataKeyArn?: CheckedConfig['dataKeyArn'];
  readonly audit?: CheckedConfig['audit'];
  readonly personas: CheckedConfig['personas'];
  readonly sessionGuard: CheckedConfig['sessionGuard'];
  readonly stackName: CheckedConfig['stackName'];
  /** The doors by which somebody without Slack comes; only where there is one are people written to. */
  readonly api?: unknown;
  readonly console?: unknown;
  readonly report: Pick<
    CheckedConfig['report'],
    'from' | 'to' | 'roleName' | 'logs' | 'athena' | 'sesRegion' | 'configurationSet' | 'identityArn'
  >;
};

/**
 * Who may do what: the whole of it, a function a paragraph.
 *
 * Only grant-access makes assignments; only revoke-access and sweep-access remove them; nobody writes the access table, least
 * of all who serves Slack, but change-policies, where there is one, and that only policies. Transactions on DynamoDB are authorized as the item actions they are made of, a query of an index
 * by the index alone.
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
  // Whether one is there already is looked at, before it is believed.
  const startWorkflow: readonly Right[] = [
    { actions: ['states:StartExecution'], resources: [own.stateMachine] },
    describeExecutions,
  ];
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
    // The same verbs without Slack.
    api: [
      ...decide,
      ...center.findAccounts,
      ...center.seeAssignees,
      readRequests,
      ...itemRights(own.requestTable, apiWrites),
      requestsByState,
      // For auditors and operators, and for whoever decides about somebody: what that person asked for before.
      requestsByMonth,
      ...seeAlarms(config),
      ...startWorkflow,
      wakeWorkflow,
    ],
    // The same verbs for one user, whom nobody is, and a look at what Identity Center has.
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
    // A request that joins an access wakes the workflow that holds it.
    'grant-access': [...decide, ...center.give, readRequests, ...writes('grant-access'), wakeWorkflow],
    'check-assignment': [
      ...center.followCreation,
      ...center.followRemoval,
      // Why a removal fails.
      ...center.nameAccounts,
      readRequests,
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
      readRequests,
      ...writes('revoke-access'),
      // Where the lease item is lost, it looks for another request that holds the same.
      requestsByState,
      ...startWorkflow,
      // What a workflow gave that died, where the table has lost it.
      {
        actions: ['states:GetExecutionHistory'],
        resources: [executions],
        wildcard: 'Reads only: the executions of this one workflow, each named after its request.',
      },
    ],
    // Neither gives nor takes access: it changes one policy an account, through a role that trusts this function alone.
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
    ],
    // Sees everything and removes nothing: what has to go is removed by the sweep.
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
      // Which permission set the person may ask for would have been enough.
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
    // Proves who calls by itself: it is called by API Gateway alone, and no other function may call it.
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
      // Whether a record that forbids something forbids it to anybody.
      ...center.findPeople,
      ...writes('access-records-changed'),
      ...readStream(own.accessTable, own.accessTableStream, own.accessTableStreamsName),
    ],
    // Both only read what has happened; neither can touch a table.
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

/** What the decision reads, wherever it is made: the records and the switches, the person, the approvers, the target. */
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

/** In the accounts access is given in, and in the one that owns Identity Center, which records who fetched credentials. */
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
    // A role of that name in somebody else's account is not ours to assume, whoever made it.
    conditions: { StringEquals: { 'aws:ResourceOrgID': config.organization.id } },
    wildcard:
      'The configuration says every account of the organization, or more than a policy can name; the condition keeps it to the organization.',
  };
}
