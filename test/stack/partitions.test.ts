import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '../../lib/config/config.ts';
import type { GlasshammerConfig } from '../../lib/config/glasshammer-config.ts';
import { glasshammerApp } from '../../lib/glasshammer-app.ts';
import { BASE, deployedContext, stubCode } from './synthesized.ts';

/** The base configuration in another partition. */
function elsewhere(partition: string, region: string): GlasshammerConfig {
  const there = (arn: string) => arn.replace('arn:aws:', `arn:${partition}:`);
  return {
    ...BASE,
    env: { account: BASE.env.account, region },
    instanceArn: there(BASE.instanceArn),
    permissionSets: BASE.permissionSets.map(({ name, arn }) => ({ name, arn: there(arn) })),
    report: { ...BASE.report, regions: [region] },
  };
}

/** Every template of an app, including those of its stages. */
function templatesOf(config: GlasshammerConfig): { readonly name: string; readonly text: string }[] {
  process.env.CDK_VALIDATION = 'false';
  const code = stubCode();
  const outdir = mkdtempSync(join(tmpdir(), 'glasshammer-partition-'));
  try {
    const assembly = glasshammerApp(defineConfig(config), code.path, { outdir, context: deployedContext() }).synth();
    const nested = assembly.nestedAssemblies.flatMap(({ nestedAssembly }) => nestedAssembly.stacks);
    return [...assembly.stacks, ...nested].map(({ stackName, template }) => ({
      name: stackName,
      text: JSON.stringify(template),
    }));
  } finally {
    code.remove();
    rmSync(outdir, { recursive: true, force: true });
  }
}

test('in GovCloud no stack names a resource or host of the other Regions, not even the workflow', () => {
  const region = 'us-gov-west-1';
  const arn = (rest: string) => `arn:aws-us-gov:${rest}`;
  const templates = templatesOf({
    ...elsewhere('aws-us-gov', region),
    report: { ...BASE.report, regions: [region], deployToOus: ['ou-ab12-34cd56ef'] },
    guardrail: { targets: ['r-ab12'] },
    dataKeyArn: arn(`kms:${region}:111122223333:key/11111111-2222-3333-4444-555555555555`),
    kmsKeyArn: arn(`kms:${region}:999999999999:key/11111111-2222-3333-4444-555555555555`),
    audit: { bucket: 'example-audit' },
    vpc: { subnetIds: ['subnet-0a1b2c3d', 'subnet-1a2b3c4d'], securityGroupIds: ['sg-0a1b2c3d'] },
    customDomain: {
      name: 'glasshammer.example.gov',
      certificateArn: arn(`acm:${region}:111122223333:certificate/11111111-2222-3333-4444-555555555555`),
    },
  });
  expect(templates.map(({ name }) => name).sort((a, b) => a.localeCompare(b))).toEqual([
    'Glasshammer',
    'GlasshammerActivityReader',
    'GlasshammerAudit',
    'GlasshammerChangeForwarder',
    'GlasshammerGuardrail',
    'GlasshammerPortalReader',
    'GlasshammerReaders',
  ]);
  for (const { name, text } of templates) {
    expect([name, text.match(/.{30}arn:aws:.{40}/g) ?? []]).toEqual([name, []]);
    expect([name, text.match(/.{30}\b(?:us-east-1|eu-central-1)\b.{40}/g) ?? []]).toEqual([name, []]);
  }
  const [main] = templates.filter(({ name }) => name === 'Glasshammer').map(({ text }) => JSON.parse(text));
  expect(JSON.stringify(main)).toContain('arn:aws-us-gov:states:::lambda:invoke');
  const buses = Object.values(main.Resources as Record<string, { Type: string; Properties: { Description?: string } }>);
  for (const { Properties } of buses.filter(({ Type }) => Type === 'AWS::Events::EventBus'))
    expect(Properties.Description).toBeUndefined();
});

test.each(['cn-north-1', 'cn-northwest-1'])('%s is refused before anything is deployed, with the reason', (region) => {
  expect(() => defineConfig(elsewhere('aws-cn', region))).toThrow(
    /env\.region: Amazon SES, which sends the reports, is not in the Regions of China/,
  );
});

test('a Region and an instance of different partitions are refused, and so are services that GovCloud lacks', () => {
  expect(() => defineConfig({ ...elsewhere('aws-us-gov', 'us-gov-west-1'), instanceArn: BASE.instanceArn })).toThrow(
    /both must be of one partition/,
  );
  expect(() => defineConfig({ ...elsewhere('aws-us-gov', 'us-gov-west-1'), budgets: { monthly: 10 } })).toThrow(
    /AWS Budgets is not in the Regions of aws-us-gov/,
  );
});
