import { AwsError } from '../wire/aws-error.ts';
import type { Operations } from '../wire/service.ts';
import type { World } from '../world/world.ts';

/** CloudFormation: DescribeStacks. */
export function cloudformation(world: World): Operations {
  return {
    DescribeStacks({ StackName: wanted }: { StackName?: string }) {
      const found = world.stacks.filter(({ name, arn }) => wanted === undefined || wanted === name || wanted === arn);
      if (wanted !== undefined && found.length === 0)
        throw new AwsError('ValidationError', `Stack with id ${wanted} does not exist`);
      return {
        Stacks: {
          member: found.map(({ name, arn, status, createdAt, outputs }) => ({
            StackName: name,
            StackId: arn,
            StackStatus: status,
            CreationTime: createdAt,
            DisableRollback: false,
            EnableTerminationProtection: true,
            Outputs: {
              member: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
            },
          })),
        },
      };
    },
  };
}
