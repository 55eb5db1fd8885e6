import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { defineConfig } from '../../lib/config/config.ts';
import type { GlasshammerConfig } from '../../lib/config/glasshammer-config.ts';
import { guardrailPolicies, MOST_CHARACTERS } from '../../lib/hardening/guardrail.ts';
import { GuardrailStack } from '../../lib/hardening/guardrail-stack.ts';
import {
  ADMIN,
  BROWSER,
  CLOUDFORMATION,
  configured,
  FOUR_EYES,
  HERE,
  isForbidden,
  PIPELINE,
  statementsOf,
} from './guardrail-says.ts';
import { BASE, resources, synthesize } from './synthesized.ts';

const FUNCTION = `arn:aws:iam::${HERE}:role/Glasshammer-FunctionsGrantAccessRole1234`;
const ACCESS_TABLE = `arn:aws:dynamodb:eu-central-1:${HERE}:table/Glasshammer-TablesAccessFC9D8B84-1ABC`;
const GRANT_ROLE = `arn:aws:iam::${HERE}:role/Glasshammer-FunctionsGrantAccessRole1234`;

test('an administrator of the account cannot change the tables, roles, code or archive of Glasshammer', () => {
  const kept: [string, string][] = [
    ['dynamodb:PutItem', ACCESS_TABLE],
    ['dynamodb:DeleteTable', ACCESS_TABLE],
    ...['Attach', 'Detach', 'Put', 'Delete'].map((verb): [string, string] => [`iam:${verb}RolePolicy`, GRANT_ROLE]),
    ...['Put', 'Delete'].map((verb): [string, string] => [`iam:${verb}RolePermissionsBoundary`, GRANT_ROLE]),
    ['iam:DeleteRole', GRANT_ROLE],
    ['iam:UpdateRole', GRANT_ROLE],
    ['iam:UpdateAssumeRolePolicy', `arn:aws:iam::${HERE}:role/glasshammer-report-on-access`],
    ['lambda:UpdateFunctionCode', `arn:aws:lambda:eu-central-1:${HERE}:function:glasshammer-grant-access`],
    ['states:UpdateStateMachine', `arn:aws:states:eu-central-1:${HERE}:stateMachine:glasshammer-access`],
    ['lambda:InvokeFunction', `arn:aws:lambda:eu-central-1:${HERE}:function:glasshammer-api`],
    ['apigateway:UpdateRestApiPolicy', 'arn:aws:apigateway:eu-central-1::/restapis/abc123defg'],
    ['events:DisableRule', `arn:aws:events:eu-central-1:${HERE}:rule/Glasshammer-SweepRule1234`],
    ['s3:PutBucketPolicy', 'arn:aws:s3:::glasshammer-auditarchivebucket1234-abcd'],
    ['iam:PutRolePolicy', 'arn:aws:iam::123456789012:role/GlasshammerActivityReader'],
  ];
  for (const [action, resource] of kept) {
    expect([action, isForbidden(action, resource, ADMIN)]).toEqual([action, true]);
    if (!resource.includes('123456789012'))
      expect([action, isForbidden(action, resource, CLOUDFORMATION)]).toEqual([action, false]);
  }
});

const DEPLOYER = `arn:aws:iam::${HERE}:role/platform/Deployer`;

test('an administrator cannot become a role that the policy lets through, nor pass such a role', () => {
  const config = configured({ targets: ['r-ab12'], policyWriters: [PIPELINE], deployers: [DEPLOYER] });
  const letThrough = new Set(statementsOf(config).flatMap(({ Condition }) => Condition.ArnNotLike['aws:PrincipalArn']));
  expect(letThrough.size).toBeGreaterThan(5);
  for (const pattern of letThrough) {
    // A role of that name would be made, or an existing one changed to trust somebody else.
    const name = pattern.replaceAll('*', 'mine');
    for (const action of ['iam:CreateRole', 'iam:UpdateAssumeRolePolicy', 'iam:PutRolePolicy', 'iam:AttachRolePolicy'])
      expect([pattern, action, isForbidden(action, name, ADMIN, config)]).toEqual([pattern, action, true]);
  }
  // A function of the administrator's with one of these roles could give access.
  for (const role of [GRANT_ROLE, `arn:aws:iam::${HERE}:role/glasshammer-grant-access`, CLOUDFORMATION])
    expect(isForbidden('iam:PassRole', role, ADMIN)).toBe(role !== CLOUDFORMATION);
  expect(isForbidden('iam:PassRole', GRANT_ROLE, CLOUDFORMATION)).toBe(false);
});

test('nobody can share a table or function by a resource policy, or cut a schedule off from its function', () => {
  // A resource policy could name a principal of an account that no service control policy binds.
  for (const verb of ['Put', 'Delete'])
    expect(isForbidden(`dynamodb:${verb}ResourcePolicy`, ACCESS_TABLE, ADMIN)).toBe(true);
  expect(isForbidden('dynamodb:PutResourcePolicy', `${ACCESS_TABLE}/stream/2026-01-05T00:00:00.000`, ADMIN)).toBe(true);
  // Without its permission, the rule calls the sweep in vain.
  const sweep = `arn:aws:lambda:eu-central-1:${HERE}:function:glasshammer-sweep-access`;
  for (const action of ['AddPermission', 'RemovePermission', 'PutFunctionConcurrency', 'UpdateFunctionConfiguration'])
    expect(isForbidden(`lambda:${action}`, sweep, ADMIN)).toBe(true);
});

test('nobody can cut or add a reader of the streams by which each write to the tables is noticed and archived', () => {
  const mapping = `arn:aws:lambda:eu-central-1:${HERE}:event-source-mapping:fa123456-14a1-4fd2-9fec-83de64ad683d`;
  const archiver = `arn:aws:lambda:eu-central-1:${HERE}:function:glasshammer-audit-to-archive`;
  const forbidden = (verb: string, by: string, functionArn: string) =>
    isForbidden(`lambda:${verb}EventSourceMapping`, verb === 'Create' ? '*' : mapping, by, configured(), {
      'lambda:FunctionArn': functionArn,
    });
  for (const verb of ['Create', 'Update', 'Delete']) {
    expect([verb, forbidden(verb, ADMIN, archiver)]).toEqual([verb, true]);
    expect([verb, forbidden(verb, CLOUDFORMATION, archiver)]).toEqual([verb, false]);
    expect([verb, forbidden(verb, ADMIN, archiver.replace('glasshammer-', 'team-'))]).toEqual([verb, false]);
  }
  for (const verb of ['Get', 'List']) expect([verb, forbidden(verb, ADMIN, archiver)]).toEqual([verb, false]);
});

test('people, the doctor and operators can still read and ask what they need', () => {
  const table = ACCESS_TABLE;
  const fn = (name: string) => `arn:aws:lambda:eu-central-1:${HERE}:function:glasshammer-${name}`;
  const rule = `arn:aws:events:eu-central-1:${HERE}:rule/Glasshammer-SweepRule1234`;
  const workflow = `arn:aws:states:eu-central-1:${HERE}:stateMachine:glasshammer-access`;
  const archive = 'arn:aws:s3:::glasshammer-auditarchivebucket1234-abcd';
  const free: [string, string][] = [
    ...['GetItem', 'Query', 'Scan', 'BatchGetItem', 'PartiQLSelect', 'DescribeTable', 'GetResourcePolicy'].map(
      (verb): [string, string] => [`dynamodb:${verb}`, table],
    ),
    ...['GetRole', 'GetRolePolicy', 'ListRolePolicies', 'ListAttachedRolePolicies'].map((verb): [string, string] => [
      `iam:${verb}`,
      GRANT_ROLE,
    ]),
    ...['GetFunction', 'GetFunctionConfiguration', 'GetPolicy', 'GetFunctionConcurrency'].map(
      (verb): [string, string] => [`lambda:${verb}`, fn('grant-access')],
    ),
    ...['try-access', 'cut-sessions', 'report-on-access'].map((name): [string, string] => [
      'lambda:InvokeFunction',
      fn(name),
    ]),
    ...['DescribeRule', 'ListTargetsByRule'].map((verb): [string, string] => [`events:${verb}`, rule]),
    ...['DescribeStateMachine', 'ListExecutions', 'StartExecution'].map((verb): [string, string] => [
      `states:${verb}`,
      workflow,
    ]),
    ...['GetBucketPolicy', 'GetLifecycleConfiguration', 'GetEncryptionConfiguration', 'ListBucket'].map(
      (verb): [string, string] => [`s3:${verb}`, archive],
    ),
    ['s3:GetObject', `${archive}/events/x`],
    ['iam:CreateRole', `arn:aws:iam::${HERE}:role/Team`],
    ['iam:PassRole', `arn:aws:iam::${HERE}:role/Team`],
  ];
  expect(free.filter(([action, resource]) => isForbidden(action, resource, ADMIN))).toEqual([]);
});

test('functions that trust API Gateway to say who calls can be called through API Gateway alone', () => {
  const fn = (name: string) => `arn:aws:lambda:eu-central-1:${HERE}:function:glasshammer-${name}`;
  const { api: _api, ...rest } = BASE;
  // Not even by policy writers, who may call all other functions.
  const invoked = (written: GlasshammerConfig) => {
    const config = defineConfig({ ...written, guardrail: { targets: ['r-ab12'], policyWriters: [PIPELINE] } });
    const found = ['api', 'change-policies'].filter((name) =>
      isForbidden('lambda:InvokeFunction', fn(name), PIPELINE, config),
    );
    // A call that names a version uses another ARN.
    for (const by of [ADMIN, PIPELINE])
      for (const name of found)
        expect(isForbidden('lambda:InvokeFunction', `${fn(name)}:$LATEST`, by, config)).toBe(true);
    return found;
  };
  expect(invoked(BASE)).toEqual(['api']);
  expect(invoked({ ...rest, ...BROWSER })).toEqual(['api']);
  expect(invoked({ ...BASE, ...FOUR_EYES })).toEqual(['api', 'change-policies']);
  expect(invoked({ ...rest, ...BROWSER, ...FOUR_EYES })).toEqual(['api', 'change-policies']);
  expect(invoked(rest)).toEqual([]);
  // In an HTTP API, which the console has, the authorizer says who calls.
  const authorizer = 'arn:aws:apigateway:eu-central-1::/apis/abc123defg/authorizers/x1y2z3';
  expect(isForbidden('apigateway:PATCH', authorizer, ADMIN, defineConfig({ ...rest, ...BROWSER }))).toBe(true);
  expect(isForbidden('apigateway:PATCH', authorizer, ADMIN, defineConfig(rest))).toBe(false);
});

test('an administrator of an account cannot loosen its session guards, nor make one that allows something', () => {
  const there = 'arn:aws:iam::123456789012';
  const admin = `${there}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_AdministratorAccess_0123456789abcdef`;
  for (const name of ['SessionGuard', 'SessionGuardAttached'])
    for (const action of ['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion', 'iam:DeletePolicyVersion']) {
      const policy = `${there}:policy/glasshammer/${name}`;
      expect(isForbidden(action, policy, admin)).toBe(true);
      expect(isForbidden(action, policy, `${there}:role/GlasshammerSessionGuard`)).toBe(false);
      expect(isForbidden(action, `${there}:policy/team/Own`, admin)).toBe(false);
    }
  expect(isForbidden('iam:UpdateAssumeRolePolicy', `${there}:role/GlasshammerSessionGuard`, admin)).toBe(true);
});

test('functions can still write what they must, a policy writer what it was given, and neither can change a role', () => {
  for (const verb of ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchGetItem'])
    expect(isForbidden(`dynamodb:${verb}`, ACCESS_TABLE, FUNCTION)).toBe(false);
  expect(isForbidden('iam:PutRolePolicy', GRANT_ROLE, FUNCTION)).toBe(true);
  const config = configured({ targets: ['r-ab12'], policyWriters: [PIPELINE] });
  expect(isForbidden('dynamodb:PutItem', ACCESS_TABLE, PIPELINE, config)).toBe(false);
  expect(isForbidden('iam:PutRolePolicy', GRANT_ROLE, PIPELINE, config)).toBe(true);
  expect(
    isForbidden('iam:PutRolePolicy', 'arn:aws:iam::123456789012:role/GlasshammerActivityReader', PIPELINE, config),
  ).toBe(true);
});

test('the names that the policy protects are those of the template', () => {
  const template = synthesize();
  for (const [id] of resources(template, 'AWS::DynamoDB::Table')) expect(id).toMatch(/^Tables/);
  // CloudFormation names a bucket after its stack and logical id, in lower case.
  expect(resources(template, 'AWS::S3::Bucket').map(([id]) => id.toLowerCase())).toEqual([
    expect.stringMatching(/^auditarchivebucket/),
  ]);
  for (const [, { Properties }] of resources(template, 'AWS::Lambda::Function'))
    expect(Properties.FunctionName).toMatch(/^glasshammer-/);
});

test("the API is protected in Glasshammer's account alone, and not at all if there is none", () => {
  expect(statementsOf(configured()).find(({ Sid }) => Sid === 'Door')?.Condition.StringEquals).toEqual({
    'aws:PrincipalAccount': HERE,
  });
  const { api: _api, ...config } = BASE;
  expect(JSON.stringify(statementsOf(defineConfig(config)))).not.toMatch(/restapis|glasshammer-api/);
});

test("with a bucket of the organization, Glasshammer's earlier archive stays protected, too", () => {
  const config = defineConfig({ ...BASE, audit: { bucket: 'example-audit' } });
  for (const bucket of ['example-audit', 'glasshammer-auditarchivebucket1234-abcd']) {
    expect(isForbidden('s3:PutBucketPolicy', `arn:aws:s3:::${bucket}`, ADMIN, config)).toBe(true);
    expect(isForbidden('s3:DeleteObjectVersion', `arn:aws:s3:::${bucket}/events/x`, ADMIN, config)).toBe(true);
  }
});

test('the policies fit into the limit of Organizations, with the longest stack name and lists', () => {
  const arn = `arn:aws:iam::${HERE}:role/${'x'.repeat(64)}`;
  const config = defineConfig({
    ...BASE,
    ...BROWSER,
    ...FOUR_EYES,
    stackName: 'G'.repeat(32),
    audit: { bucket: 'b'.repeat(63) },
    guardrail: { targets: ['r-ab12'], policyWriters: [arn], deployers: [arn] },
  });
  for (const policy of Object.values(guardrailPolicies(config)))
    expect(JSON.stringify(policy).length).toBeLessThanOrEqual(MOST_CHARACTERS);
  const many = configured({ targets: ['r-ab12'], policyWriters: Array.from({ length: 20 }, () => arn) });
  expect(() => new GuardrailStack(new App(), 'Guardrail', { config: many })).toThrow(
    /guardrail: the policy has \d+ characters.*name fewer policyWriters/,
  );
});

test('the stack attaches the policies where the configuration says, and nowhere else', () => {
  const template = Template.fromStack(
    new GuardrailStack(new App(), 'Guardrail', { config: configured({ targets: ['ou-ab12-34cd56ef'] }) }),
  );
  const policies = resources(template, 'AWS::Organizations::Policy');
  expect(policies.map(([id, { Properties }]) => [id, Properties.Name])).toEqual([
    ['Policy', 'GlasshammerGuardrail'],
    ['Parts', 'GlasshammerGuardrailParts'],
  ]);
  for (const [, { Properties }] of policies)
    expect(Properties).toMatchObject({ Type: 'SERVICE_CONTROL_POLICY', TargetIds: ['ou-ab12-34cd56ef'] });
  // A statement that moves between the two policies is in the second before it leaves the first.
  expect(policies[0]?.[1].DependsOn).toEqual(['Parts']);
  expect(() => configured({ targets: ['Production'] })).toThrow(/guardrail.targets\[0\]: "Production" is no target/);
});

test('the policies in the documentation are those that are deployed', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/hardening.md'), 'utf8');
  const written = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, policy = '']) => JSON.parse(policy));
  const { records, parts } = guardrailPolicies(configured());
  expect(written).toEqual([records, parts]);
});
