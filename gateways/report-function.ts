import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { ResendInput } from '../core/activity/report/editions/resend-report.ts';

/** Where in Slack an answer goes. */
export interface SlackPlace {
  readonly slackId: string;
  readonly channel?: string;
  readonly threadTs?: string;
}

/** What the report's function is asked, beside the workflow: what was done so far with an access. */
export interface SoFarQuestion {
  readonly requestId: string;
  /** Equal when the same question is delivered again. */
  readonly askId: string;
  /** Who is told, in Slack. Absent: whoever calls the function. */
  readonly tell?: SlackPlace;
  /** Nobody is told: who asked looks at what was kept. */
  readonly keep?: true;
}

/** The function that alone may read what was done. */
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
