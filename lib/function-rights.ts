import type { FunctionName } from '../lambdas/environment-names.ts';
import type { CheckedConfig } from './config-schema.ts';
import { type IdentityCenterRights, identityCenterRights, type RightsConfig } from './identity-center-rights.ts';
import { activityReaderArns } from './names.ts';
import type { Right } from './rights.ts';

/*
 * Plain data, free of the CDK: the stack makes roles of it, and the sandbox holds every call of a function against it.
 */

/** ARNs of what the stack makes, as far as rights name them. */
export interface OwnResources {
  readonly accessTable: string;
  readonly accessTableStream: string;
  readonly requestTable: string;
  readonly slackSecret: string;
  readonly stateMachine: string;
  /** How the checks name the streams of the access table. */
  readonly accessTableStreamsName: string;
}

/** What of a configuration decides about the rights of functions. */
export type FunctionRightsConfig = RightsConfig & {
  readonly report: Pick<CheckedConfig['report'], 'from' | 'to' | 'roleName'>;
};

/** What the role in each account may do, which the report assumes. */
export const ACTIVITY_READER_RIGHTS: readonly Right[] = [
  {
    actions: ['cloudtrail:LookupEvents'],
    resources: ['*'],
    wildcard: 'CloudTrail knows no resources for LookupEvents; it reads the events of this account alone.',
  },
];

/**
 * Who may do what: the whole of it, a function a paragraph.
 *
 * Only grant-access makes assignments; only revoke-access and sweep-access remove them; nobody writes the access table, least
 * of all who serves Slack. Transactions on DynamoDB are authorized as the item actions they are made of, a query of an index
 * by the index alone.
 */
export function functionRights(
  config: FunctionRightsConfig,
  own: OwnResources,
): Record<FunctionName, readonly Right[]> {
  const center = identityCenterRights(config);
  const accessTable = (...verbs: readonly string[]) => tableRight(own.accessTable, verbs);
  const requestTable = (...verbs: readonly string[]) => tableRight(own.requestTable, verbs);
  const requestsByState: Right = { actions: ['dynamodb:Query'], resources: [`${own.requestTable}/index/by-state`] };
  const readSlackSecret: Right = { actions: ['secretsmanager:GetSecretValue'], resources: [own.slackSecret] };
  const startWorkflow: Right = { actions: ['states:StartExecution'], resources: [own.stateMachine] };
  const wakeWorkflow: Right = { actions: ['states:SendTaskSuccess'], resources: [own.stateMachine] };
  const decide = decideRights(center, own);

  return {
    'access-requested': [
      ...decide,
      ...center.findAccounts,
      accessTable('GetItem'),
      requestTable('GetItem', 'PutItem', 'UpdateItem'),
      requestsByState,
      readSlackSecret,
      startWorkflow,
      wakeWorkflow,
    ],
    'ask-for-approval': [
      ...decide,
      // A review that is owed no more is deleted; the request it belongs to never is.
      requestTable('DeleteItem', 'GetItem', 'UpdateItem'),
      requestsByState,
      readSlackSecret,
      wakeWorkflow,
    ],
    'grant-access': [...decide, ...center.give, requestTable('GetItem', 'UpdateItem')],
    'check-assignment': [
      ...center.followCreation,
      ...center.followRemoval,
      requestTable('DeleteItem', 'GetItem', 'UpdateItem'),
    ],
    'announce-access': [requestTable('GetItem', 'PutItem', 'UpdateItem'), readSlackSecret],
    'hold-access': [requestTable('UpdateItem')],
    'revoke-access': [...center.takeBack, requestTable('DeleteItem', 'GetItem', 'UpdateItem'), startWorkflow],
    'sweep-access': [
      ...center.takeBack,
      ...center.followRemoval,
      requestTable('DeleteItem', 'GetItem', 'UpdateItem'),
      requestsByState,
      startWorkflow,
    ],
    'report-on-access': [
      requestTable('GetItem', 'PutItem', 'UpdateItem'),
      readSlackSecret,
      readActivity(config),
      sendMail(config),
    ],
    'access-records-changed': [
      requestTable('UpdateItem'),
      {
        actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        resources: [own.accessTableStream],
      },
      {
        actions: ['dynamodb:ListStreams'],
        resources: [`${own.accessTable}/stream/*`],
        wildcard: 'Lists the streams of this one table; AWS asks for it before it reads the stream.',
        wildcardName: own.accessTableStreamsName,
      },
    ],
  };
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

function readActivity(config: FunctionRightsConfig): Right {
  return {
    actions: ['sts:AssumeRole'],
    resources: activityReaderArns(config),
    // A role of that name in somebody else's account is not ours to assume, whoever made it.
    conditions: { StringEquals: { 'aws:ResourceOrgID': config.organization.id } },
    wildcard: 'The configuration says every account of the organization; the condition keeps it to the organization.',
  };
}

/**
 * SES authorizes the sender's identity, which is the address or its domain, whichever was verified. While the account is in the
 * SES sandbox it authorizes the verified recipients as well.
 */
function sendMail(config: FunctionRightsConfig): Right {
  const partition = config.instanceArn.split(':')[1] ?? 'aws';
  const { from, to } = config.report;
  const identities = new Set([from, from.split('@')[1] ?? from, ...to]);
  return {
    actions: ['ses:SendEmail'],
    resources: [...identities].map(
      (identity) => `arn:${partition}:ses:${config.env.region}:${config.env.account}:identity/${identity}`,
    ),
    conditions: { StringEquals: { 'ses:FromAddress': from } },
  };
}
