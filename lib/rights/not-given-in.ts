import type { CheckedConfig } from '../config/schema/config-schema.ts';

/**
 * Accounts in which no access is given, whatever a policy says: the management account and the account Glasshammer runs
 * in, unless the configuration includes them.
 */
export function notGivenIn({
  env,
  organization,
  includeOwnAccount,
}: Pick<CheckedConfig, 'env' | 'organization' | 'includeOwnAccount'>): string[] {
  const { managementAccountId, includeManagementAccount } = organization;
  return [
    ...(includeManagementAccount ? [] : [managementAccountId]),
    ...(env.account === managementAccountId || includeOwnAccount === true ? [] : [env.account]),
  ];
}
