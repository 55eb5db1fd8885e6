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

test('nobody calls the API without a signature that AWS has verified', () => {
  const methods = resources(template, 'AWS::ApiGateway::Method');
  expect(methods).toHaveLength(3);
  for (const [, { Properties }] of methods) expect(Properties.AuthorizationType).toBe('AWS_IAM');
});

test('a flood of calls that are refused is told, and nobody is woken for it', () => {
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

test('a path is open to the user whose session it is, and to nobody else, the administrators of the account included', () => {
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

test("no pattern of one's own path matches the path of somebody else with one's own behind it", () => {
  const place = { partition: 'aws', region: 'eu-central-1', account: '111122223333', organizationId: 'o-a1b2c3d4e5' };
  const own = doorPolicy({ ...place, fromAccounts: '*' }).flatMap(({ resources = [], notResources = [], effect }) =>
    effect === 'Allow' ? resources : notResources,
  );
  for (const pattern of own) expect(pattern.replace(/\/\*$/, '')).not.toContain('*');
});

test('where accounts are named, sessions of others are not taken', () => {
  const narrow = synthesize({ api: { fromAccounts: ['123456789012'] } });
  const named = { 'aws:PrincipalAccount': ['123456789012'] };
  expect(policyIn(narrow).map(({ Condition }) => Condition)).toContainEqual({ StringNotEquals: named });
  expect(policyIn(narrow)[0]?.Condition?.StringEquals).toMatchObject(named);
});

test('whoever does not ask for an API has none, and no function that could answer', () => {
  const { api: _api, ...config } = BASE;
  const without = synthesize({ ...config, api: undefined });
  expect(resources(without, 'AWS::ApiGateway::RestApi')).toEqual([]);
  const names = resources(without, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties.FunctionName);
  expect(names).not.toContain('glasshammer-api');
  expect(Object.keys(without.toJSON().Outputs)).not.toContain('ApiUrl');
});

test('calls are counted out, so that the functions of the account are left to the revoke', () => {
  const [settings] = only(template, 'AWS::ApiGateway::Stage').Properties.MethodSettings;
  expect(settings).toMatchObject({ ThrottlingRateLimit: 25, ThrottlingBurstLimit: 100 });
  const permissions = resources(template, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
  const ofApi = permissions.filter(({ FunctionName }) => flatten(FunctionName).includes('Api'));
  expect(ofApi.length).toBeGreaterThan(0);
  for (const { Principal } of ofApi) expect(Principal).toBe('apigateway.amazonaws.com');
});

test('a policy that was changed is in force with the deployment: API Gateway goes by the policy of the last one', () => {
  const deploymentOf = (from: Template) => resources(from, 'AWS::ApiGateway::Deployment').map(([id]) => id);
  const narrow = synthesize({ api: { fromAccounts: ['123456789012'] } });
  expect(deploymentOf(narrow)).toHaveLength(1);
  expect(deploymentOf(narrow)).not.toEqual(deploymentOf(template));
});
