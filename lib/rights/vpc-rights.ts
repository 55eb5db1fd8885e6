import type { CheckedConfig } from '../config/schema/config-schema.ts';
import type { Right } from './rights.ts';

/** Actions that Lambda calls with a function's role to put the function into a VPC. */
const INTERFACE_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Gives a function's role the rights that Lambda needs in a VPC, and denies them to the function's code, which has the
 * same role.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function vpcRights(
  { vpc, env, instanceArn }: Pick<CheckedConfig, 'vpc' | 'env' | 'instanceArn'>,
  functionName: string,
): readonly Right[] {
  if (vpc === undefined) return [];
  const partition = instanceArn.split(':')[1] ?? 'aws';
  const own = `arn:${partition}:lambda:${env.region}:${env.account}:function:${functionName}`;
  return [
    {
      actions: INTERFACE_ACTIONS,
      resources: ['*'],
      wildcard:
        'Lambda itself makes and removes the network interfaces, whose ids nobody knows before; the code of the function is denied the same.',
    },
    {
      deny: true,
      actions: INTERFACE_ACTIONS,
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': [own] } },
    },
  ];
}
