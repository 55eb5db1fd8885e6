import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  ListExecutionsCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { ExecutionWatch } from '../../core/access/ports.ts';
import type { UnrecordedServices } from '../../core/access/recovery/restart-unrecorded.ts';
import { OutOfTimeError } from '../../core/model/errors.ts';

/** The most executions that Step Functions lists in one call. */
const PAGE_SIZE = 1000;

/**
 * The executions of the workflow, as Step Functions lists them: one call for each thousand that are running, or that
 * began in the time asked about.
 */
export function createExecutionWatch(options: {
  readonly client: SFNClient;
  readonly stateMachineArn: string;
}): ExecutionWatch & Pick<UnrecordedServices['executions'], 'begunSince'> {
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
    async *begunSince(from, { goOn = () => true }) {
      let nextToken: string | undefined;
      do {
        if (!goOn()) throw new OutOfTimeError('no time is left to list executions');
        const page = await client.send(
          new ListExecutionsCommand({ stateMachineArn, maxResults: PAGE_SIZE, nextToken }),
        );
        for (const { name = '', status, startDate } of page.executions ?? []) {
          const startedAt = startDate?.toISOString() ?? '';
          if (from !== undefined && startedAt < from) return;
          if (status !== 'SUCCEEDED' && !name.includes('-cleanup-'))
            yield { requestId: name, isRunning: status === 'RUNNING', startedAt };
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
