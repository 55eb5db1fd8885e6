import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { prefixOf } from '../../cli/guard/services.ts';
import {
  deniesOnly,
  guardNames,
  OPEN_ATTACHED_GUARD,
  OPEN_GUARD,
  readGuardDocument,
} from '../../core/sessions/guard-policy.ts';
import { activityReaderTemplate } from '../../lib/activity/activity-reader-stack.ts';
import { PortalReaderStack } from '../../lib/activity/portal-reader-stack.ts';
import { ReaderStackSet } from '../../lib/activity/reader-stack-set.ts';
import { defineConfig } from '../../lib/config/config.ts';
import type { GlasshammerConfig } from '../../lib/config/glasshammer-config.ts';
import { namesFor } from '../../lib/config/names.ts';
import { settingsFrom } from '../../lib/config/settings-from-config.ts';
import { guardrailPolicies } from '../../lib/hardening/guardrail.ts';
import { BASE, only, resources, statements, synthesize } from './synthesized.ts';

const report = { ...BASE.report, deployToOus: ['ou-ab12-34cd56ef'] };

beforeAll(() => {
  process.env.CDK_VALIDATION = 'false';
});

describe('the reader role in the accounts', () => {
  const reader = () => Template.fromJSON(activityReaderTemplate(defineConfig(BASE)));

  test('it may read CloudTrail events and list Regions, and do nothing else', () => {
    const policies = resources(reader(), 'AWS::IAM::Policy').map(
      ([, { Properties }]) => Properties.PolicyDocument.Statement,
    );
    expect(policies[0]).toEqual([
      { Effect: 'Allow', Action: ['cloudtrail:LookupEvents', 'account:ListRegions'], Resource: '*' },
    ]);
    // Besides the reader: the guard's policy, its role, and that role's rights.
    expect(Object.keys(reader().toJSON().Resources)).toHaveLength(5);
  });

  test('the session guard denies nobody as it is deployed, and Glasshammer can read it', () => {
    const { Properties } = only(reader(), 'AWS::IAM::ManagedPolicy');
    expect(Properties).toMatchObject({ ManagedPolicyName: 'SessionGuard', Path: '/glasshammer/' });
    expect(readGuardDocument(JSON.stringify(Properties.PolicyDocument))).toEqual(OPEN_GUARD);
  });

  test("the guard's role may write versions of that one policy, and only the function that cuts sessions may assume it", () => {
    const role = only(reader(), 'AWS::IAM::Role', 'SessionGuard');
    expect(role.Properties.RoleName).toBe('GlasshammerSessionGuard');
    expect(role.Properties.AssumeRolePolicyDocument.Statement).toMatchObject([
      {
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/glasshammer-cut-sessions' },
          StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
        },
      },
    ]);
    const [may, ...more] = only(reader(), 'AWS::IAM::Policy', 'SessionGuard').Properties.PolicyDocument.Statement;
    expect(more).toEqual([]);
    expect(may.Action).toEqual([
      'iam:CreatePolicyVersion',
      'iam:DeletePolicyVersion',
      'iam:GetPolicy',
      'iam:GetPolicyVersion',
      'iam:ListPolicyVersions',
    ]);
    expect(JSON.stringify(may.Resource)).toContain(':policy/glasshammer/SessionGuard');
  });

  test('a second guard policy that only denies, and the right to write it, exist only for those who opted in', () => {
    const opted = Template.fromJSON(
      activityReaderTemplate(defineConfig({ ...BASE, sessionGuard: { attachedTo: ['BreakGlassAdmin'] } })),
    );
    const policies = resources(opted, 'AWS::IAM::ManagedPolicy').map(([, { Properties }]) => Properties);
    expect(policies.map(({ Path, ManagedPolicyName }) => `${Path}${ManagedPolicyName}`)).toEqual([
      '/glasshammer/SessionGuard',
      '/glasshammer/SessionGuardAttached',
    ]);
    const text = JSON.stringify(policies[1].PolicyDocument);
    expect(readGuardDocument(text, 'attached')).toEqual(OPEN_ATTACHED_GUARD);
    expect(deniesOnly(text)).toBe(true);
    const [may] = only(opted, 'AWS::IAM::Policy', 'SessionGuard').Properties.PolicyDocument.Statement;
    expect(JSON.stringify(may.Resource)).toMatch(/SessionGuard"\].*SessionGuardAttached"\]/);
    // The first policy does not change when somebody opts in, so an update does not undo a cut.
    expect(policies[0]).toEqual(only(reader(), 'AWS::IAM::ManagedPolicy').Properties);
  });

  test('two deployments in one organization have guards of their own, and every part of each uses its own', () => {
    const config = defineConfig({
      ...BASE,
      stackName: 'Emergency-Access',
      sessionGuard: { attachedTo: ['BreakGlassAdmin'] },
    });
    const namesIn = (configured: typeof config) => {
      const template = Template.fromJSON(activityReaderTemplate(configured));
      const names = ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Role'].flatMap((type) =>
        resources(template, type).map(([, { Properties }]) => Properties.ManagedPolicyName ?? Properties.RoleName),
      );
      // IAM compares names without regard to case, and ignores the path.
      return names.map((name: string) => name.toLowerCase());
    };
    const mine = namesIn(config);
    expect(mine).toHaveLength(4);
    expect(mine.filter((name) => namesIn(defineConfig(BASE)).includes(name))).toEqual([]);

    const { policies, role } = guardNames(settingsFrom(config).sessionGuard.prefix);
    expect(mine).toEqual(
      expect.arrayContaining([policies.boundary.name, policies.attached.name, role].map((name) => name.toLowerCase())),
    );
    const { stateMachineArn } = namesFor(config);
    expect(guardNames(prefixOf(stateMachineArn))).toEqual({ policies, role });
    const [may] = statements(synthesize({ stackName: 'Emergency-Access' })).filter(
      ({ owner, actions }) => owner === 'CutSessions' && actions.includes('sts:AssumeRole'),
    );
    expect(may?.resources).toContain(`arn:aws:iam::123456789012:role/${role}`);
    const said = JSON.stringify(guardrailPolicies(config));
    for (const name of [`role/${role}`, `policy${policies.boundary.path}${policies.boundary.name}*`])
      expect(said).toContain(name);
    expect(said).not.toMatch(/glasshammer\/SessionGuard|GlasshammerSessionGuard/);
  });

  test('only the report function of this deployment, from this organization, may assume it', () => {
    const role = only(reader(), 'AWS::IAM::Role', 'Role');
    expect(role.Properties.RoleName).toBe('GlasshammerActivityReader');
    expect(role.Properties.AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Condition: {
            ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/glasshammer-report-on-access' },
            StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
          },
        },
      ],
    });
  });

  test('the role that it trusts is the role that the report function has', () => {
    const named = resources(synthesize(), 'AWS::IAM::Role').filter(([, { Properties }]) => Properties.RoleName);
    expect(named.map(([id, { Properties }]) => [id.slice(0, 27), Properties.RoleName])).toEqual([
      ['FunctionsGrantAccessRole0D9', 'glasshammer-grant-access'],
      ['FunctionsRevokeAccessRole62', 'glasshammer-revoke-access'],
      ['FunctionsCutSessionsRole7AE', 'glasshammer-cut-sessions'],
      ['FunctionsReportOnAccessRole', 'glasshammer-report-on-access'],
      ['FunctionsSweepAccessRole5C4', 'glasshammer-sweep-access'],
    ]);
  });

  test('it needs no CDK bootstrap in the account and is one file', () => {
    const template = reader().toJSON();
    expect(template.Parameters).toBeUndefined();
    expect(template.Rules).toBeUndefined();
    expect(JSON.stringify(template)).not.toContain('cdk-hnb659fds');
  });
});

describe('the reader role in the account that owns Identity Center', () => {
  const portal = () =>
    Template.fromStack(new PortalReaderStack(new App(), 'PortalReader', { config: defineConfig(BASE) }));

  test('it is the same role, for the same report function, and comes without a guard', () => {
    const theirs = only(Template.fromJSON(activityReaderTemplate(defineConfig(BASE))), 'AWS::IAM::Role', 'Role');
    const { Type, Properties } = only(portal(), 'AWS::IAM::Role', 'Role');
    expect([Type, Properties]).toEqual([theirs.Type, theirs.Properties]);
    expect(resources(portal(), 'AWS::IAM::ManagedPolicy')).toEqual([]);
    expect(resources(portal(), 'AWS::IAM::Role')).toHaveLength(1);
  });
});

describe('the StackSet', () => {
  const stackSet = (overrides: Partial<GlasshammerConfig>) => {
    const stack = new ReaderStackSet(new App(), 'StackSet', { config: defineConfig({ ...BASE, ...overrides }) });
    return resources(Template.fromStack(stack), 'AWS::CloudFormation::StackSet').map(
      ([, { Properties }]) => Properties,
    )[0];
  };

  test('it is in no stack that grants or removes access, so that its failure rolls nothing else back', () => {
    expect(resources(synthesize({ report }), 'AWS::CloudFormation::StackSet')).toEqual([]);
  });

  test('two deployments in one organization have StackSets and roles of their own', () => {
    const other = { report, stackName: 'Emergency' };
    expect(stackSet(other).StackSetName).toBe('EmergencyActivityReader');
    const role = only(Template.fromJSON(JSON.parse(stackSet(other).TemplateBody)), 'AWS::IAM::Role', 'Role');
    expect(role.Properties.RoleName).toBe('EmergencyActivityReader');
    expect(JSON.stringify(role.Properties.AssumeRolePolicyDocument)).toContain('role/emergency-report-on-access');
  });

  test('a permissions boundary given by name is that of the account the role is deployed to', () => {
    const { TemplateBody } = stackSet({ report, permissionsBoundary: 'CompanyBoundary' });
    const role = only(Template.fromJSON(JSON.parse(TemplateBody)), 'AWS::IAM::Role', 'Role');
    expect(JSON.stringify(role.Properties.PermissionsBoundary)).toMatch(/AccountId\}?:policy\/CompanyBoundary/);
  });

  test('new accounts of the units get the role by themselves', () => {
    expect(stackSet({ report })).toMatchObject({
      PermissionModel: 'SERVICE_MANAGED',
      CallAs: 'DELEGATED_ADMIN',
      AutoDeployment: { Enabled: true },
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      StackInstancesGroup: [
        { DeploymentTargets: { OrganizationalUnitIds: ['ou-ab12-34cd56ef'] }, Regions: ['eu-central-1'] },
      ],
    });
    expect(JSON.parse(stackSet({ report }).TemplateBody)).toEqual(
      activityReaderTemplate(defineConfig({ ...BASE, report })),
    );
  });

  test('from the management account it is called as itself', () => {
    expect(stackSet({ report, env: { account: '999999999999', region: 'eu-central-1' } }).CallAs).toBe('SELF');
  });
});
