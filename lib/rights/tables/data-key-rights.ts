import type { CheckedConfig } from '../../config/schema/config-schema.ts';
import type { Right } from '../rights.ts';

/**
 * Adds the rights on the KMS key that encrypts what a function reads and writes. The key can be used only through
 * DynamoDB or S3.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
export function withDataKey(
  rights: readonly Right[],
  { dataKeyArn, env, audit }: Pick<CheckedConfig, 'dataKeyArn' | 'env'> & { readonly audit?: CheckedConfig['audit'] },
): readonly Right[] {
  // The organization's own bucket has its own key, or none.
  const archiveKeyArn = audit?.bucket === undefined ? dataKeyArn : audit.bucketKeyArn;
  const actions = rights.filter(({ deny }) => deny !== true).flatMap((right) => right.actions);
  const may = (pattern: RegExp) => actions.some((action) => pattern.test(action));
  const use = (key: string, service: string, verbs: readonly string[]): Right => ({
    actions: verbs.map((verb) => `kms:${verb}`),
    resources: [key],
    conditions: { StringEquals: { 'kms:ViaService': viaService(service, env.region) } },
  });
  const written = ['Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'];
  return [
    ...rights,
    ...(dataKeyArn !== undefined && may(/^dynamodb:/)
      ? [
          use(dataKeyArn, 'dynamodb', [
            'Decrypt',
            'DescribeKey',
            ...(may(/^dynamodb:(Put|Update|Delete)Item$/) ? written : []),
          ]),
        ]
      : []),
    ...(archiveKeyArn !== undefined && may(/^s3:PutObject$/)
      ? [use(archiveKeyArn, 's3', ['Decrypt', 'GenerateDataKey'])]
      : []),
  ];
}

function viaService(service: string, region: string): readonly string[] {
  const name = `${service}.${region}.amazonaws.com`;
  return region.startsWith('cn-') ? [name, `${name}.cn`] : [name];
}
