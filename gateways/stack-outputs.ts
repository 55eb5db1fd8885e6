import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/** A stack as CloudFormation describes it. */
export interface DescribedStack {
  readonly status: string;
  /** ISO 8601; when the stack was last deployed. */
  readonly changedAt: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Reads the status and the outputs of a stack.
 *
 * @returns `undefined` if there is no stack of this name here: CloudFormation says so with a `ValidationError`
 */
export async function readStack(
  StackName: string,
  client: Pick<CloudFormationClient, 'send'> = new CloudFormationClient({}),
): Promise<DescribedStack | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    const [stack] = Stacks;
    if (stack === undefined) return undefined;
    return {
      status: stack.StackStatus ?? 'unknown',
      changedAt: (stack.LastUpdatedTime ?? stack.CreationTime ?? new Date(0)).toISOString(),
      outputs: Object.fromEntries(
        (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
      ),
    };
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message))
      return undefined;
    throw error;
  }
}
