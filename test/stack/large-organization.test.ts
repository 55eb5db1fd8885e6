import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readEnvironment } from '../../lambdas/shared/environment.ts';
import { ENVIRONMENT, FUNCTION_ENVIRONMENT } from '../../lambdas/shared/environment-names.ts';
import { defineConfig } from '../../lib/config/config.ts';
import { settingsFrom } from '../../lib/config/settings-from-config.ts';
import { pascalCase } from '../../lib/functions/access-functions.ts';
import { GlasshammerStack } from '../../lib/glasshammer-stack.ts';
import { BASE, DEPLOYED, deployedContext, flatten, only, resources, statements, stubCode } from './synthesized.ts';

const ACCOUNTS = Array.from({ length: 1000 }, (_, n) => String(300_000_000_000 + n));
const SETS = Array.from({ length: 200 }, (_, n) => ({
  name: `PermissionSetNumber${String(n).padStart(4, '0')}OfMany`,
  arn: `arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-${n.toString(16).padStart(16, '0')}`,
}));

const config = defineConfig({ ...BASE, accounts: ACCOUNTS, permissionSets: SETS });
const outdir = mkdtempSync(join(tmpdir(), 'glasshammer-large-'));
const code = stubCode();
let template: Template;
let stack: Stack;

beforeAll(() => {
  process.env.CDK_VALIDATION = 'false';
  const app = new App({ outdir, context: deployedContext() });
  stack = new GlasshammerStack(app, 'Glasshammer', { config, codeRoot: code.path });
  template = Template.fromStack(stack);
});
afterAll(() => {
  code.remove();
  rmSync(outdir, { recursive: true, force: true });
});

const roleOf = (id: string) => only(template, 'AWS::IAM::Role', id);

/** IAM counts a policy without white space; a reference becomes an ARN of at most about 150 characters. */
const sizeOf = (document: unknown) =>
  JSON.stringify(document).replace(/\{"(?:Ref|Fn::GetAtt|Fn::Join)":(?:[^{}]|\{[^{}]*\})*\}/g, 'x'.repeat(150)).length;

test('a thousand accounts and two hundred permission sets fit into every limit of a deployment', () => {
  expect(Object.keys(template.toJSON().Resources).length).toBeLessThanOrEqual(500);
  // CloudFormation's limit for a template is one megabyte.
  expect(JSON.stringify(template.toJSON()).length).toBeLessThan(1_000_000);
  for (const [, { Properties }] of resources(template, 'AWS::Lambda::Function'))
    expect(JSON.stringify(Properties.Environment.Variables).length).toBeLessThan(4_096);
});

test('no role has more or longer policies than IAM allows', () => {
  const inline = resources(template, 'AWS::IAM::Policy');
  const managed = resources(template, 'AWS::IAM::ManagedPolicy');
  for (const [id, { Properties }] of inline)
    expect([id, sizeOf(Properties.PolicyDocument) <= 10_240]).toEqual([id, true]);
  for (const [id, { Properties }] of managed)
    expect([id, sizeOf(Properties.PolicyDocument) <= 6_144]).toEqual([id, true]);
  for (const name of DEPLOYED) {
    const role = Object.keys(template.findResources('AWS::IAM::Role')).find((id) =>
      id.startsWith(`Functions${pascalCase(name)}Role`),
    );
    const attached = managed.filter(([, { Properties }]) =>
      (Properties.Roles ?? []).some((to: unknown) => flatten(to) === `<${role}>`),
    );
    if (attached.length > 10) throw new Error(`${name} has ${attached.length} managed policies`);
  }
});

test('each of them can be granted, and nothing else', () => {
  const all = statements(template).filter((s) => s.owner.startsWith('GrantAccess') && s.effect === 'Allow');
  const given = new Set(
    all.filter((s) => s.actions.includes('sso:CreateAccountAssignment')).flatMap((s) => s.resources),
  );
  const wanted = [
    BASE.instanceArn,
    ...SETS.map(({ arn }) => arn),
    ...ACCOUNTS.map((account) => `arn:aws:sso:::account/${account}`),
  ];
  expect(wanted.filter((resource) => !given.has(resource))).toEqual([]);
  expect(given.size).toBe(wanted.length);
});

test('every function finds its settings beside its code', () => {
  expect(roleOf('FunctionsGrantAccessRole')).toBeDefined();
  for (const name of DEPLOYED) {
    const keys: readonly string[] = FUNCTION_ENVIRONMENT[name];
    const asset = only(template, 'AWS::Lambda::Function', `Functions${pascalCase(name)}Function`) as unknown as {
      Metadata?: Record<string, string>;
      Properties: { Environment: { Variables: Record<string, string> }; Code: { S3Key: string } };
    };
    const folder = join(outdir, `asset.${asset.Properties.Code.S3Key.replace('.zip', '')}`);
    expect(readFileSync(join(folder, 'index.mjs'), 'utf8')).toContain(`'${name}'`);
    expect([name, existsSync(join(folder, 'settings.json'))]).toEqual([name, keys.includes('settings')]);
    if (name !== 'grant-access') continue;
    const variables = Object.fromEntries(
      Object.entries(asset.Properties.Environment.Variables).map(([key, value]) => [key, flatten(value)]),
    );
    expect(variables[ENVIRONMENT.settings]).toBe('settings.json');
    expect(readEnvironment(name, { ...variables, LAMBDA_TASK_ROOT: folder }).settings).toEqual(settingsFrom(config));
  }
});
