import type { WorkflowPort } from '../../core/access/ports.ts';
import { createExecutionWatch } from '../../gateways/step-functions/executions.ts';
import { createWorkflow } from '../../gateways/step-functions/workflow.ts';
import { ANAS_ASSIGNMENT, NOON } from '../core/access/requests.ts';
import { FakeWorkflow } from '../core/access/services.ts';
import { workflow as definition, Playground, STATE_MACHINE_ARN, tokenTask } from '../sandbox/states/playground.ts';
import { emulateAws } from './emulated.ts';

interface Subject {
  readonly workflow: WorkflowPort;
  /** The names of the executions. */
  executions(): string[];
  /** Starts a state that waits, and returns its task token. */
  waitingToken(): Promise<string>;
  /** Lets the state with this token stop waiting. */
  giveUp(token: string): Promise<void>;
}

function inMemory(): Subject {
  const workflow = new FakeWorkflow();
  return {
    workflow,
    executions: () => [...new Set(workflow.started)],
    waitingToken: async () => 'token',
    giveUp: async (token) => void workflow.dead.add(token),
  };
}

function inStepFunctions() {
  const playground = new Playground(definition({ Hold: tokenTask({ TimeoutSeconds: 60, End: true }) }));
  const { engine } = playground;
  const aws = emulateAws({ states: Object.assign(engine, { stateMachineArn: STATE_MACHINE_ARN }) });
  return {
    aws,
    playground,
    watch: createExecutionWatch({ client: aws.sfn, stateMachineArn: STATE_MACHINE_ARN }),
    workflow: createWorkflow({ client: aws.sfn, stateMachineArn: STATE_MACHINE_ARN }),
    executions: () =>
      engine
        .listExecutions({})
        .map(({ name }) => name)
        .reverse(),
    waitingToken: async () => {
      await playground.start();
      return String(Object(playground.calls[0]?.payload).token);
    },
    giveUp: async () => void (await playground.pass(61)),
  };
}

describe.each<[string, () => Subject]>([
  ['in memory', inMemory],
  ['in Step Functions', inStepFunctions],
])('the workflow %s', (_where, create) => {
  it('of a request starts once, however often it is started', async () => {
    const { workflow, executions } = create();
    await Promise.all([1, 2, 3].map(() => workflow.start('r1')));
    expect(executions()).toEqual(['r1']);
  });

  it('has clean-ups beside it, one for each attempt', async () => {
    const { workflow, executions } = create();
    await workflow.start('r1');
    for (const attempt of ['1', '1', '2']) await workflow.startCleanup('r1', attempt);
    expect(executions()).toEqual(['r1', 'r1-cleanup-1', 'r1-cleanup-2']);
  });

  it('is woken by its task token, and says that it was', async () => {
    const { workflow, waitingToken } = create();
    expect(await workflow.wake(await waitingToken(), { ended: true })).toBe(true);
  });

  it('says that no state waits any more, instead of failing, so that the caller can start a clean-up', async () => {
    const { workflow, waitingToken, giveUp } = create();
    const token = await waitingToken();
    await giveUp(token);
    expect(await workflow.wake(token, { ended: true })).toBe(false);
  });
});

describe('the workflow in Step Functions', () => {
  it('gets the request id as its input, and a clean-up is marked as one', async () => {
    const { workflow, playground } = inStepFunctions();
    await workflow.start('r1');
    await workflow.startCleanup('r1', '1');
    // A report that is looked at again needs no removal.
    await workflow.startCleanup('r1', 'look-20260106', 'report');
    await workflow.startCut('abc', ANAS_ASSIGNMENT, NOON);
    await workflow.startCut('abc', ANAS_ASSIGNMENT, NOON);
    const inputs = playground.changes
      .filter(({ status }) => status === 'RUNNING')
      .map(({ input }) => JSON.parse(input));
    expect(inputs).toEqual([
      { requestId: 'r1' },
      { requestId: 'r1', cleanup: true },
      { requestId: 'r1', report: true },
      { requestId: 'lost-abc', cleanup: true, made: ANAS_ASSIGNMENT, cutSince: NOON },
    ]);
  });

  it('does not start again after it is over', async () => {
    const { workflow, playground, executions } = inStepFunctions();
    await workflow.start('r1');
    await playground.pass(61);
    await workflow.start('r1');
    expect(executions()).toEqual(['r1']);
  });

  it('is started if Step Functions wrongly says once that it exists', async () => {
    const { aws, workflow, executions } = inStepFunctions();
    aws.faults.add({ operation: 'sfn:StartExecution', error: 'ExecutionAlreadyExists' });
    await workflow.start('r1');
    expect(executions()).toEqual(['r1']);
  });

  it('is not called started if Step Functions keeps saying wrongly that it exists: the caller gets an error', async () => {
    const { aws, workflow, executions } = inStepFunctions();
    aws.faults.add({ operation: 'sfn:StartExecution', error: 'ExecutionAlreadyExists', times: 2 });
    await expect(workflow.start('r1')).rejects.toThrow(/r1/);
    expect(executions()).toEqual([]);
    await workflow.start('r1');
    expect(executions()).toEqual(['r1']);
  });

  it('says that no state waits for an invalid token', async () => {
    expect(await inStepFunctions().workflow.wake('no token', {})).toBe(false);
  });

  it('does not call a throttled start done, nor a failed wake-up', async () => {
    const { aws, workflow, waitingToken } = inStepFunctions();
    const token = await waitingToken();
    aws.faults.add({ operation: 'sfn:StartExecution', error: 'ThrottlingException' });
    aws.faults.add({ operation: 'sfn:SendTaskSuccess', error: 'ThrottlingException' });
    await expect(workflow.start('r1')).rejects.toMatchObject({ name: 'ThrottlingException' });
    await expect(workflow.wake(token, {})).rejects.toMatchObject({ name: 'ThrottlingException' });
  });
});

describe('running workflows, as Step Functions lists them', () => {
  it('are those of requests and their clean-ups, without those that are over', async () => {
    const { workflow, playground, watch } = inStepFunctions();
    await workflow.start('r-over');
    await playground.pass(61);
    await workflow.start('r1');
    await workflow.startCleanup('r2', 'sweep-1');
    expect(await watch.runningFor()).toEqual(new Set(['r1', 'r2']));
  });

  it('are listed to the last, a thousand at a time: a request that is missing would lose its access', async () => {
    const { playground, watch, aws } = inStepFunctions();
    const ids = Array.from({ length: 1001 }, (_, n) => `r${n}`);
    for (const name of ids) playground.engine.startExecution({ name, input: '{}' });
    expect(await watch.runningFor()).toEqual(new Set(ids));
    expect(aws.calls.snapshot()['sfn:ListExecutions']).toBe(2);
  });

  it('can be asked for one request: how its workflow stands, and since when it has stopped', async () => {
    const { workflow, playground, watch } = inStepFunctions();
    expect(await watch.stateOf('r1')).toEqual({ status: 'unknown' });
    await workflow.start('r1');
    expect(await watch.stateOf('r1')).toEqual({ status: 'running' });
    await playground.pass(61);
    expect(await watch.stateOf('r1')).toMatchObject({
      status: 'stopped',
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      how: 'FAILED',
    });
  });

  it('are not guessed if Step Functions cannot tell', async () => {
    const { aws, watch } = inStepFunctions();
    aws.faults.add({ operation: 'sfn:ListExecutions', error: 'ThrottlingException' });
    aws.faults.add({ operation: 'sfn:DescribeExecution', error: 'ThrottlingException' });
    await expect(watch.runningFor()).rejects.toMatchObject({ name: 'ThrottlingException' });
    await expect(watch.stateOf('r1')).rejects.toMatchObject({ name: 'ThrottlingException' });
  });
});
