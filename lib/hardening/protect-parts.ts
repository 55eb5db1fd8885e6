import { changesBusName } from '../watch/assignment-watch.ts';
import type { Forbidden, Ground } from './guardrail-ground.ts';

/** What decides and remembers: tables, rules, functions, the workflow, the streams and the doors. */
export function protectParts(ground: Ground): Forbidden[] {
  const { config, names, arn, buses, ownRoles, deployers, forbid } = ground;
  const { prefix } = names;
  return [
    // A policy of a table or a function lets in whom it names, of whatever account, and binds where no policy of theirs does. A function
    // that anybody makes under a role of ours may do what ours may.
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
        // The ARN of a rule has the name of its bus in it, unless that is the default one.
        arn('events', `rule/${config.stackName}-*`),
        arn('events', `rule/${changesBusName(names)}/*`),
        ...buses,
        arn('lambda', `function:${prefix}-*`),
        // What CDK brings along has no name of ours.
        arn('lambda', `function:${config.stackName}-*`),
        arn('sqs', `${config.stackName}-*`),
        // One that failed, begun again where it stopped, would go by what it had decided then.
        arn('states', `execution:${prefix}-*`),
        arn('states', `stateMachine:${prefix}-*`),
        ...ownRoles,
      ],
      deployers,
    ),
    busStatement(ground),
    streamsStatement(ground),
    ...doorStatements(ground),
    alarmStatement(ground),
  ];
}

/** Those who are woken when access does not end, or a record was forged: alarms, what they count, and whom they reach. */
function alarmStatement({ config, names, arn, deployers, forbid }: Ground): Forbidden {
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
 * The policy of a bus says whose events are believed, and the subscriptions of a topic who is woken. These actions know no resource, so it is about every bus and
 * subscription of this account.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
 */
function busStatement(ground: Ground): Forbidden {
  const { deployers, forbid } = ground;
  const actions = [
    'events:PutPermission',
    'events:RemovePermission',
    'sns:SetSubscriptionAttributes',
    'sns:Unsubscribe',
  ];
  return inOwnAccount(forbid('Buses', actions, ['*'], deployers), ground);
}

/** For what is named by no account in its ARN, or by none at all. */
function inOwnAccount(statement: Forbidden, { config }: Ground): Forbidden {
  const own = { 'aws:PrincipalAccount': config.env.account };
  return { ...statement, Condition: { ...statement.Condition, StringEquals: own } };
}

/**
 * The streams by which the functions learn of each write to the tables: without them no edit by hand is noticed and no event is archived,
 * and one from elsewhere would tell of writes that never were. A mapping's own ARN is not known before there is one; that of its function is.
 * Each of the six parts of an ARN is compared for itself, so the pattern has all of them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html (`lambda:FunctionArn`)
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html (ARN condition operators)
 */
function streamsStatement({ names, arn, deployers, forbid }: Ground): Forbidden {
  const streams = forbid('Streams', ['lambda:*eEventSourceMapping'], ['*'], deployers);
  const functions = arn('lambda', `function:${names.prefix}-*`);
  return { ...streams, Condition: { ...streams.Condition, ArnLike: { 'lambda:FunctionArn': functions } } };
}

/**
 * What says who calls is API Gateway: whoever changes the policy or the authorizer of the API, or calls a function past it, is whoever
 * they say. With a console so is whoever changes its user pool, and whoever changes its page acts as everybody who opens it. The ARN of an API
 * has no account in it, and ids are not known before there is one; so it is about every API, pool and distribution of this account.
 */
function doorStatements(ground: Ground): Forbidden[] {
  const { config, names, arn, bucket, ownRoles, deployers, forbid } = ground;
  const { account, region } = config.env;
  const { partition, prefix, policyChangesFunction } = names;
  const kinds = [...(config.api ? ['restapis'] : []), ...(config.console ? ['apis'] : [])];
  if (kinds.length === 0) return [];
  const apis = kinds.map((kind) => `arn:${partition}:apigateway:${region}::/${kind}/*`);
  const change = ['DELETE', 'PATCH', 'POST', 'PUT', 'UpdateRestApiPolicy'].map((verb) => `apigateway:${verb}`);
  const behind = [`${prefix}-api`, ...(config.policyChanges === undefined ? [] : [policyChangesFunction])];
  // Who calls a version or an alias, $LATEST too, is held against an ARN that ends with it.
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
  if (page === undefined) return [inOwnAccount(door, ground)];
  return [
    inOwnAccount(door, ground),
    // Its files are put there by a function that CDK brings along.
    forbid('Site', ['s3:DeleteObject*', 's3:PutObject*'], [site], [...ownRoles, ...deployers]),
  ];
}
