import { consoleHost } from './aws-console.ts';

/** Where the run of one request is seen. */
export interface ExecutionPlace {
  readonly arn: string;
  /** The page of it in the AWS console of its partition and Region. */
  readonly address: string;
}

/**
 * Where each request's execution is, by the ARN of the state machine alone: its name is the request's id. Step Functions keeps it for
 * ninety days after it is over.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export function createExecutionPlaces(stateMachineArn: string): (requestId: string) => ExecutionPlace {
  const [, partition = '', , region = ''] = stateMachineArn.split(':');
  const prefix = stateMachineArn.replace(':stateMachine:', ':execution:');
  return (requestId) => {
    const arn = `${prefix}:${requestId}`;
    const host = consoleHost(partition, region);
    return { arn, address: `https://${host}/states/home?region=${region}#/v2/executions/details/${arn}` };
  };
}
