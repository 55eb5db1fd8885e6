import { defineConfig } from '../../lib/config/config.ts';
import type { GlasshammerConfig } from '../../lib/config/glasshammer-config.ts';
import type { CheckedConfig } from '../../lib/config/schema/config-schema.ts';
import { guardrailPolicies } from '../../lib/hardening/guardrail.ts';
import type { Forbidden } from '../../lib/hardening/statement-kit.ts';
import { BASE } from './synthesized.ts';

export const HERE = '111122223333';
export const ADMIN = `arn:aws:iam::${HERE}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_AdministratorAccess_0123456789abcdef`;
export const CLOUDFORMATION = `arn:aws:iam::${HERE}:role/cdk-hnb659fds-cfn-exec-role-${HERE}-eu-central-1`;
export const PIPELINE = `arn:aws:iam::${HERE}:role/Pipeline`;

export const BROWSER = {
  console: { samlMetadataUrl: 'https://portal.sso.eu-central-1.amazonaws.com/saml/metadata/abc' },
};
export const FOUR_EYES = {
  personas: { operators: ['906722b2be-c0b00a2f-4a5b-4a5b-9c3d-0e6f1a2b3c4d'] },
  policyChanges: { fourEyes: true },
};

export const configured = (guardrail: GlasshammerConfig['guardrail'] = {}) => defineConfig({ ...BASE, guardrail });

/** Every statement of both policies. */
export function statementsOf(config: CheckedConfig): readonly Forbidden[] {
  const { records, parts } = guardrailPolicies(config);
  return [...records.Statement, ...parts.Statement];
}

/** Matches a pattern in which `*` stands for any characters, as in IAM. */
function like(pattern: string, text: string): boolean {
  const written = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${written.join('.*')}$`).test(text);
}

/** Compares the six parts of an ARN one by one; the last may contain colons. A `*` never reaches into the next part. */
function arnLike(pattern: string, arn: string): boolean {
  const partsOf = (text: string) => [...text.split(':', 5), text.split(':').slice(5).join(':')];
  const parts = partsOf(arn);
  return partsOf(pattern).every((part, index) => like(part, parts[index] ?? ''));
}

const OPERATORS: Readonly<Record<string, (value: string | undefined, patterns: readonly string[]) => boolean>> = {
  ArnNotLike: (value, patterns) => !patterns.some((pattern) => arnLike(pattern, value ?? '')),
  ArnLike: (value, patterns) => value !== undefined && patterns.some((pattern) => arnLike(pattern, value)),
  StringEquals: (value, patterns) => value !== undefined && patterns.includes(value),
  StringEqualsIfExists: (value, patterns) => value === undefined || patterns.includes(value),
};

/** Whether the policies deny a call. @param keys further condition keys that AWS sets for the call */
export function isForbidden(
  action: string,
  resource: string,
  by: string,
  config = configured(),
  keys: Readonly<Record<string, string>> = {},
): boolean {
  const context: Readonly<Record<string, string | undefined>> = {
    'aws:PrincipalArn': by,
    'aws:PrincipalAccount': by.split(':')[4],
    ...keys,
  };
  const holds = (operator: string, wanted: object) => {
    const compare = OPERATORS[operator];
    if (compare === undefined) throw new Error(`no such operator here: ${operator}`);
    return Object.entries(wanted).every(([key, patterns]) => compare(context[key], [patterns].flat()));
  };
  return statementsOf(config).some(
    ({ Action, Resource, Condition }) =>
      Action.some((pattern) => like(pattern, action)) &&
      Resource.some((pattern) => like(pattern, resource)) &&
      Object.entries(Condition).every(([operator, wanted]) => holds(operator, wanted)),
  );
}
