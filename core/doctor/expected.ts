import * as z from 'zod/mini';
import type { Removable } from '../access/lease/revoke/removable.ts';

const texts = z.array(z.string());
const named = z.object({ name: z.string(), id: z.string() });

/**
 * What the configuration says should be there, as far as the doctor compares it. A deployment has it in `glasshammer.config.ts`; the
 * sandbox writes it into a file.
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
  /** What is given no more, and can still be taken back. */
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
    /** A StackSet of ours brings the reading role to the accounts. */
    byStackSet: z.boolean(),
    /** Region of SES, where it is not the stack's. */
    sesRegion: z.optional(z.string()),
    configurationSet: z.optional(z.string()),
  }),
  alarmEmails: texts,
});

export type Expected = z.output<typeof expectedSchema>;

/** Names of what the stack made, out of its outputs. */
export interface Deployed {
  readonly accessTable: string;
  readonly requestTable: string;
  readonly stateMachineArn: string;
  /** Absent where there is no Slack. */
  readonly slackSecretArn?: string;
  readonly alarmTopicArn: string;
  readonly auditBucket: string;
  readonly auditBus: string;
  /** Where Slack delivers events; absent where there is no Slack. */
  readonly urlEvents?: string;
  /** Absent in deployments older than this output. */
  readonly version?: string;
  /** State of the stack, in CloudFormation's words. */
  readonly status: string;
  /** ISO 8601; when it was deployed last. */
  readonly changedAt: string;
}

/** What the checkout that the doctor runs from brings. */
export interface Checkout {
  readonly version: string;
  /** Scopes that the Slack app needs. */
  readonly scopes: readonly string[];
  /** The functions, by what follows the stack's name in theirs. */
  readonly functions: readonly string[];
}

/** The accounts access may be given in, of those there are. */
export function reachable({ accounts, ...expected }: Expected, all: readonly string[]): readonly string[] {
  const { managementAccountId, includeManagementAccount } = expected.organization;
  return (accounts === '*' ? all : accounts).filter(
    (id) =>
      (includeManagementAccount || id !== managementAccountId) &&
      (accounts !== '*' || expected.includeOwnAccount || id !== expected.account || id === managementAccountId),
  );
}

/** What the roles may take back by this configuration, once it is deployed. */
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
