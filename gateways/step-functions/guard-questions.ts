import { DescribeExecutionCommand, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import type { GuardQuestion, GuardReply } from '../../core/sessions/operate-guard.ts';

/** The time between two looks at a running execution, and the number of looks: about five minutes. Milliseconds. */
const LOOK_EVERY_MS = 1_000;
const MOST_LOOKS = 300;

/**
 * Asks the only function that may write session guards, through an execution of the workflow: the role that writes them
 * trusts no other caller.
 */
export interface GuardQuestions {
  /** @throws Error with the function's own error, if the function keeps failing */
  ask(question: GuardQuestion): Promise<GuardReply>;
}

/** The function's answer to `look`. */
export const policyReply = z.object({ policy: z.enum(['there', 'missing', 'edited', 'grants', 'unnamed']) });

const change = z.enum(['in-force', 'unguarded', 'edited', 'grants', 'full']);
const lockReply = z.object({ change, changes: z.object({ boundary: change, attached: change }) });

const refusedReply = z.object({ refused: z.enum(['locked', 'not-locked']) });

const replied = z.object({ Payload: z.union([policyReply, lockReply, refusedReply]) });
const failed = z.object({ Error: z.string() });

/** @param pause waits this many milliseconds */
export function createGuardQuestions(options: {
  readonly client: Pick<SFNClient, 'send'>;
  readonly stateMachineArn: string;
  readonly newId: () => string;
  readonly pause: (ms: number) => Promise<void>;
}): GuardQuestions {
  const { client, stateMachineArn, newId, pause } = options;

  async function outputOf(executionArn: string): Promise<string> {
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const { status, output } = await client.send(new DescribeExecutionCommand({ executionArn }));
      if (status === 'SUCCEEDED') return output ?? '{}';
      if (status !== 'RUNNING') throw new Error(`the workflow that should ask ended as ${status}`);
      await pause(LOOK_EVERY_MS);
    }
    throw new Error('the workflow that should ask has not answered in five minutes');
  }

  return {
    async ask(question) {
      const { executionArn = '' } = await client.send(
        new StartExecutionCommand({
          stateMachineArn,
          name: `guard-${question.accountId}-${newId()}`,
          input: JSON.stringify({ guard: question }),
        }),
      );
      const output: unknown = JSON.parse(await outputOf(executionArn));
      const reply = z.safeParse(replied, output);
      if (reply.success) return reply.data.Payload;
      const error = z.safeParse(failed, output);
      throw new Error(error.success ? error.data.Error : 'the function gave no answer that is known');
    },
  };
}
