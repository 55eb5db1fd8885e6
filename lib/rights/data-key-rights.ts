import type { CheckedConfig } from '../config/config-schema.ts';
import type { Right } from './rights.ts';

/**
 * What a function has to be allowed with the key that encrypts what it reads and writes, and only through the service that holds it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
export function withDataKey(
  rights: readonly Right[],
  { dataKeyArn, env }: Pick<CheckedConfig, 'dataKeyArn' | 'env'>,
): readonly Right[] {
  if (dataKeyArn === undefined) return rights;
  const actions = rights.filter(({ deny }) => deny !== true).flatMap((right) => right.actions);
  const may = (pattern: RegExp) => actions.some((action) => pattern.test(action));
  const use = (service: string, verbs: readonly string[]): Right => ({
    actions: verbs.map((verb) => `kms:${verb}`),
    resources: [dataKeyArn],
    conditions: { StringEquals: { 'kms:ViaService': viaService(service, env.region) } },
  });
  const written = ['Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'];
  return [
    ...rights,
    ...(may(/^dynamodb:/)
      ? [use('dynamodb', ['Decrypt', 'DescribeKey', ...(may(/^dynamodb:(Put|Update|Delete)Item$/) ? written : [])])]
      : []),
    ...(may(/^s3:PutObject$/) ? [use('s3', ['Decrypt', 'GenerateDataKey'])] : []),
  ];
}

function viaService(service: string, region: string): readonly string[] {
  const name = `${service}.${region}.amazonaws.com`;
  return region.startsWith('cn-') ? [name, `${name}.cn`] : [name];
}
