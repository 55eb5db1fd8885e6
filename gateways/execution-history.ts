import { ExecutionDoesNotExist, paginateGetExecutionHistory, type SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import type { Assignment } from '../core/model/target.ts';

/** The state of the workflow that gives access, and what its answer says of it. */
const GRANT_STATE = 'Grant access';

const granted = z.object({
  Payload: z.object({
    made: z.object({
      principalId: z.string(),
      target: z.union([
        z.object({ accountId: z.string(), permissionSetArn: z.string() }),
        z.object({ groupId: z.string() }),
      ]),
    }),
  }),
});

const started = z.object({ requestId: z.string() });

/**
 * What executions of the workflow gave, by their own history: Step Functions keeps it for 90 days, and no function can change it.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
 */
export function createExecutionHistory(options: { readonly client: SFNClient; readonly stateMachineArn: string }) {
  const prefix = `${options.stateMachineArn.replace(':stateMachine:', ':execution:')}:`;
  return {
    /**
     * One call for each thousand events. What no execution of this name gave, or none is known of, is `undefined`. So is what one gave
     * that worked on a request of another name: whoever may start executions calls them as they like, and what such a one has made
     * belongs to the request it worked on.
     */
    async madeBy(executionName: string): Promise<Assignment | undefined> {
      return readAll(executionName).catch((error: unknown) => {
        if (error instanceof ExecutionDoesNotExist) return undefined;
        throw error;
      });
    },
  };

  async function readAll(executionName: string): Promise<Assignment | undefined> {
    let isItsOwn = false;
    let made: Assignment | undefined;
    const pages = paginateGetExecutionHistory(
      { client: options.client, pageSize: 1000 },
      { executionArn: `${prefix}${executionName}`, includeExecutionData: true },
    );
    for await (const { events = [] } of pages)
      for (const { executionStartedEventDetails: start, stateExitedEventDetails: exited } of events) {
        if (start !== undefined) isItsOwn = isOf(executionName, start.input);
        if (exited?.name === GRANT_STATE) made = readMade(exited.output ?? '') ?? made;
      }
    return isItsOwn ? made : undefined;
  }
}

/** Was an execution started with this to work on this request? */
function isOf(requestId: string, input = '{}'): boolean {
  const read = z.safeParse(started, JSON.parse(input));
  return read.success && read.data.requestId === requestId;
}

/** A grant that gave nothing says so with an empty text. */
function readMade(output: string): Assignment | undefined {
  const read = z.safeParse(granted, JSON.parse(output === '' ? '{}' : output));
  return read.success ? read.data.Payload.made : undefined;
}
