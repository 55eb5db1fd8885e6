import { SFNClient } from '@aws-sdk/client-sfn';
import { createExecutionHistory } from '../../../gateways/step-functions/execution-history.ts';
import { createExecutionWatch } from '../../../gateways/step-functions/executions.ts';
import { createSoFarQuestions } from '../../../gateways/step-functions/so-far-questions.ts';
import { createWorkflow } from '../../../gateways/step-functions/workflow.ts';
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
