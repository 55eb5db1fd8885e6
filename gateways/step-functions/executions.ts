import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  ListExecutionsCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { ExecutionWatch } from '../../core/access/ports.ts';
import type { DeadExecutions } from '../../core/access/recovery/restart-unrecorded.ts';

/** The most executions that Step Functions lists in one call. */
const PAGE_SIZE = 1000;

const DEAD: ReadonlySet<string | undefined> = new Set(['FAILED', 'TIMED_OUT', 'ABORTED']);

/**
 * The executions of the workflow, as Step Functions lists them: one call for each thousand that are running, or that
 * began in the time asked about.
 */
export function createExecutionWatch(options: {
  readonly client: SFNClient;
  readonly stateMachineArn: string;
}): ExecutionWatch & DeadExecutions {
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

    /** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html (newest first) */
    async *deadSince(from) {
      let nextToken: string | undefined;
      do {
        const page = await client.send(
          new ListExecutionsCommand({ stateMachineArn, maxResults: PAGE_SIZE, nextToken }),
        );
        for (const { name = '', status, startDate } of page.executions ?? []) {
          if (from !== undefined && startDate !== undefined && startDate.toISOString() < from) return;
          if (DEAD.has(status) && !name.includes('-cleanup-')) yield name;
        }
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
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
