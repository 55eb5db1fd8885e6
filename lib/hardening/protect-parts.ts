import { changesBusName } from '../watch/assignment-watch.ts';
import type { Forbidden, StatementKit } from './statement-kit.ts';

/** Protects the parts that decide and record: tables, rules, functions, the workflow, the streams and the APIs. */
export function protectParts(kit: StatementKit): Forbidden[] {
  const { config, names, arn, buses, ownRoles, deployers, forbid } = kit;
  const { prefix } = names;
  return [
    // A resource policy on a table or function could let in principals of any account, also of accounts that no service
    // control policy binds. A function that an attacker creates with one of Glasshammer's roles could do all that the
    // role may.
    forbid(
      'Parts',
      [
        'dynamodb:DeleteR*',
        'dynamodb:DeleteTable',
        'dynamodb:PutR*',
        'dynamodb:UpdateC*',
        'dynamodb:UpdateT*',
        'events:DeleteEventBus',
        'events:DeleteRule',
        'events:DisableRule',
        'events:PutR*',
        'events:PutT*',
        'events:R*',
        'events:UpdateEventBus',
        'iam:PassRole',
        'lambda:*Permission',
        'lambda:Create*',
        'lambda:Delete*',
        'lambda:Put*',
        'lambda:Update*',
        'sqs:*Permission',
        'sqs:DeleteQueue',
        'sqs:SetQueueAttributes',
        'states:DeleteStateMachine',
        'states:RedriveExecution',
        'states:UpdateStateMachine',
      ],
      [
        arn('dynamodb', `table/${config.stackName}-Tables*`),
        // A rule's ARN contains the name of its bus, except on the default bus.
        arn('events', `rule/${config.stackName}-*`),
        arn('events', `rule/${changesBusName(names)}/*`),
        ...buses,
        arn('lambda', `function:${prefix}-*`),
        // Functions that CDK adds (custom resources) have generated names that begin with the stack's name.
        arn('lambda', `function:${config.stackName}-*`),
        arn('sqs', `${config.stackName}-*`),
        // A failed execution that is redriven would continue with the decision of its first run.
        arn('states', `execution:${prefix}-*`),
        arn('states', `stateMachine:${prefix}-*`),
        ...ownRoles,
      ],
      deployers,
    ),
    busStatement(kit),
    streamsStatement(kit),
    ...doorStatements(kit),
    alarmStatement(kit),
  ];
}

/**
 * Protects the alarms that tell people that access does not end or that a record was forged, with the log groups and
 * metric filters they count by and the topic they publish to.
 */
function alarmStatement({ config, names, arn, deployers, forbid }: StatementKit): Forbidden {
  return forbid(
    'Alarms',
    [
      'cloudwatch:DeleteAlarms',
      'cloudwatch:DisableAlarmActions',
      'cloudwatch:Put*Alarm',
      'cloudwatch:PutAlarmMuteRule',
      'cloudwatch:SetAlarmState',
      'logs:DeleteLogGroup',
      'logs:DeleteMetricFilter',
      'logs:PutMetricFilter',
      'sns:*Permission',
      'sns:DeleteTopic',
      'sns:SetTopic*',
    ],
    [
      arn('cloudwatch', `alarm:${names.prefix}-*`),
      arn('logs', `log-group:/aws/*/${names.prefix}-*`),
      arn('sns', `${config.stackName}-*`),
    ],
    deployers,
  );
}

/**
 * A bus policy decides whose events are accepted, and a topic's subscriptions decide who gets the alarms. These actions
 * support no resource-level permissions, so the statement covers every bus and subscription of this account.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
 */
function busStatement(kit: StatementKit): Forbidden {
  const { deployers, forbid } = kit;
  const actions = [
    'events:PutPermission',
    'events:RemovePermission',
    'sns:SetSubscriptionAttributes',
    'sns:Unsubscribe',
  ];
  return inOwnAccount(forbid('Buses', actions, ['*'], deployers), kit);
}

/** Limits a statement to principals of Glasshammer's account, where the resource's ARN names no account or is `*`. */
function inOwnAccount(statement: Forbidden, { config }: StatementKit): Forbidden {
  const own = { 'aws:PrincipalAccount': config.env.account };
  return { ...statement, Condition: { ...statement.Condition, StringEquals: own } };
}

/**
 * Protects the event source mappings by which the functions learn of each write to the tables. Without the mappings no
 * edit by hand is noticed and no event is archived; a mapping of another stream would report writes that never
 * happened. A mapping's ARN is not known before it exists, but its function's is. IAM compares each of an ARN's six
 * parts separately, so the pattern has all six.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html (`lambda:FunctionArn`)
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html (ARN condition operators)
 */
function streamsStatement({ names, arn, deployers, forbid }: StatementKit): Forbidden {
  const streams = forbid('Streams', ['lambda:*eEventSourceMapping'], ['*'], deployers);
  const functions = arn('lambda', `function:${names.prefix}-*`);
  return { ...streams, Condition: { ...streams.Condition, ArnLike: { 'lambda:FunctionArn': functions } } };
}

/**
 * API Gateway tells the functions who the caller is. An attacker who changes the API's resource policy or authorizer,
 * or invokes the functions directly, can act as any caller. With a web console, so can an attacker who changes its user
 * pool, and one who changes its page acts as everybody who opens it. An API's ARN contains no account, and ids are not
 * known in advance, so the statement covers every API, user pool and distribution of this account.
 */
function doorStatements(kit: StatementKit): Forbidden[] {
  const { config, names, arn, bucket, ownRoles, deployers, forbid } = kit;
  const { account, region } = config.env;
  const { partition, prefix, policyChangesFunction } = names;
  const kinds = [...(config.api ? ['restapis'] : []), ...(config.console ? ['apis'] : [])];
  if (kinds.length === 0) return [];
  const apis = kinds.map((kind) => `arn:${partition}:apigateway:${region}::/${kind}/*`);
  const change = ['DELETE', 'PATCH', 'POST', 'PUT', 'UpdateRestApiPolicy'].map((verb) => `apigateway:${verb}`);
  const behind = [`${prefix}-api`, ...(config.policyChanges === undefined ? [] : [policyChangesFunction])];
  // A call of a version or alias, `$LATEST` included, is authorized against an ARN that ends with its name.
  const functions = behind.map((name) => arn('lambda', `function:${name}*`));
  const site = bucket(`${prefix}-consolesitebucket*`);
  const page = config.console && {
    actions: [
      'cloudfront:DeleteDistribution',
      'cloudfront:Update*',
      ...['AdminC*', 'AdminI*', 'AdminLinkP*', 'AdminSet*', 'AdminU*', 'Create*', 'Delete*', 'Set*', 'Update*'].map(
        (verb) => `cognito-idp:${verb}`,
      ),
      's3:DeleteBucket*',
      's3:PutBucketPolicy',
    ],
    resources: [`arn:${partition}:cloudfront::${account}:*`, arn('cognito-idp', 'userpool/*'), site],
  };
  const door = forbid(
    'Door',
    [...change, 'lambda:Invoke*', ...(page?.actions ?? [])],
    [...apis, ...functions, ...(page?.resources ?? [])],
    deployers,
  );
  if (page === undefined) return [inOwnAccount(door, kit)];
  return [
    inOwnAccount(door, kit),
    // A function that CDK adds writes the console's files; its role is one of the stack's own roles.
    forbid('Site', ['s3:DeleteObject*', 's3:PutObject*'], [site], [...ownRoles, ...deployers]),
  ];
}
