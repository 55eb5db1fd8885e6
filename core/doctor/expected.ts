import * as z from 'zod/mini';
import type { Removable } from '../access/lease/revoke/removable.ts';

const texts = z.array(z.string());
const named = z.object({ name: z.string(), id: z.string() });

/**
 * The part of the configuration that the doctor compares with reality. A deployment has it in `glasshammer.config.ts`;
 * the sandbox writes it into a file.
 */
export const expectedSchema = z.object({
  stackName: z.string(),
  account: z.string(),
  region: z.string(),
  instanceArn: z.string(),
  identityStoreId: z.string(),
  organization: z.object({ id: z.string(), managementAccountId: z.string(), includeManagementAccount: z.boolean() }),
  includeOwnAccount: z.boolean(),
  /** `*`: every account of the organization. */
  accounts: z.union([z.literal('*'), texts]),
  permissionSets: z.array(z.object({ name: z.string(), arn: z.string() })),
  groups: z.array(named),
  /** What is no longer granted, but may still be removed. */
  retired: z.optional(
    z.object({
      accounts: texts,
      permissionSets: z.array(z.object({ name: z.string(), arn: z.string() })),
      groups: z.array(named),
    }),
  ),
  /** Organizational units that the configuration names. */
  units: texts,
  kmsKeyArn: z.optional(z.string()),
  /** Absent where there is no Slack. */
  slack: z.optional(z.object({ teamIds: texts, approvalChannel: z.string(), operatorChannel: z.string() })),
  report: z.object({
    from: z.string(),
    to: texts,
    regions: texts,
    roleName: z.string(),
    /** Whether a StackSet of this deployment creates the reading role in the accounts. */
    byStackSet: z.boolean(),
    /** Region of SES, where it differs from the stack's. */
    sesRegion: z.optional(z.string()),
    configurationSet: z.optional(z.string()),
  }),
  alarmEmails: texts,
});

export type Expected = z.output<typeof expectedSchema>;

/** Names of the stack's resources, from its outputs. */
export interface Deployed {
  readonly accessTable: string;
  readonly requestTable: string;
  readonly stateMachineArn: string;
  /** Absent where there is no Slack. */
  readonly slackSecretArn?: string;
  readonly alarmTopicArn: string;
  readonly auditBucket: string;
  readonly auditBus: string;
  /** The address that Slack sends events to; absent where there is no Slack. */
  readonly urlEvents?: string;
  /** Absent in deployments older than this output. */
  readonly version?: string;
  /** Status of the stack, as CloudFormation reports it. */
  readonly status: string;
  /** ISO 8601; when the stack was last deployed. */
  readonly changedAt: string;
}

/** What the doctor knows from the checkout that it runs from. */
export interface Checkout {
  readonly version: string;
  /** Scopes that the Slack app needs. */
  readonly scopes: readonly string[];
  /** Names of the functions, without the prefix of the stack. */
  readonly functions: readonly string[];
}

/** Those of all accounts in which access may be granted. */
export function reachable({ accounts, ...expected }: Expected, all: readonly string[]): readonly string[] {
  const { managementAccountId, includeManagementAccount } = expected.organization;
  return (accounts === '*' ? all : accounts).filter(
    (id) =>
      (includeManagementAccount || id !== managementAccountId) &&
      (accounts !== '*' || expected.includeOwnAccount || id !== expected.account || id === managementAccountId),
  );
}

/** What the roles may remove under this configuration, once it is deployed. */
export function removableIn({ accounts, permissionSets, groups, retired, organization }: Expected): Removable {
  const { managementAccountId, includeManagementAccount } = organization;
  const isReached = includeManagementAccount || retired?.accounts.includes(managementAccountId) === true;
  return {
    accounts: accounts === '*' ? '*' : [...accounts, ...(retired?.accounts ?? [])],
    ...(accounts === '*' && !isReached ? { excludedAccounts: [managementAccountId] } : {}),
    permissionSets: [...permissionSets, ...(retired?.permissionSets ?? [])],
    groups: [...groups, ...(retired?.groups ?? [])].map(({ id }) => id),
  };
}
