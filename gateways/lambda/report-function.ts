import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { ResendInput } from '../../core/activity/report/editions/resend-report.ts';

/** The place in Slack that an answer goes to. */
export interface SlackPlace {
  readonly slackId: string;
  readonly channel?: string;
  readonly threadTs?: string;
}

/** A question to the report's function from outside the workflow: what was done with an access so far. */
export interface SoFarQuestion {
  readonly requestId: string;
  /** The same when one question is delivered again. */
  readonly askId: string;
  /** The person who gets the answer in Slack. Absent: the caller of the function gets it. */
  readonly tell?: SlackPlace;
  /** Nobody is told: the person who asked reads the answer that was kept. */
  readonly keep?: true;
}

/** The only function that may read activity. */
export interface ReportFunction {
  /** Waits for the answer. @throws Error when the function failed */
  ask(question: SoFarQuestion): Promise<unknown>;
  /** Has a report sent again, and waits for the answer. @throws Error when the function failed */
  resend(asking: ResendInput): Promise<unknown>;
}

/** Calls the report's function through Lambda. */
export function createReportFunction(options: {
  readonly client: Pick<LambdaClient, 'send'>;
  readonly functionName: string;
}): ReportFunction {
  const { client, functionName: FunctionName } = options;
  const payload = (event: object) => new TextEncoder().encode(JSON.stringify(event));

  async function call(event: object): Promise<unknown> {
    const answer = await client.send(new InvokeCommand({ FunctionName, Payload: payload(event) }));
    if (answer.FunctionError !== undefined) throw new Error(`${FunctionName} failed: ${answer.FunctionError}`);
    return JSON.parse(new TextDecoder().decode(answer.Payload) || 'null') as unknown;
  }

  return {
    ask: (question) => call({ soFar: question }),
    resend: (asking) => call({ resend: asking }),
  };
}
