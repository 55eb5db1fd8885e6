import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { type Forbidden, groundOf } from './guardrail-ground.ts';
import { protectParts } from './protect-parts.ts';
import { protectRecords } from './protect-records.ts';

/**
 * Organizations takes no longer service control policy; white space counts. That is why stars stand for the ends of actions: each of
 * them means nothing else that changes something, or only what nobody but those who deploy is to do either.
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
 * Two service control policies, attached together because one would be too long, by which nobody but CloudFormation and the functions
 * themselves changes what decides about access and what remembers it, administrators of the account included. They bind neither the
 * management account nor service-linked roles. Of the five policies that a root, a unit or an account takes, two are left beside
 * these and `FullAWSAccess`.
 *
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
export function guardrailPolicies(config: CheckedConfig): {
  /** What is believed, and who may change it. */
  readonly records: GuardrailPolicy;
  /** What believes. */
  readonly parts: GuardrailPolicy;
} {
  const ground = groundOf(config);
  return {
    records: { Version: '2012-10-17', Statement: protectRecords(ground) },
    parts: { Version: '2012-10-17', Statement: protectParts(ground) },
  };
}
