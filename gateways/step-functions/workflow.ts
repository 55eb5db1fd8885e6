import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidToken,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { WorkflowPort } from '../../core/access/ports.ts';

/** The workflow in Step Functions. The execution's name is the request id, so starting twice is harmless. */
export function createWorkflow(options: {
  readonly client: SFNClient;
  readonly stateMachineArn: string;
}): WorkflowPort {
  const { client, stateMachineArn } = options;

  /**
   * Starts an execution, if it was never started. If Step Functions says that it exists, that is verified: somebody was
   * told that access is on its way, and nothing else would start it for minutes.
   */
  async function start(name: string, input: Readonly<Record<string, unknown>>): Promise<void> {
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
        return;
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
        if (await isThere(name)) return;
      }
    }
    throw new Error(`Step Functions says that ${name} is there, and does not show it`);
  }

  async function isThere(name: string): Promise<boolean> {
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    try {
      await client.send(new DescribeExecutionCommand({ executionArn }));
      return true;
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return false;
      throw error;
    }
  }

  return {
    start: (requestId) => start(requestId, { requestId }),
    startCleanup: (requestId, attempt, from = 'revoke') =>
      start(`${requestId}-cleanup-${attempt}`, {
        requestId,
        ...(from === 'report' ? { report: true } : { cleanup: true }),
      }),

    startCut(key, made, goneAt) {
      const requestId = `lost-${key}`;
      return start(requestId, { requestId, cleanup: true, made, cutSince: goneAt });
    },

    async wake(token, output) {
      try {
        await client.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(output) }));
        return true;
      } catch (error) {
        if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken)
          return false;
        throw error;
      }
    },
  };
}
