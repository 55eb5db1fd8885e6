import { ExecutionDoesNotExist, paginateGetExecutionHistory, type SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod/mini';
import type { CreatedAssignment } from '../../core/access/lease/ports.ts';

/** The workflow's state that gives access; its output says which assignment was made. */
const GRANT_STATE = 'Grant access';

const granted = z.object({
  Payload: z.object({
    made: z.object({
      principalId: z.string(),
      target: z.union([
        z.object({ accountId: z.string(), permissionSetArn: z.string() }),
        z.object({ groupId: z.string() }),
      ]),
      operationId: z.optional(z.string()),
    }),
  }),
});

const started = z.object({ requestId: z.string() });

/**
 * Which assignments executions of the workflow made, by their own history: Step Functions keeps it for 90 days, and no
 * function can change it.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
 */
export function createExecutionHistory(options: { readonly client: SFNClient; readonly stateMachineArn: string }) {
  const prefix = `${options.stateMachineArn.replace(':stateMachine:', ':execution:')}:`;
  return {
    /**
     * One call for each thousand events. `undefined` if there is no execution of this name, or it gave nothing, or it
     * worked on a request of another name: an attacker who may start executions chooses their names, and what such an
     * execution made belongs to the request it worked on.
     */
    async madeBy(executionName: string): Promise<CreatedAssignment | undefined> {
      return readAll(executionName).catch((error: unknown) => {
        if (error instanceof ExecutionDoesNotExist) return undefined;
        throw error;
      });
    },
  };

  async function readAll(executionName: string): Promise<CreatedAssignment | undefined> {
    let isItsOwn = false;
    let made: CreatedAssignment | undefined;
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

/** Does the input of an execution say that it works on this request? */
function isOf(requestId: string, input = '{}'): boolean {
  const read = z.safeParse(started, JSON.parse(input));
  return read.success && read.data.requestId === requestId;
}

/** A grant that gave nothing answers with an empty text. */
function readMade(output: string): CreatedAssignment | undefined {
  const read = z.safeParse(granted, JSON.parse(output === '' ? '{}' : output));
  return read.success ? read.data.Payload.made : undefined;
}
