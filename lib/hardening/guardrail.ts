import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { protectParts } from './protect-parts.ts';
import { protectRecords } from './protect-records.ts';
import { type Forbidden, statementKit } from './statement-kit.ts';

/**
 * The longest service control policy that Organizations accepts; white space counts. To save characters, actions are
 * shortened with `*`. Each pattern matches no further action that changes something, or only actions that nobody but
 * deployers should do anyway.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
export const MOST_CHARACTERS = 5_120;

/** A service control policy. */
export interface GuardrailPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Forbidden[];
}

/**
 * Two service control policies; one would be too long, so attach both. With them, nobody but CloudFormation and the
 * functions can change what decides about access and what records it, not even an administrator of the account. They do
 * not bind the management account or service-linked roles. A root, unit or account takes five policies: these two and
 * `FullAWSAccess` leave room for two more.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
export function guardrailPolicies(config: CheckedConfig): {
  /** Protects the records, the archive, Slack's secret, and the roles. */
  readonly records: GuardrailPolicy;
  /** Protects the parts that act on the records: tables, functions, the workflow, rules, APIs and alarms. */
  readonly parts: GuardrailPolicy;
} {
  const kit = statementKit(config);
  return {
    records: { Version: '2012-10-17', Statement: protectRecords(kit) },
    parts: { Version: '2012-10-17', Statement: protectParts(kit) },
  };
}
