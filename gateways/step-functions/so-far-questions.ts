import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Sha256 } from '../../core/access/ports.ts';
import type { SlackPlace, SoFarQuestion } from '../lambda/report-function.ts';

/**
 * Passes the question what was done so far to the function that may read it, through an execution of the workflow. The
 * function that answers Slack may start the workflow anyway, so it needs no right on the other one, which also sends
 * reports.
 */
export interface SoFarQuestions {
  /**
   * Does not wait for the answer, which goes to Slack when it was read, or is kept. The same question again starts
   * nothing more.
   */
  ask(question: SoFarQuestion & ({ readonly tell: SlackPlace } | { readonly keep: true })): Promise<void>;
}

/** Asks through Step Functions. */
export function createSoFarQuestions(options: {
  readonly client: Pick<SFNClient, 'send'>;
  readonly stateMachineArn: string;
  readonly sha256: Sha256;
}): SoFarQuestions {
  const { client, stateMachineArn, sha256 } = options;
  return {
    async ask(question) {
      const asking = sha256(`${question.requestId} ${question.askId}`).slice(0, 32);
      const input = JSON.stringify({ soFar: question });
      try {
        await client.send(new StartExecutionCommand({ stateMachineArn, name: `so-far-${asking}`, input }));
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
  };
}
