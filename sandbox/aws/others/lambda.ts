import type { GetAccountSettingsResponse, GetFunctionConfigurationRequest } from '@aws-sdk/client-lambda';
import { AwsError } from '../wire/aws-error.ts';
import type { Operations, Wire } from '../wire/service.ts';
import type { WireRequest, WireResponse } from '../wire/wire.ts';
import type { World } from '../world/world.ts';

/** Runs a function. `functionName` is without the stack's prefix. Throws an Error named as Lambda's errorType. */
export type Invoke = (functionName: string, event: unknown) => Promise<unknown>;

export interface Invokes {
  /** Without it no function can be invoked. */
  readonly invoke?: Invoke;
  /** Invokes a function asynchronously. Without it, asynchronous invocations fail. */
  invokeLater?(functionName: string, event: unknown): void;
}

/** Lambda: the functions, the account's concurrency limit, and Invoke. */
export function lambda(world: World, { invoke, invokeLater }: Invokes): Operations {
  const functionOf = (given: string) => {
    const name = given.startsWith('arn:') ? (given.split(':')[6] ?? '') : given;
    const found = world.functions.find((one) => one.name === name);
    if (found === undefined)
      throw new AwsError(
        'ResourceNotFoundException',
        `Function not found: arn:aws:lambda:${world.region}:${world.homeAccountId}:function:${name}`,
      );
    return found;
  };

  return {
    GetAccountSettings(): Wire<GetAccountSettingsResponse> {
      const { concurrency, functions } = world;
      return {
        AccountLimit: { ConcurrentExecutions: concurrency, UnreservedConcurrentExecutions: concurrency },
        AccountUsage: { FunctionCount: functions.length },
      };
    },
    GetFunctionConfiguration(input: Wire<GetFunctionConfigurationRequest>) {
      const { name, state } = functionOf(input.FunctionName);
      return {
        FunctionName: name,
        FunctionArn: `arn:aws:lambda:${world.region}:${world.homeAccountId}:function:${name}`,
        State: state,
        Runtime: 'nodejs24.x',
      };
    },
    // An asynchronous invocation is answered before it runs, without its outcome. The body of a synchronous answer is
    // the function's own answer.
    async Invoke(input: { FunctionName: string }, _call: unknown, request: WireRequest): Promise<WireResponse> {
      const { name } = functionOf(input.FunctionName);
      if (invoke === undefined) throw new AwsError('ServiceException', 'Nothing here runs functions');
      const event: unknown = JSON.parse(request.body.toString() || '{}');
      if (request.headers['x-amz-invocation-type'] === 'Event') {
        if (invokeLater === undefined) throw new AwsError('ServiceException', 'Nothing here runs functions later');
        invokeLater(name.replace(/^glasshammer-/, ''), event);
        return { status: 202, headers: {}, body: '' };
      }
      try {
        const answer = await invoke(name.replace(/^glasshammer-/, ''), event);
        return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer ?? null) };
      } catch (error) {
        const { name: errorType, message: errorMessage } = error as Error;
        return {
          status: 200,
          headers: { 'content-type': 'application/json', 'x-amz-function-error': 'Unhandled' },
          body: JSON.stringify({ errorType, errorMessage }),
        };
      }
    },
  };
}
