import type { CheckedConfig } from '../config/schema/config-schema.ts';
import type { Right } from './rights.ts';

type InstanceConfig = Pick<CheckedConfig, 'env' | 'instanceArn' | 'identityStoreId' | 'organization' | 'kmsKeyArn'>;

/**
 * ARNs of the identity store. The management account owns it, but examples in AWS's documentation name the caller's
 * account; both are allowed.
 */
export function identityStore(config: InstanceConfig, partition: string): string[] {
  const owners = new Set([config.organization.managementAccountId, config.env.account]);
  return [...owners].map((owner) => `arn:${partition}:identitystore::${owner}:identitystore/${config.identityStoreId}`);
}

/**
 * With a customer-managed key, callers of an instance decrypt with it themselves: only through the service, only for
 * this instance.
 */
export function instanceKey(config: InstanceConfig, partition: string): Right[] {
  if (!config.kmsKeyArn) return [];
  const through = (service: string, context: string, values: readonly string[]): Right => ({
    actions: ['kms:Decrypt'],
    resources: [config.kmsKeyArn ?? ''],
    conditions: {
      StringEquals: {
        'kms:ViaService': `${service}.${config.env.region}.amazonaws.com`,
        [`kms:EncryptionContext:${context}`]: values,
      },
    },
  });
  return [
    through('sso', 'aws:sso:instance-arn', [config.instanceArn]),
    through('identitystore', 'aws:identitystore:identitystore-arn', identityStore(config, partition)),
  ];
}
