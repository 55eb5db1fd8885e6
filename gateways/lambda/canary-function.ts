import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { CanaryAsk, CanaryLook, CanaryTarget } from '../../core/doctor/canary.ts';

/** The function that asks for access as the canary; the policies decide what the canary gets. */
export interface CanaryFunction {
  /** @param key the same for every call of one trial */
  ask(key: string, target: CanaryTarget): Promise<CanaryAsk>;
  /** The state of a trial; `undefined` if there is no such trial. */
  look(requestId: string): Promise<CanaryLook | undefined>;
  /** False if there is nothing to end. */
  end(requestId: string): Promise<boolean>;
}

/** Calls the canary's function through Lambda. Every method throws if the function failed. */
export function createCanaryFunction(options: {
  readonly client: Pick<LambdaClient, 'send'>;
  readonly functionName: string;
}): CanaryFunction {
  const { client, functionName: FunctionName } = options;

  async function call<Answer>(event: object): Promise<Answer> {
    const Payload = new TextEncoder().encode(JSON.stringify(event));
    const answer = await client.send(new InvokeCommand({ FunctionName, Payload }));
    if (answer.FunctionError !== undefined) throw new Error(`${FunctionName} failed: ${answer.FunctionError}`);
    return JSON.parse(new TextDecoder().decode(answer.Payload) || 'null') as Answer;
  }

  return {
    ask: (key, target) => call({ ask: { key, target } }),
    async look(requestId) {
      const look = await call<CanaryLook | { readonly unknown: true }>({ look: requestId });
      return 'unknown' in look ? undefined : look;
    },
    async end(requestId) {
      return (await call<{ readonly ended: boolean }>({ end: requestId })).ended;
    },
  };
}
