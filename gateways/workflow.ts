import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { WorkflowPort } from '../core/access/ports.ts';

/** The workflow in Step Functions. The execution's name is the request id, so starting twice is harmless. */
export function createWorkflow(options: {
  readonly client: SFNClient;
  readonly stateMachineArn: string;
}): WorkflowPort {
  async function start(name: string, input: Readonly<Record<string, unknown>>): Promise<void> {
    try {
      await options.client.send(
        new StartExecutionCommand({ stateMachineArn: options.stateMachineArn, name, input: JSON.stringify(input) }),
      );
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }

  return {
    start: (requestId) => start(requestId, { requestId }),
    startCleanup: (requestId, attempt, from = 'revoke', made = undefined) =>
      start(
        `${requestId}-cleanup-${attempt}`,
        from === 'report' ? { requestId, report: true } : { requestId, cleanup: true, ...(made && { made }) },
      ),

    startCut(key, made, goneAt) {
      const requestId = `lost-${key}`;
      return start(requestId, { requestId, cleanup: true, made, cutSince: goneAt });
    },

    async wake(token, output) {
      try {
        await options.client.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(output) }));
        return true;
      } catch (error) {
        if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken)
          return false;
        throw error;
      }
    },
  };
}
