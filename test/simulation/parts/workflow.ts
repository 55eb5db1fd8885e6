import { readFileSync } from 'node:fs';
import { workflowSubstitutions } from '../../../sandbox/server/workflow-substitutions.ts';
import { loadStateMachine } from '../../../sandbox/states/definition/load.ts';
import type { ExecutionStatusChange } from '../../../sandbox/states/engine.ts';

/** The workflow definition as deployed; read once for all histories. */
export const DEFINITION = loadStateMachine(
  JSON.parse(readFileSync(new URL('../../../statemachines/access.asl.json', import.meta.url), 'utf8')),
  workflowSubstitutions(),
);

/** Acts as the deployed EventBridge rule: an execution that did not succeed is sent to the revoke. */
export function handleStopped(change: ExecutionStatusChange, send: (event: unknown) => void): void {
  if (!['FAILED', 'TIMED_OUT', 'ABORTED'].includes(change.status)) return;
  const { executionArn, name, status, input } = change;
  send({
    version: '0',
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: { executionArn, name, status, input },
  });
}
