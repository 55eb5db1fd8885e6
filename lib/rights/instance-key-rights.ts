import type { CheckedConfig } from '../config/schema/config-schema.ts';
import type { Right } from './rights.ts';

type InstanceConfig = Pick<CheckedConfig, 'env' | 'instanceArn' | 'identityStoreId' | 'organization' | 'kmsKeyArn'>;

/** The store is owned by the management account, except where the documentation's examples name the caller's; both are ours. */
export function identityStore(config: InstanceConfig, partition: string): string[] {
  const owners = new Set([config.organization.managementAccountId, config.env.account]);
  return [...owners].map((owner) => `arn:${partition}:identitystore::${owner}:identitystore/${config.identityStoreId}`);
}

/** Callers of an instance with a customer-managed key decrypt with it themselves, through the service and for this instance only. */
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
