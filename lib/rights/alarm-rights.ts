import type { CheckedConfig } from '../config/schema/config-schema.ts';
import type { Right } from './rights.ts';

/**
 * To read the state of alarms. Only auditors and operators see it, so without any the right is not given.
 *
 * `DescribeAlarms` takes ARNs of alarms as resources. A call that names no alarm, even one with a prefix of names, is
 * authorized against `alarm:*`, so a right to `alarm:<prefix>-*` would refuse it.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
 * @see https://github.com/aws-samples/amazon-cloudwatch-auto-alarms/issues/1 the refusal of a call by prefix, which
 * names the resource
 */
export function seeAlarms({
  env,
  instanceArn,
  personas: { auditors, operators },
}: Pick<CheckedConfig, 'env' | 'instanceArn' | 'personas'>): readonly Right[] {
  if (auditors.length + operators.length === 0) return [];
  return [
    {
      actions: ['cloudwatch:DescribeAlarms'],
      resources: [`arn:${instanceArn.split(':')[1] ?? 'aws'}:cloudwatch:${env.region}:${env.account}:alarm:*`],
      wildcard:
        'A call that asks by the beginning of the names is held against all alarms of the account and Region; it only reads how they stand.',
    },
  ];
}
