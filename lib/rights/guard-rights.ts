import type { GuardForm } from '../../core/sessions/guard-policy.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { attachedSets } from '../config/settings-from-config.ts';
import type { Right } from './rights.ts';

/** The forms of the session guard that accounts have with this configuration. */
export function guardForms({ sessionGuard }: Pick<CheckedConfig, 'sessionGuard'>): readonly GuardForm[] {
  return sessionGuard.attachedTo.length === 0 ? ['boundary'] : ['boundary', 'attached'];
}

/**
 * See which permission sets in `sessionGuard.attachedTo` have the guard attached, and in which accounts. Changes
 * nothing.
 */
export function seeAttachedGuards(
  config: Pick<CheckedConfig, 'instanceArn' | 'sessionGuard' | 'permissionSets' | 'retired'>,
): readonly Right[] {
  if (config.sessionGuard.attachedTo.length === 0) return [];
  return [
    {
      actions: [
        'sso:ListAccountsForProvisionedPermissionSet',
        'sso:ListCustomerManagedPolicyReferencesInPermissionSet',
      ],
      resources: [config.instanceArn, ...attachedSets(config).map(({ arn }) => arn)],
    },
  ];
}
