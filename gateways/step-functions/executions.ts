import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  ListExecutionsCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { ExecutionWatch } from '../../core/access/ports.ts';

/** The most executions that Step Functions lists in one call. */
const PAGE_SIZE = 1000;

/** The executions of the workflow, as Step Functions lists them: one call for each thousand that are running. */
export function createExecutionWatch(options: {
  readonly client: SFNClient;
  readonly stateMachineArn: string;
}): ExecutionWatch {
  const { client, stateMachineArn } = options;
  const prefix = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:`;
  return {
    async runningFor() {
      const found = new Set<string>();
      let nextToken: string | undefined;
      do {
        const page = await client.send(
          new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: PAGE_SIZE, nextToken }),
        );
        for (const { name } of page.executions ?? []) found.add((name ?? '').replace(/-cleanup-.*$/, ''));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return found;
    },

    async stateOf(requestId) {
      try {
        const { status = 'RUNNING', stopDate } = await client.send(
          new DescribeExecutionCommand({ executionArn: `${prefix}${requestId}` }),
        );
        if (stopDate === undefined) return { status: 'running' };
        return { status: 'stopped', at: stopDate.toISOString(), how: status };
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return { status: 'unknown' };
        throw error;
      }
    },
  };
}
