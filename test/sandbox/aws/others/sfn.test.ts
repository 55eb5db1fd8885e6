import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ListExecutionsCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { createExecutionHistory } from '../../../../gateways/step-functions/execution-history.ts';
import type { ExecutionView, StatesBackend } from '../../../../sandbox/aws/others/sfn.ts';
import { errorName, type Harness, startHarness } from '../harness.ts';

const MACHINE = 'arn:aws:states:eu-central-1:456789012345:stateMachine:access';

/** An engine that only records calls; the real one has tests of its own. */
class RecordingEngine implements StatesBackend {
  readonly stateMachineArn = MACHINE;
  readonly told: unknown[] = [];
  readonly executions = new Map<string, ExecutionView>();

  startExecution({ name, input }: { name: string; input: string }) {
    if (this.executions.has(name)) throw named('ExecutionAlreadyExists');
    const executionArn = `${MACHINE.replace('stateMachine', 'execution')}:${name}`;
    const startDateMs = Date.parse('2026-01-05T09:00:00Z') + this.executions.size * 1000;
    this.executions.set(name, { name, executionArn, status: 'RUNNING', input, startDateMs });
    return { executionArn, startDateMs };
  }
  async stopExecution({ executionArn }: { executionArn: string }) {
    Object.assign(this.describeExecution(executionArn), {
      status: 'ABORTED',
      stopDateMs: Date.parse('2026-01-05T10:00:00Z'),
    });
  }
  sendTaskSuccess(request: { taskToken: string }) {
    if (request.taskToken === 'late') throw named('TaskTimedOut');
    if (request.taskToken === 'odd') throw new Error('the engine is broken');
    this.told.push(request);
  }
  describeExecution(executionArn: string) {
    const found = [...this.executions.values()].find((execution) => execution.executionArn === executionArn);
    if (found === undefined) throw named('ExecutionDoesNotExist');
    return found;
  }
  history(name: string) {
    const made = { principalId: 'user-ana', target: { groupId: 'group-oncall' } };
    const exited = (id: number, stateName: string, output: unknown) => ({
      id,
      type: 'TaskStateExited',
      timestampMs: Date.parse('2026-01-05T09:00:00Z'),
      stateName,
      output: JSON.stringify(output),
    });
    return [
      {
        ...{ id: 1, type: 'ExecutionStarted', timestampMs: Date.parse('2026-01-05T09:00:00Z') },
        input: this.executions.get(name)?.input,
      },
      exited(2, 'Grant access', { Payload: { made: '' } }),
      exited(3, 'Grant access', { Payload: { made } }),
      exited(4, 'Look again', { Payload: { made: '' } }),
      exited(5, 'Grant access', { Payload: { made: '' } }),
    ];
  }
  listExecutions({ statusFilter }: { statusFilter?: string }) {
    return [...this.executions.values()].filter(({ status }) => statusFilter === undefined || status === statusFilter);
  }
}

function named(name: string): Error {
  return Object.assign(new Error(`planned ${name}`), { name });
}

describe('the emulated Step Functions API', () => {
  let harness: Harness;
  let engine: RecordingEngine;
  let sfn: SFNClient;
  const start = (name: string) =>
    sfn.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name, input: '{"requestId":"r1"}' }));

  beforeEach(async () => {
    engine = new RecordingEngine();
    harness = await startHarness({}, { states: engine });
    sfn = new SFNClient(harness.overHttp());
  });
  afterEach(async () => {
    sfn.destroy();
    await harness.close();
  });

  test('a second start with the same name is refused with ExecutionAlreadyExists', async () => {
    const { executionArn, startDate } = await start('r1');
    expect(startDate).toEqual(new Date('2026-01-05T09:00:00Z'));
    await expect(start('r1')).rejects.toThrow(ExecutionAlreadyExists);
    const described = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({
      name: 'r1',
      status: 'RUNNING',
      input: '{"requestId":"r1"}',
      stateMachineArn: MACHINE,
    });
  });

  test('an unknown state machine and an unknown execution do not exist', async () => {
    const other = sfn.send(new StartExecutionCommand({ stateMachineArn: `${MACHINE}x`, name: 'r1' }));
    expect(await errorName(other)).toBe('StateMachineDoesNotExist');
    const unknown = sfn.send(new DescribeExecutionCommand({ executionArn: `${MACHINE}:none` }));
    expect(await errorName(unknown)).toBe('ExecutionDoesNotExist');
  });

  test('an answer to a waiting task reaches it, and a late one fails with TaskTimedOut', async () => {
    await sfn.send(new SendTaskSuccessCommand({ taskToken: 'token', output: '{"ended":true}' }));
    expect(engine.told).toEqual([{ taskToken: 'token', output: '{"ended":true}' }]);
    await expect(sfn.send(new SendTaskSuccessCommand({ taskToken: 'late', output: '{}' }))).rejects.toThrow(
      TaskTimedOut,
    );
  });

  test('executions are listed by status, newest first and in pages, a stopped one as ABORTED', async () => {
    const { executionArn } = await start('r1');
    await start('r2');
    const { stopDate } = await sfn.send(new StopExecutionCommand({ executionArn, cause: 'an operator' }));
    expect(stopDate).toEqual(new Date('2026-01-05T10:00:00Z'));
    const list = async (input: object) =>
      await sfn.send(new ListExecutionsCommand({ stateMachineArn: MACHINE, ...input }));
    expect((await list({ statusFilter: 'ABORTED' })).executions?.map(({ name }) => name)).toEqual(['r1']);
    const first = await list({ maxResults: 1 });
    const rest = await list({ maxResults: 1, nextToken: first.nextToken });
    expect([first, rest].flatMap(({ executions = [] }) => executions.map(({ name }) => name))).toEqual(['r2', 'r1']);
  });

  test('the execution history gives the last grant, or nothing for an unknown execution', async () => {
    await start('r1');
    const { madeBy } = createExecutionHistory({ client: sfn, stateMachineArn: MACHINE });
    expect(await madeBy('r1')).toEqual({ principalId: 'user-ana', target: { groupId: 'group-oncall' } });
    expect(await madeBy('r2')).toBeUndefined();
  });

  test('the execution history gives nothing if the execution worked on a request with another name', async () => {
    await start('other');
    const { madeBy } = createExecutionHistory({ client: sfn, stateMachineArn: MACHINE });
    expect(await madeBy('other')).toBeUndefined();
  });

  test('a bug in the engine is answered with status 500 and not as an error of AWS', async () => {
    const log = jest.spyOn(console, 'error').mockImplementation(() => {});
    await expect(sfn.send(new SendTaskSuccessCommand({ taskToken: 'odd', output: '{}' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 500 },
    });
    expect(log).toHaveBeenCalledTimes(1);
    log.mockRestore();
  });
});
