import type { FunctionName } from '../lambdas/environment-names.ts';
import type { CheckedConfig } from './config-schema.ts';
import { type IdentityCenterRights, identityCenterRights } from './identity-center-rights.ts';
import type { Right } from './rights.ts';

/** ARNs of what the stack makes, as far as rights name them. */
export interface OwnResources {
  readonly accessTable: string;
  readonly accessTableStream: string;
  readonly requestTable: string;
  readonly slackSecret: string;
  readonly stateMachine: string;
  /** ARNs of the roles that let a report look up events, one per account, or one pattern for all. */
  readonly activityReaders: readonly string[];
  /** How the checks name the streams of the access table. */
  readonly accessTableStreamsName: string;
}

/**
 * Who may do what: the whole of it, a function a paragraph.
 *
 * Only grant-access makes assignments; only revoke-access and sweep-access remove them; nobody writes the access table, least
 * of all who serves Slack. Transactions on DynamoDB are authorized as the item actions they are made of.
 */
export function functionRights(config: CheckedConfig, own: OwnResources): Record<FunctionName, readonly Right[]> {
  const center = identityCenterRights(config);
  const readAccessTable: Right = {
    actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Scan'],
    resources: [own.accessTable],
  };
  const requestTable = (...verbs: readonly string[]): Right => ({
    actions: verbs.map((verb) => `dynamodb:${verb}`),
    resources: [own.requestTable],
  });
  const requestsByState: Right = { actions: ['dynamodb:Query'], resources: [`${own.requestTable}/index/by-state`] };
  const readSlackSecret: Right = { actions: ['secretsmanager:GetSecretValue'], resources: [own.slackSecret] };
  const startWorkflow: Right = { actions: ['states:StartExecution'], resources: [own.stateMachine] };
  const decide = decideRights(center, readAccessTable);

  return {
    'access-requested': [
      ...decide,
      requestTable('BatchGetItem', 'ConditionCheckItem', 'GetItem', 'PutItem', 'UpdateItem'),
      requestsByState,
      readSlackSecret,
      startWorkflow,
      { actions: ['states:SendTaskSuccess'], resources: [own.stateMachine] },
    ],
    'ask-for-approval': [...decide, requestTable('BatchGetItem', 'GetItem', 'UpdateItem'), readSlackSecret],
    'grant-access': [...decide, ...center.give, requestTable('BatchGetItem', 'GetItem', 'UpdateItem')],
    'check-assignment': [...center.follow, requestTable('DeleteItem', 'GetItem', 'UpdateItem')],
    'announce-access': [requestTable('GetItem', 'UpdateItem'), readSlackSecret],
    'hold-access': [requestTable('GetItem', 'UpdateItem')],
    'revoke-access': [...center.takeBack, requestTable('DeleteItem', 'GetItem', 'UpdateItem'), startWorkflow],
    'sweep-access': [
      ...center.takeBack,
      ...center.follow,
      requestTable('DeleteItem', 'GetItem', 'UpdateItem'),
      requestsByState,
      startWorkflow,
    ],
    'report-on-access': [
      requestTable('GetItem', 'PutItem', 'UpdateItem'),
      readSlackSecret,
      readActivity(config, own),
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

/** What the decision reads, wherever it is made: the records, the person, the account, the permission set. */
function decideRights(center: IdentityCenterRights, readAccessTable: Right): Right[] {
  return [readAccessTable, ...center.describeSets, ...center.readDirectory, ...center.readOrganization];
}

function readActivity(config: CheckedConfig, own: OwnResources): Right {
  return {
    actions: ['sts:AssumeRole'],
    resources: own.activityReaders,
    // A role of that name in somebody else's account is not ours to assume, whoever made it.
    conditions: { StringEquals: { 'aws:ResourceOrgID': config.organization.id } },
    wildcard: 'The configuration says every account of the organization; the condition keeps it to the organization.',
  };
}

/**
 * SES authorizes the sender's identity, which is the address or its domain, whichever was verified. While the account is in the
 * SES sandbox it authorizes the verified recipients as well.
 */
function sendMail(config: CheckedConfig): Right {
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
