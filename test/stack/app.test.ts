import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, type Stack, Validations } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import { config as example } from '../../glasshammer.config.ts';
import { defineConfig } from '../../lib/config/config.ts';
import type { GlasshammerConfig } from '../../lib/config/glasshammer-config.ts';
import { glasshammerApp } from '../../lib/glasshammer-app.ts';
import { BASE, deployedContext, sorted, stubCode } from './synthesized.ts';

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly conclusion: string;
    readonly suppressedViolations?: readonly { readonly ruleName: string; readonly reason: string }[];
  }[];
}

/** Synthesizes with all checks. Each synthesis takes seconds, so there are as few as possible. */
function synth(config: ReturnType<typeof defineConfig>, change: (app: App) => void = () => {}) {
  delete process.env.CDK_VALIDATION;
  const code = stubCode();
  const outdir = mkdtempSync(join(tmpdir(), 'glasshammer-app-'));
  const said: string[] = [];
  const silenced = [
    jest.spyOn(console, 'error').mockImplementation((text) => void said.push(String(text))),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0),
  ];
  const exitCode = process.exitCode;
  try {
    const app = glasshammerApp(config, code.path, { outdir, context: deployedContext() });
    change(app);
    let failed = false;
    let assembly: ReturnType<App['synth']> | undefined;
    try {
      assembly = app.synth();
    } catch (error) {
      failed = true;
      said.push(String(error));
    }
    failed ||= process.exitCode === 1;
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as Report;
    // Read at once, because the folder with the templates is removed.
    const stacks = [
      ...(assembly?.stacks ?? []),
      ...(assembly?.nestedAssemblies.flatMap((nested) => nested.nestedAssembly.stacks) ?? []),
    ].map(({ stackName, tags, template }) => ({ stackName, tags, template: template as unknown }));
    return { assembly, stacks, report, failed, said: said.join('\n') };
  } finally {
    process.exitCode = exitCode;
    process.env.CDK_VALIDATION = 'false';
    for (const spy of silenced) spy.mockRestore();
    code.remove();
    rmSync(outdir, { recursive: true, force: true });
  }
}

// First the configuration with the most types of resources: the rules are loaded once for the types they meet.
test('a configuration with everything switched on passes the same checks', () => {
  const everything: GlasshammerConfig = {
    ...BASE,
    env: { account: '999999999999', region: 'eu-central-1' },
    organization: { ...BASE.organization, includeManagementAccount: true },
    accounts: '*',
    groups: [{ name: 'OnCall', id: 'a1b2c3d4-5678-90ab-cdef-111111111111' }],
    kmsKeyArn: 'arn:aws:kms:eu-central-1:999999999999:key/11111111-2222-3333-4444-555555555555',
    report: { ...BASE.report, deployToOus: ['ou-ab12-34cd56ef'] },
    guardrail: { targets: ['r-ab12'] },
    console: { samlMetadataUrl: 'https://portal.sso.eu-central-1.amazonaws.com/saml/metadata/MTExMTIyMjIzMzMz' },
    reservedConcurrency: { accessRequested: 50, revokeAccess: 10 },
    tags: { 'cost-center': '4711' },
    budgets: { monthly: 10, onlyTag: 'cost-center' },
    vpc: { subnetIds: ['subnet-0a1b2c3d', 'subnet-1a2b3c4d'], securityGroupIds: ['sg-0a1b2c3d'] },
    customDomain: {
      name: 'glasshammer.example.com',
      certificateArn: 'arn:aws:acm:eu-central-1:999999999999:certificate/11111111-2222-3333-4444-555555555555',
    },
    audit: { bucket: 'example-audit' },
    permissionsBoundary: 'arn:aws:iam::999999999999:policy/CompanyBoundary',
  };
  const { stacks, failed, said } = synth(defineConfig(everything));
  expect({ failed, said }).toEqual({ failed: false, said: expect.any(String) });
  expect(stacks.map(({ stackName }) => stackName)).toContain('GlasshammerReaders');
  const roles = stacks.flatMap(({ template, tags }) => {
    expect(tags).toEqual({ 'cost-center': '4711' });
    const { Resources } = template as {
      Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
    };
    return Object.values(Resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
  });
  expect(roles.length).toBeGreaterThan(13);
  for (const { Properties } of roles)
    expect(Properties.PermissionsBoundary).toBe('arn:aws:iam::999999999999:policy/CompanyBoundary');
});

test('the example configuration passes all checks as it stands, and each exception has a reason', () => {
  const { assembly, report, failed, said } = synth(example);
  expect({ failed, said }).toEqual({ failed: false, said: expect.any(String) });
  const nag = report.pluginReports.find(({ pluginName }) => pluginName === 'AwsSolutions');
  expect(nag?.conclusion).toBe('success');
  expect(report.pluginReports.filter(({ conclusion }) => conclusion !== 'success')).toEqual([]);
  const reasons = (nag?.suppressedViolations ?? []).map(({ reason }) => reason);
  expect(reasons.length).toBeGreaterThan(0);
  expect(reasons.filter((reason) => reason.length < 40)).toEqual([]);
  const rules = new Set(nag?.suppressedViolations?.map(({ ruleName }) => ruleName.replace(/\[.*/, '')));
  expect(sorted([...rules])).toEqual([
    'AwsSolutions-APIG4',
    'AwsSolutions-IAM5',
    'AwsSolutions-S1',
    'AwsSolutions-SMG4',
    'AwsSolutions-SQS3',
  ]);

  // `npx cdk deploy` takes the stacks at the top level and those they depend on.
  expect(assembly?.stacks.map(({ stackName }) => stackName)).toEqual(['Glasshammer']);
  const [glasshammer] = assembly?.stacks ?? [];
  expect(glasshammer?.terminationProtection).toBe(true);
  expect(glasshammer?.dependencies.filter(({ manifest }) => manifest.type === 'aws:cloudformation:stack')).toEqual([]);
  expect(
    assembly?.nestedAssemblies.flatMap((nested) => nested.nestedAssembly.stacks.map(({ stackName }) => stackName)),
  ).toEqual(['GlasshammerAudit', 'GlasshammerChangeForwarder', 'GlasshammerPortalReader', 'GlasshammerActivityReader']);
});

test('the checks work: an unexplained wildcard and an invalid table property each stop a deployment', () => {
  const { failed, report } = synth(example, (app) => {
    const stack = app.node.findChild('Glasshammer') as Stack;
    new CfnPolicy(stack, 'Sneaky', {
      policyName: 'sneaky',
      users: ['somebody'],
      policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] },
    });
    const table = new CfnTable(stack, 'Odd', { keySchema: [{ attributeName: 'id', keyType: 'HASH' }] });
    table.addPropertyOverride('NoSuchProperty', true);
    Validations.of(table).acknowledge({ id: 'AwsSolutions::AwsSolutions-DDB3', reason: 'not what this test is about' });
  });
  expect(failed).toBe(true);
  expect(
    report.pluginReports.filter(({ conclusion }) => conclusion !== 'success').map(({ pluginName }) => pluginName),
  ).toEqual(expect.arrayContaining(['AwsSolutions']));
  expect(report.pluginReports.filter(({ conclusion }) => conclusion !== 'success').length).toBeGreaterThanOrEqual(2);
});
