import { EXECUTION_ARN, Playground, play, STATE_MACHINE_ARN, task, tokenTask, workflow } from './playground.ts';

const refused = (name: string) => expect.objectContaining({ name });
const waiting = workflow({ Wait: { Type: 'Wait', Seconds: 60, End: true } });

describe('StartExecution', () => {
  it('returns the running execution for a second start with the same name and input', async () => {
    const { engine, clock, changes } = await play(waiting, { input: { id: 1 } });
    const first = engine.describeExecution(EXECUTION_ARN);
    await clock.advance(30_000, () => engine.idle());
    const again = engine.startExecution({ name: 'run', input: '{"id":1}' });
    expect(again).toEqual({ executionArn: first.executionArn, startDateMs: first.startDateMs });
    expect(changes).toHaveLength(1);
  });

  it('refuses the same name with another input, and the name of an ended execution', async () => {
    const playground = await play(waiting, { input: { id: 1 } });
    const start = (input: string) => () => playground.engine.startExecution({ name: 'run', input });
    expect(start('{"id":2}')).toThrow(refused('ExecutionAlreadyExists'));
    await playground.pass(60);
    expect(start('{"id":1}')).toThrow(refused('ExecutionAlreadyExists'));
  });

  it.each(['', 'a b', 'ä', 'a/b', 'x'.repeat(81)])('refuses the name %p', (name) => {
    const { engine } = new Playground(waiting);
    expect(() => engine.startExecution({ name, input: '{}' })).toThrow(refused('InvalidName'));
  });

  it('accepts a name of 80 letters, digits, hyphens and underscores', () => {
    const { engine } = new Playground(waiting);
    const name = `r-1_${'x'.repeat(76)}`;
    expect(engine.startExecution({ name, input: '{}' }).executionArn).toBe(
      `${EXECUTION_ARN.replace(/run$/, '')}${name}`,
    );
  });

  it.each(['', 'no json', '{'])('refuses the input %p', (input) => {
    const { engine } = new Playground(waiting);
    expect(() => engine.startExecution({ name: 'run', input })).toThrow(refused('InvalidExecutionInput'));
    expect(engine.listExecutions()).toEqual([]);
  });

  it('returns before the first function is called', async () => {
    const playground = new Playground(workflow({ Grant: task() }));
    playground.engine.startExecution({ name: 'run', input: '{}' });
    expect(playground.calls).toEqual([]);
    await playground.engine.idle();
    expect(playground.calls).toHaveLength(1);
  });
});

describe('StopExecution', () => {
  it('aborts an execution in its current state, and nothing happens in it afterwards', async () => {
    const playground = await play(waiting, { seconds: 10 });
    playground.engine.stopExecution({ executionArn: EXECUTION_ARN, error: 'Killed', cause: 'by an operator' });
    expect(playground.run).toMatchObject({ status: 'ABORTED', error: 'Killed', cause: 'by an operator' });
    const { events } = playground;
    await playground.pass(120);
    expect(playground.events).toEqual(events);
    expect(events).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionAborted']);
  });

  it('lets a running function go on, and ignores its answer', async () => {
    let answer: (value: unknown) => void = () => {};
    const work = () => new Promise((resolve) => (answer = resolve));
    const playground = new Playground(workflow({ Grant: task({ Next: 'Done' }), Done: { Type: 'Succeed' } }), { work });
    const { engine } = playground;
    engine.startExecution({ name: 'run', input: '{}' });
    await new Promise((resolve) => setImmediate(resolve));
    engine.stopExecution({ executionArn: EXECUTION_ARN });
    expect(engine.inFlight()).toBe(1);
    answer({});
    await engine.idle();
    expect(playground.run.status).toBe('ABORTED');
    expect(playground.events.at(-1)).toBe('ExecutionAborted');
  });

  it('aborts between two steps too, and no further function is called', async () => {
    const playground = new Playground(workflow({ Grant: task() }));
    playground.engine.startExecution({ name: 'run', input: '{}' });
    playground.engine.stopExecution({ executionArn: EXECUTION_ARN });
    await playground.engine.idle();
    expect(playground.calls).toEqual([]);
    expect(playground.events).toEqual(['ExecutionStarted', 'ExecutionAborted']);
  });

  it('aborts from inside the function that the execution waits for', async () => {
    const playground: Playground = new Playground(workflow({ Grant: task({ Next: 'More' }), More: task() }), {
      work: () => playground.engine.stopExecution({ executionArn: EXECUTION_ARN }),
    });
    await playground.start();
    expect(playground.run.status).toBe('ABORTED');
    expect(playground.calls).toHaveLength(1);
  });

  it('ends a wait between two retries', async () => {
    const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 30 }];
    const work = () => {
      throw new Error('always');
    };
    const playground = await play(workflow({ Grant: task({ Retry }) }), { work, seconds: 10 });
    playground.engine.stopExecution({ executionArn: EXECUTION_ARN });
    await playground.pass(1000);
    expect(playground.calls).toHaveLength(1);
  });

  it('does not change an ended execution, and refuses an unknown one', async () => {
    const playground = await play(workflow({ Done: { Type: 'Succeed' } }));
    playground.engine.stopExecution({ executionArn: EXECUTION_ARN });
    expect(playground.run.status).toBe('SUCCEEDED');
    const stop = () => playground.engine.stopExecution({ executionArn: `${EXECUTION_ARN}-other` });
    expect(stop).toThrow(refused('ExecutionDoesNotExist'));
    expect(() => playground.engine.describeExecution('arn:none')).toThrow(refused('ExecutionDoesNotExist'));
  });
});

describe('the engine', () => {
  it('reports every change of status with the fields of the EventBridge event', async () => {
    const { changes } = await play(waiting, { input: { id: 1 }, seconds: 60 });
    const startDateMs = Date.parse('2026-01-05T09:00:00Z');
    const common = { name: 'run', executionArn: EXECUTION_ARN, input: '{"id":1}', startDateMs };
    expect(changes).toEqual([
      { ...common, status: 'RUNNING' },
      { ...common, status: 'SUCCEEDED', output: '{"id":1}', stopDateMs: startDateMs + 60_000 },
    ]);
  });

  it('reports the end of an aborted, failed or timed out execution exactly once', async () => {
    const aborted = await play(waiting);
    aborted.engine.stopExecution({ executionArn: EXECUTION_ARN });
    aborted.engine.stopExecution({ executionArn: EXECUTION_ARN });
    await aborted.pass(60);
    expect(aborted.changes.map(({ status }) => status)).toEqual(['RUNNING', 'ABORTED']);
    const failed = await play(workflow({ Stop: { Type: 'Fail', Error: 'E' } }));
    expect(failed.changes.at(-1)).toMatchObject({ status: 'FAILED', error: 'E' });
    const timedOut = await play(workflow({ Ask: tokenTask() }, { TimeoutSeconds: 5 }), { seconds: 60 });
    expect(timedOut.changes.map(({ status }) => status)).toEqual(['RUNNING', 'TIMED_OUT']);
  });

  it('lists executions, newest first, all or by status', async () => {
    const { engine } = await play(waiting);
    engine.startExecution({ name: 'second', input: '{}' });
    engine.startExecution({ name: 'third', input: '{}' });
    engine.stopExecution({ executionArn: EXECUTION_ARN });
    const listed = (statusFilter?: 'RUNNING' | 'ABORTED') =>
      engine.listExecutions({ statusFilter }).map(({ name }) => name);
    expect(listed()).toEqual(['third', 'second', 'run']);
    expect(listed('RUNNING')).toEqual(['third', 'second']);
    expect(listed('ABORTED')).toEqual(['run']);
    expect(engine.listExecutions()[0]).toMatchObject({ stateMachineArn: STATE_MACHINE_ARN, status: 'RUNNING' });
  });

  it('gives the current state of an execution until it ends', async () => {
    const playground = await play(waiting);
    expect(playground.engine.currentState('run')).toBe('Wait');
    await playground.pass(60);
    expect(playground.engine.currentState('run')).toBeUndefined();
    expect(playground.engine.currentState('nobody')).toBeUndefined();
    expect(playground.engine.history('nobody')).toEqual([]);
  });

  it('is idle only when every function has answered and every execution waits or has ended', async () => {
    let answer: (value: unknown) => void = () => {};
    const work = () => new Promise((resolve) => (answer = resolve));
    const states = { Grant: task({ Next: 'Wait' }), Wait: { Type: 'Wait', Seconds: 5, End: true } };
    const { engine } = new Playground(workflow(states), { work });
    engine.startExecution({ name: 'run', input: '{}' });
    let isIdle = false;
    const idle = engine.idle().then(() => (isIdle = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect([isIdle, engine.inFlight(), engine.currentState('run')]).toEqual([false, 1, 'Grant']);
    answer(null);
    await idle;
    expect([engine.inFlight(), engine.currentState('run')]).toEqual([0, 'Wait']);
  });

  it('gives the same history twice for the same time, random numbers and answers', async () => {
    const Retry = [{ ErrorEquals: ['States.ALL'], MaxAttempts: 5, JitterStrategy: 'FULL' }];
    const states = { Ask: tokenTask({ TimeoutSeconds: 20, Retry, Next: 'Grant' }), Grant: task({ Retry }) };
    const once = async () => {
      let seed = 7;
      const random = () => {
        seed = (seed * 16_807) % 2_147_483_647;
        return seed / 2_147_483_647;
      };
      const playground = new Playground(workflow(states), {
        random,
        work: () => {
          if (random() < 0.6) throw new Error('chance');
        },
      });
      for (let n = 0; n < 20; n++) playground.engine.startExecution({ name: `run-${n}`, input: `${n}` });
      await playground.pass(300);
      return playground.engine
        .listExecutions()
        .map(({ name, status }) => [name, status, playground.engine.history(name)]);
    };
    expect(await once()).toEqual(await once());
  });

  it('completes a thousand concurrent executions', async () => {
    const states = {
      Begin: { Type: 'Pass', Assign: { id: '{% $states.input.id %}' }, Next: 'Grant' },
      Grant: task({ Arguments: { FunctionName: 'work', Payload: { id: '{% $id %}' } }, Next: 'Hold' }),
      Hold: tokenTask({ TimeoutSeconds: 3600, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Revoke' }] }),
      Revoke: task({ Output: '{% $id %}' }),
    };
    const playground = new Playground(workflow(states));
    for (let id = 0; id < 1000; id++)
      playground.engine.startExecution({ name: `r-${id}`, input: JSON.stringify({ id }) });
    await playground.pass(3600);
    const done = playground.engine.listExecutions({ statusFilter: 'SUCCEEDED' });
    expect(done.map(({ output }) => Number(output)).reverse()).toEqual(Array.from({ length: 1000 }, (_, id) => id));
  });
});
