import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { FUNCTION_NAMES, OPTIONAL_FUNCTIONS } from '../../lambdas/shared/environment-names.ts';
import { defineConfig } from '../../lib/config/config.ts';
import type { GlasshammerConfig } from '../../lib/config/glasshammer-config.ts';
import { GlasshammerStack } from '../../lib/glasshammer-stack.ts';

/** A resource as in a template. */
export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: templates are JSON of any shape, and each test says what it expects
  readonly Properties: any;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export const BASE: GlasshammerConfig = {
  env: { account: '111122223333', region: 'eu-central-1' },
  instanceArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
  identityStoreId: 'd-1234567890',
  organization: { id: 'o-a1b2c3d4e5', managementAccountId: '999999999999' },
  portalUrl: 'https://d-1234567890.awsapps.com/start',
  accounts: ['123456789012', '234567890123'],
  permissionSets: [
    { name: 'BreakGlassAdmin', arn: 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef' },
  ],
  slack: { teamIds: ['T0HOME'], approvalChannel: 'C0ACCESS' },
  report: { from: 'glasshammer@example.com', to: ['security@example.com'], regions: ['us-east-1'] },
  api: {},
  canary: { userId: '11111111-2222-4333-8444-555555555555' },
  alarms: { emails: ['oncall@example.com'] },
};

/** The functions that the stack of BASE has: all but those that must be asked for. */
export const DEPLOYED = FUNCTION_NAMES.filter((name) => name !== OPTIONAL_FUNCTIONS.policyChanges);

/** The canary, which is also run every night. */
export const NIGHTLY_CANARY: GlasshammerConfig['canary'] = {
  userId: '11111111-2222-4333-8444-555555555555',
  nightly: { account: '123456789012', permissionSet: 'BreakGlassAdmin' },
};

/** The feature flags the app is deployed with. */
export function deployedContext(): Record<string, unknown> {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8')).context;
}

/** A folder with a one-line function for each function: the content of the bundles does not matter here. */
export function stubCode(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'glasshammer-code-'));
  for (const name of FUNCTION_NAMES) {
    mkdirSync(join(path, name));
    writeFileSync(join(path, name, 'index.mjs'), `export const handler = async () => '${name}';\n`);
  }
  mkdirSync(join(path, 'console', 'assets'), { recursive: true });
  writeFileSync(join(path, 'console', 'index.html'), '<!doctype html>');
  writeFileSync(join(path, 'console', 'assets', 'console.js'), '');
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Leaves out stack traces of constructs and tokens and the tree file, which no test reads. */
const WITHOUT_TRACES = { 'aws:cdk:disable-creation-stack-traces': true };

const synthesized = new Map<string, Template>();

/** The folders of all syntheses of this process: the bundles are staged once, and not for each configuration. */
let folders: { readonly code: string; readonly out: string } | undefined;

function foldersOfAll() {
  if (folders) return folders;
  const code = stubCode();
  const out = mkdtempSync(join(tmpdir(), 'glasshammer-out-'));
  process.once('exit', () => {
    code.remove();
    rmSync(out, { recursive: true, force: true });
  });
  folders = { code: code.path, out };
  return folders;
}

/**
 * The stack of a configuration, as CloudFormation would get it. Each configuration is synthesized once, without the
 * checks, which app.test.ts runs.
 */
export function synthesize(overrides: Partial<GlasshammerConfig> = {}): Template {
  const key = JSON.stringify(overrides, (_, value) => value ?? null);
  const template = synthesized.get(key) ?? newTemplate(overrides);
  synthesized.set(key, template);
  return template;
}

function newTemplate(overrides: Partial<GlasshammerConfig>): Template {
  process.env.CDK_VALIDATION = 'false';
  const { code, out } = foldersOfAll();
  const context = { ...deployedContext(), ...WITHOUT_TRACES };
  const app = new App({ outdir: out, context, treeMetadata: false, stackTraces: false });
  const config = defineConfig({ ...BASE, ...overrides });
  return Template.fromStack(new GlasshammerStack(app, 'Glasshammer', { config, codeRoot: code }));
}

export function resources(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.findResources(type)) as [string, Resource][];
}

/** The only resource of a type whose logical id has this prefix. @throws Error when there is none or more than one */
export function only(template: Template, type: string, idPrefix = ''): Resource {
  const [found, ...more] = resources(template, type).filter(([id]) => id.startsWith(idPrefix));
  if (!found || more.length > 0)
    throw new Error(`expected one ${type} ${idPrefix}, found ${more.length + (found ? 1 : 0)}`);
  return found[1];
}

/** A statement of a role, with the function (or other part) that the role belongs to: `GrantAccess`, `Workflow`. */
export interface Statement {
  readonly owner: string;
  readonly effect: string;
  readonly actions: readonly string[];
  /** References are written as `<LogicalId.Attribute>`. */
  readonly resources: readonly string[];
  readonly conditions: Record<string, Record<string, unknown>>;
}

export function statements(template: Template): Statement[] {
  const policies = [...resources(template, 'AWS::IAM::Policy'), ...resources(template, 'AWS::IAM::ManagedPolicy')];
  return policies.flatMap(([id, { Properties }]) =>
    Properties.PolicyDocument.Statement.map((statement: Record<string, unknown>) => ({
      owner: id.replace(/^Functions/, '').replace(/Role(DefaultPolicy|OverflowPolicy).*$/, ''),
      effect: statement.Effect,
      actions: [statement.Action].flat(),
      resources: [statement.Resource].flat().map(flatten),
      conditions: statement.Condition ?? {},
    })),
  );
}

/** The owners of all statements that allow an action, sorted. */
export function ownersOf(template: Template, action: string): string[] {
  const owners = statements(template)
    .filter(({ effect, actions }) => effect === 'Allow' && actions.includes(action))
    .map(({ owner }) => owner);
  return sorted(owners);
}

/** Sorts a list whose order means nothing, to compare it. */
export function sorted(values: readonly string[]): string[] {
  return [...values].sort((a, b) => a.localeCompare(b));
}

/** Writes an intrinsic as one string: `<TablesAccess….Arn>/index/by-state`. */
export function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const intrinsic = value as { Ref?: string; 'Fn::GetAtt'?: string[]; 'Fn::Join'?: [string, unknown[]] };
  if (intrinsic.Ref) return `<${intrinsic.Ref}>`;
  if (intrinsic['Fn::GetAtt']) return `<${intrinsic['Fn::GetAtt'].join('.')}>`;
  const [separator, parts] = intrinsic['Fn::Join'] ?? ['', []];
  return parts.map(flatten).join(separator);
}
