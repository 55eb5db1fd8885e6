import type { Template } from 'aws-cdk-lib/assertions';
import { doorPolicy } from '../../lib/rights/door-policy.ts';
import { BASE, flatten, only, resources, sorted, synthesize } from './synthesized.ts';

let template: Template;
beforeAll(() => {
  template = synthesize();
});

interface Written {
  readonly Effect: string;
  readonly Principal: unknown;
  readonly Action: string;
  readonly Resource?: string | string[];
  readonly NotResource?: string | string[];
  readonly Condition?: Record<string, Record<string, unknown>>;
}

const policyIn = (from: Template): Written[] => only(from, 'AWS::ApiGateway::RestApi').Properties.Policy.Statement;

test('nobody can call the API without a signature that AWS has verified', () => {
  const methods = resources(template, 'AWS::ApiGateway::Method');
  expect(methods).toHaveLength(3);
  for (const [, { Properties }] of methods) expect(Properties.AuthorizationType).toBe('AWS_IAM');
});

test('a flood of refused calls raises a low alarm, which wakes nobody', () => {
  const alarms = resources(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  expect(alarms.filter(({ MetricName }) => MetricName === '4XXError')).toEqual([
    expect.objectContaining({
      AlarmName: 'glasshammer-low-api-flood',
      Namespace: 'AWS/ApiGateway',
      Dimensions: [{ Name: 'ApiName', Value: 'glasshammer-api' }],
      Statistic: 'Sum',
      Period: 300,
      Threshold: 1000,
    }),
  ]);
});

test("a person's path is open only to that person's session, not even to administrators of the account", () => {
  const variable = ['$', '{identitystore:UserId}'].join('');
  const own = `arn:aws:execute-api:eu-central-1:111122223333:??????????/v1/GET/people/${variable}/*`;
  const statements = policyIn(template);
  const allow = statements.filter(({ Effect }) => Effect === 'Allow');
  expect(allow).toHaveLength(1);
  expect(allow[0]?.Resource).toContain(own);
  expect(allow[0]?.Condition).toEqual({
    StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
    ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*' },
  });
  const denied = statements.filter(({ Effect }) => Effect === 'Deny');
  const elsewhere = denied.find(({ NotResource }) => NotResource !== undefined)?.NotResource;
  expect(sorted([elsewhere ?? []].flat())).toEqual(sorted([allow[0]?.Resource ?? []].flat()));
  expect(denied.map(({ Condition }) => Condition).filter(Boolean)).toEqual([
    { Null: { 'identitystore:UserId': 'true' } },
    { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*' } },
  ]);
  for (const { Action, Principal } of statements)
    expect([Action, Principal]).toEqual(['execute-api:Invoke', { AWS: '*' }]);
});

test("a path that begins like another person's never matches the pattern of one's own path", () => {
  const place = { partition: 'aws', region: 'eu-central-1', account: '111122223333', organizationId: 'o-a1b2c3d4e5' };
  const own = doorPolicy({ ...place, fromAccounts: '*' }).flatMap(({ resources = [], notResources = [], effect }) =>
    effect === 'Allow' ? resources : notResources,
  );
  for (const pattern of own) expect(pattern.replace(/\/\*$/, '')).not.toContain('*');
});

test('sessions of other accounts are refused where accounts are named', () => {
  const narrow = synthesize({ api: { fromAccounts: ['123456789012'] } });
  const named = { 'aws:PrincipalAccount': ['123456789012'] };
  expect(policyIn(narrow).map(({ Condition }) => Condition)).toContainEqual({ StringNotEquals: named });
  expect(policyIn(narrow)[0]?.Condition?.StringEquals).toMatchObject(named);
});

test('without an API in the configuration there is no API and no function to answer it', () => {
  const { api: _api, ...config } = BASE;
  const without = synthesize({ ...config, api: undefined });
  expect(resources(without, 'AWS::ApiGateway::RestApi')).toEqual([]);
  const names = resources(without, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties.FunctionName);
  expect(names).not.toContain('glasshammer-api');
  expect(Object.keys(without.toJSON().Outputs)).not.toContain('ApiUrl');
});

test("calls are throttled, so that the account's Lambda concurrency is left to the revoke", () => {
  const [settings] = only(template, 'AWS::ApiGateway::Stage').Properties.MethodSettings;
  expect(settings).toMatchObject({ ThrottlingRateLimit: 25, ThrottlingBurstLimit: 100 });
  const permissions = resources(template, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
  const ofApi = permissions.filter(({ FunctionName }) => flatten(FunctionName).includes('Api'));
  expect(ofApi.length).toBeGreaterThan(0);
  for (const { Principal } of ofApi) expect(Principal).toBe('apigateway.amazonaws.com');
});

test('a changed resource policy makes a new deployment, because API Gateway applies the policy only with one', () => {
  const deploymentOf = (from: Template) => resources(from, 'AWS::ApiGateway::Deployment').map(([id]) => id);
  const narrow = synthesize({ api: { fromAccounts: ['123456789012'] } });
  expect(deploymentOf(narrow)).toHaveLength(1);
  expect(deploymentOf(narrow)).not.toEqual(deploymentOf(template));
});
