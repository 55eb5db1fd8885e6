import { SFNClient } from '@aws-sdk/client-sfn';
import { createExecutionHistory } from '../../../gateways/execution-history.ts';
import { createExecutionWatch } from '../../../gateways/executions.ts';
import { createSoFarQuestions } from '../../../gateways/so-far-questions.ts';
import { createWorkflow } from '../../../gateways/workflow.ts';
import { sha256 } from '../sha256.ts';
import { AWS_CALLS } from './aws-calls.ts';

export function workflow(environment: { readonly stateMachine: string }) {
  return createWorkflow({ client: new SFNClient(AWS_CALLS), stateMachineArn: environment.stateMachine });
}

export function executionWatch(environment: { readonly stateMachine: string }) {
  return createExecutionWatch({ client: new SFNClient(AWS_CALLS), stateMachineArn: environment.stateMachine });
}

export function executionHistory(environment: { readonly stateMachine: string }) {
  return createExecutionHistory({ client: new SFNClient(AWS_CALLS), stateMachineArn: environment.stateMachine });
}

export function soFarQuestions(environment: { readonly stateMachine: string }) {
  return createSoFarQuestions({
    client: new SFNClient(AWS_CALLS),
    stateMachineArn: environment.stateMachine,
    sha256,
  });
}
