import { SFNClient } from '@aws-sdk/client-sfn';
import { createWorkflow } from '../../gateways/workflow.ts';
import { AWS_CALLS } from './aws-calls.ts';

export function workflow(environment: { readonly stateMachine: string }) {
  return createWorkflow({ client: new SFNClient(AWS_CALLS), stateMachineArn: environment.stateMachine });
}
