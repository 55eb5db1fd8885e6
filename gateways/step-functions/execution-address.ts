import { consoleHost } from '../aws-console.ts';

/** The workflow execution of one request. */
export interface ExecutionPlace {
  readonly arn: string;
  /** Its page in the AWS console of its partition and Region. */
  readonly address: string;
}

/**
 * The execution of each request, derived from the ARN of the state machine: its name is the request's id. Step
 * Functions keeps an execution for ninety days after its end.
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
