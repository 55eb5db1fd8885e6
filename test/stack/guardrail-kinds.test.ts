import { defineConfig } from '../../lib/config/config.ts';
import { ADMIN, BROWSER, CLOUDFORMATION, FOUR_EYES, HERE, isForbidden } from './guardrail-says.ts';
import { BASE, flatten, NIGHTLY_CANARY, type Resource, resources, sorted, synthesize } from './synthesized.ts';

/** Everything that the configuration can switch on. */
const ALL = { ...BROWSER, ...FOUR_EYES, canary: NIGHTLY_CANARY };
const CONFIG = defineConfig({ ...BASE, ...ALL });
const template = () => synthesize(ALL);

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:${HERE}:${rest}`;
/** The name that CloudFormation gives a resource without one: stack, logical id and a suffix. */
const made = (id: string) => `Glasshammer-${id}-1ABCDEFGHIJKL`;
const bucket = (id: string) => `arn:aws:s3:::glasshammer-${id.toLowerCase()}-1abcdefghijk`;

interface Kept {
  readonly verbs: readonly string[];
  readonly arns: readonly string[];
}

const kept = (service: string, verbs: readonly string[], ...arns: string[]): Kept => ({
  verbs: verbs.map((verb) => `${service}:${verb}`),
  arns,
});

/** For one resource of a type: what only those who deploy may do with it. */
const KEPT: Readonly<Record<string, (id: string, resource: Resource) => readonly Kept[]>> = {
  'AWS::ApiGateway::RestApi': () => [
    kept(
      'apigateway',
      ['PATCH', 'PUT', 'DELETE', 'UpdateRestApiPolicy'],
      'arn:aws:apigateway:eu-central-1::/restapis/abc123defg',
    ),
  ],
  'AWS::ApiGatewayV2::Api': () => [
    kept('apigateway', ['PATCH', 'PUT', 'POST', 'DELETE'], 'arn:aws:apigateway:eu-central-1::/apis/abc123defg/routes'),
  ],
  'AWS::CloudFront::Distribution': () => [
    kept(
      'cloudfront',
      ['UpdateDistribution', 'DeleteDistribution'],
      `arn:aws:cloudfront::${HERE}:distribution/E1ABCDEFGHIJKL`,
    ),
  ],
  'AWS::CloudFront::ResponseHeadersPolicy': () => [
    kept('cloudfront', ['UpdateResponseHeadersPolicy'], `arn:aws:cloudfront::${HERE}:response-headers-policy/1234`),
  ],
  'AWS::CloudFront::OriginAccessControl': () => [
    kept(
      'cloudfront',
      ['UpdateOriginAccessControl'],
      `arn:aws:cloudfront::${HERE}:origin-access-control/E1ABCDEFGHIJKL`,
    ),
  ],
  'AWS::CloudWatch::Alarm': (_, { Properties }) => [
    kept(
      'cloudwatch',
      [
        'DeleteAlarms',
        'DisableAlarmActions',
        'PutMetricAlarm',
        'PutCompositeAlarm',
        'PutAlarmMuteRule',
        'SetAlarmState',
      ],
      arn('cloudwatch', `alarm:${Properties.AlarmName}`),
    ),
  ],
  'AWS::Cognito::UserPool': () => [
    kept(
      'cognito-idp',
      [
        ...['AdminCreateUser', 'AdminSetUserPassword', 'AdminUpdateUserAttributes', 'AdminLinkProviderForUser'],
        ...['AdminInitiateAuth', 'CreateIdentityProvider', 'UpdateIdentityProvider', 'CreateUserPoolClient'],
        ...['UpdateUserPoolClient', 'UpdateUserPool', 'DeleteUserPool', 'CreateUserImportJob', 'SetUserPoolMfaConfig'],
      ],
      arn('cognito-idp', 'userpool/eu-central-1_AbCdEfGhI'),
    ),
  ],
  'AWS::DynamoDB::Table': (id) => [
    kept(
      'dynamodb',
      ['DeleteTable', 'UpdateTable', 'UpdateTimeToLive', 'UpdateContinuousBackups', 'PutResourcePolicy', 'PutItem'],
      arn('dynamodb', `table/${made(id)}`),
    ),
  ],
  'AWS::Events::EventBus': (_, { Properties }) => [
    kept(
      'events',
      ['DeleteEventBus', 'UpdateEventBus', 'PutEvents', 'PutPermission', 'RemovePermission'],
      arn('events', `event-bus/${Properties.Name}`),
    ),
    // AWS has no resource for these two actions.
    kept('events', ['PutPermission', 'RemovePermission'], '*'),
  ],
  'AWS::Events::Rule': (id, { Properties }) => [
    kept(
      'events',
      ['DeleteRule', 'DisableRule', 'PutRule', 'PutTargets', 'RemoveTargets'],
      arn('events', ['rule', ...busOf(Properties.EventBusName), made(id)].join('/')),
    ),
  ],
  'AWS::IAM::Role': (id, { Properties }) => [
    kept(
      'iam',
      ['CreateRole', 'PutRolePolicy', 'UpdateAssumeRolePolicy', 'DeleteRole', 'DeleteRolePolicy', 'PassRole'],
      `arn:aws:iam::${HERE}:role/${Properties.RoleName ?? made(id)}`,
    ),
  ],
  'AWS::Lambda::Function': (id, { Properties }) => {
    const name = arn('lambda', `function:${Properties.FunctionName ?? made(id)}`);
    return [
      kept(
        'lambda',
        [
          ...['UpdateFunctionCode', 'UpdateFunctionConfiguration', 'DeleteFunction', 'PutFunctionConcurrency'],
          // With a function URL or a resource policy of its own it could be called around the API.
          ...[
            'AddPermission',
            'RemovePermission',
            'CreateFunctionUrlConfig',
            'PutResourcePolicy',
            'DeleteResourcePolicy',
          ],
          ...[
            'PutFunctionEventInvokeConfig',
            'UpdateFunctionEventInvokeConfig',
            'PutRuntimeManagementConfig',
            'CreateAlias',
          ],
        ],
        name,
        `${name}:$LATEST`,
      ),
    ];
  },
  'AWS::Logs::LogGroup': (_, { Properties }) => [
    kept(
      'logs',
      ['DeleteLogGroup', 'DeleteMetricFilter', 'PutMetricFilter'],
      arn('logs', `log-group:${Properties.LogGroupName}`),
    ),
  ],
  'AWS::S3::Bucket': (id) => [
    kept('s3', ['PutBucketPolicy', 'DeleteBucketPolicy', 'DeleteBucket'], bucket(id)),
    kept('s3', ['PutObject', 'DeleteObject', 'DeleteObjectVersion'], `${bucket(id)}/events/2026/01/05/x.json`),
  ],
  'AWS::SNS::Topic': (id) => [
    kept('sns', ['DeleteTopic', 'SetTopicAttributes', 'AddPermission', 'RemovePermission'], arn('sns', made(id))),
    kept(
      'sns',
      ['Unsubscribe', 'SetSubscriptionAttributes'],
      arn('sns', `${made(id)}:2bcfbf39-05c3-41de-beaa-fcfcc21c8f55`),
    ),
  ],
  'AWS::SQS::Queue': (id) => [
    kept('sqs', ['AddPermission', 'RemovePermission', 'DeleteQueue', 'SetQueueAttributes'], arn('sqs', made(id))),
  ],
  'AWS::SecretsManager::Secret': (id) => [
    kept(
      'secretsmanager',
      ['GetSecretValue', 'PutSecretValue'],
      arn('secretsmanager', `secret:${id}-1ABCDEFGHIJK-a1B2c3`),
    ),
  ],
  'AWS::StepFunctions::StateMachine': (_, { Properties }) => [
    kept(
      'states',
      ['DeleteStateMachine', 'UpdateStateMachine'],
      arn('states', `stateMachine:${Properties.StateMachineName}`),
    ),
    kept('states', ['RedriveExecution'], arn('states', `execution:${Properties.StateMachineName}:REQUEST_ID`)),
  ],
};

/** Types that belong to another type, and are changed under its ARN. */
const PARTS: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Deployment': 'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Method': 'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Resource': 'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage': 'AWS::ApiGateway::RestApi',
  'AWS::ApiGatewayV2::Authorizer': 'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration': 'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Route': 'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Stage': 'AWS::ApiGatewayV2::Api',
  'AWS::Cognito::UserPoolClient': 'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolDomain': 'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolIdentityProvider': 'AWS::Cognito::UserPool',
  'AWS::IAM::Policy': 'AWS::IAM::Role',
  'AWS::Lambda::EventInvokeConfig': 'AWS::Lambda::Function',
  'AWS::Lambda::Permission': 'AWS::Lambda::Function',
  'AWS::Logs::MetricFilter': 'AWS::Logs::LogGroup',
  'AWS::S3::BucketPolicy': 'AWS::S3::Bucket',
  'AWS::SNS::Subscription': 'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy': 'AWS::SNS::Topic',
  'AWS::SQS::QueuePolicy': 'AWS::SQS::Queue',
  'Custom::CDKBucketDeployment': 'AWS::Lambda::Function',
};

/** Types that are not protected, and why that does no harm. */
const FREE: Readonly<Record<string, string>> = {
  'AWS::CloudWatch::Dashboard': 'is looked at, and decides nothing',
  'AWS::Lambda::EventSourceMapping': 'is kept by the functions at its end, in a test of its own',
  'AWS::Lambda::LayerVersion': 'never changes; which one a function has is part of the function',
};

function busOf(name: unknown): string[] {
  if (name === undefined) return [];
  const [, id = ''] = /^<(\w+)>$/.exec(flatten(name)) ?? [];
  return [Object.fromEntries(resources(template(), 'AWS::Events::EventBus'))[id]?.Properties.Name];
}

test.each(Object.keys(KEPT))('for each %s of the stack only those who deploy may do what matters', (type) => {
  const all = resources(template(), type);
  expect(all.length).toBeGreaterThan(0);
  for (const [id, resource] of all)
    for (const { verbs, arns } of KEPT[type]?.(id, resource) ?? [])
      for (const verb of verbs)
        for (const one of arns) {
          expect([verb, one, isForbidden(verb, one, ADMIN, CONFIG)]).toEqual([verb, one, true]);
          expect([verb, one, isForbidden(verb, one, CLOUDFORMATION, CONFIG)]).toEqual([verb, one, false]);
        }
});

test('for every type of resource in the stack these tests say whether it is protected, and with what', () => {
  const { Resources } = template().toJSON() as { Resources: Record<string, Resource> };
  const kinds = new Set(Object.values(Resources).map(({ Type }) => Type));
  const known = [...Object.keys(KEPT), ...Object.keys(PARTS), ...Object.keys(FREE)];
  expect(sorted([...kinds])).toEqual(sorted(known));
  for (const whole of Object.values(PARTS)) expect(Object.keys(KEPT)).toContain(whole);
});

test("a rule on Glasshammer's own bus is protected, and rules and buses of others are not", () => {
  const buses = resources(template(), 'AWS::Events::Rule').flatMap(([, { Properties }]) =>
    busOf(Properties.EventBusName),
  );
  expect(buses).toEqual(['glasshammer-changes']);
  // Teams that listen to the audit make rules on its bus.
  for (const rule of ['rule/glasshammer/team-siem', 'rule/team-rule', 'rule/team-bus/team-rule'])
    for (const verb of ['PutRule', 'PutTargets', 'DeleteRule'])
      expect([rule, verb, isForbidden(`events:${verb}`, arn('events', rule), ADMIN, CONFIG)]).toEqual([
        rule,
        verb,
        false,
      ]);
  expect(isForbidden('events:PutEvents', arn('events', 'event-bus/default'), ADMIN, CONFIG)).toBe(false);
  // In another account, buses belong to that account alone.
  const elsewhere = 'arn:aws:iam::123456789012:role/Team';
  expect(isForbidden('events:PutPermission', '*', elsewhere, CONFIG)).toBe(false);
});

test('the functions can still archive, publish events and deploy the console', () => {
  const role = (name: string) => `arn:aws:iam::${HERE}:role/Glasshammer-${name}-1ABC`;
  const free: [string, string, string][] = [
    ['events:PutEvents', arn('events', 'event-bus/glasshammer'), role('FunctionsAuditToBusRole')],
    ['s3:PutObject', `${bucket('AuditArchiveBucket73361C2D')}/events/x`, role('FunctionsAuditToArchiveRole')],
    ['s3:PutObject', `${bucket('ConsoleSiteBucket85EB8A4F')}/index.html`, role('CustomCDKBucketDeployment')],
    ['s3:DeleteObject', `${bucket('ConsoleSiteBucket85EB8A4F')}/index.html`, role('CustomCDKBucketDeployment')],
    ['sqs:SendMessage', arn('sqs', made('SweepDeadLettersQueueD18ECBE4')), role('FunctionsSweepAccessRole')],
    ['states:StartExecution', arn('states', 'stateMachine:glasshammer-access'), role('FunctionsAccessRequestedRole')],
  ];
  expect(free.filter(([action, resource, by]) => isForbidden(action, resource, by, CONFIG))).toEqual([]);
});
