import { failure, Playground, play, task, tokenTask, workflow } from './playground.ts';

const never = () => new Promise<never>(() => {});

describe('TimeoutSeconds of a Task', () => {
  it('ends a wait for a token exactly on time, without a cause', async () => {
    const playground = await play(workflow({ Ask: tokenTask({ TimeoutSeconds: 900 }) }), { seconds: 899 });
    expect(playground.run.status).toBe('RUNNING');
    await playground.pass(1);
    expect(playground.run).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(playground.run).not.toHaveProperty('cause');
    expect(playground.events.slice(-2)).toEqual(['TaskTimedOut', 'ExecutionFailed']);
  });

  it('may be an expression that depends on the current time', async () => {
    const TimeoutSeconds = '{% $max([1, $ceil(($toMillis($states.input.endsAt) - $millis()) / 1000)]) %}';
    const definition = workflow({ Hold: tokenTask({ TimeoutSeconds }) });
    const playground = await play(definition, { input: { endsAt: '2026-01-05T10:00:00Z' }, seconds: 10_000 });
    expect(playground.run.stopDateMs).toBe(Date.parse('2026-01-05T10:00:00Z'));
    const past = await play(definition, { input: { endsAt: '2026-01-05T08:00:00Z' }, seconds: 10 });
    expect(past.run.stopDateMs).toBe(Date.parse('2026-01-05T09:00:01Z'));
  });

  it.each([0, -1, 1.5, 100_000_000, '10', null])('refuses %p from an expression', async (seconds) => {
    const TimeoutSeconds = '{% $states.input.seconds %}';
    const { run } = await play(workflow({ Hold: tokenTask({ TimeoutSeconds }) }), { input: { seconds } });
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });

  it('is caught by States.Timeout, not by States.TaskFailed', async () => {
    const Catch = [
      { ErrorEquals: ['States.TaskFailed'], Next: 'Wrong' },
      { ErrorEquals: ['States.Timeout'], Next: 'Remind' },
    ];
    const states = {
      Ask: tokenTask({ TimeoutSeconds: 10, Catch }),
      Wrong: { Type: 'Fail' },
      Remind: { Type: 'Succeed' },
    };
    const { path, output } = await play(workflow(states), { seconds: 10 });
    expect(path).toEqual(['Ask', 'Remind']);
    expect(output).toEqual({ Error: 'States.Timeout' });
  });

  it('gives up a function that does not answer, and ignores a later answer', async () => {
    let answer: (value: unknown) => void = () => {};
    const work = () => new Promise((resolve) => (answer = resolve));
    const playground = new Playground(workflow({ Grant: task({ TimeoutSeconds: 60 }) }), { work });
    playground.engine.startExecution({ name: 'run', input: '{}' });
    await playground.clock.advance(60_000, async () => new Promise((resolve) => setImmediate(resolve)));
    expect(playground.run).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(playground.engine.inFlight()).toBe(1);
    const { length } = playground.events;
    answer({ next: 'check' });
    await playground.engine.idle();
    expect(playground.engine.inFlight()).toBe(0);
    expect(playground.events).toHaveLength(length);
  });

  it('applies to a token task also while its function still runs', async () => {
    const playground = new Playground(workflow({ Ask: tokenTask({ TimeoutSeconds: 5 }) }), { work: never });
    playground.engine.startExecution({ name: 'run', input: '{}' });
    await playground.clock.advance(5000, async () => new Promise((resolve) => setImmediate(resolve)));
    expect(playground.run).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('leaves no timers behind, so that many executions do not fill the memory', async () => {
    const states = {
      Grant: task({ TimeoutSeconds: 60, Next: 'Hold' }),
      Hold: tokenTask({ TimeoutSeconds: 3600, HeartbeatSeconds: 600 }),
    };
    const playground = new Playground(workflow(states, { TimeoutSeconds: 86_400 }));
    const { clock, engine } = playground;
    const open = new Set<object>();
    const schedule = clock.schedule.bind(clock);
    clock.schedule = (atMs, fn) => {
      const timer = {};
      open.add(timer);
      const cancel = schedule(atMs, fn);
      return () => {
        open.delete(timer);
        cancel();
      };
    };
    await playground.start();
    expect(open.size).toBe(3);
    engine.sendTaskHeartbeat({ taskToken: 'token-1' });
    engine.sendTaskSuccess({ taskToken: 'token-1', output: '{}' });
    await engine.idle();
    expect(playground.run.status).toBe('SUCCEEDED');
    expect(open.size).toBe(0);
  });

  it('is optional: a task without it can wait for months', async () => {
    const playground = await play(workflow({ Ask: tokenTask() }), { seconds: 200 * 86_400 });
    playground.engine.sendTaskSuccess({ taskToken: 'token-1', output: '"at last"' });
    await playground.engine.idle();
    expect(playground.output).toBe('at last');
  });
});

describe('HeartbeatSeconds of a Task', () => {
  const asking = (fields: object = {}) => workflow({ Ask: tokenTask({ HeartbeatSeconds: 10, ...fields }) });

  it('fails the task if no heartbeat comes', async () => {
    const { run, events } = await play(asking(), { seconds: 10 });
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.HeartbeatTimeout' });
    expect(events).toContain('TaskTimedOut');
  });

  it('starts again with every heartbeat', async () => {
    const playground = await play(asking());
    for (let beat = 0; beat < 5; beat++) {
      await playground.pass(9);
      playground.engine.sendTaskHeartbeat({ taskToken: 'token-1' });
    }
    await playground.pass(9);
    expect(playground.run.status).toBe('RUNNING');
    await playground.pass(1);
    expect(playground.run.status).toBe('FAILED');
    expect(playground.seconds()).toBe(55);
  });

  it('does not extend TimeoutSeconds', async () => {
    const playground = await play(asking({ TimeoutSeconds: 15 }));
    await playground.pass(9);
    playground.engine.sendTaskHeartbeat({ taskToken: 'token-1' });
    await playground.pass(6);
    expect(playground.run).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it.each(['States.HeartbeatTimeout', 'States.Timeout', 'States.ALL'])('is caught by %s', async (name) => {
    const Catch = [{ ErrorEquals: [name], Next: 'Caught' }];
    const states = { Ask: tokenTask({ HeartbeatSeconds: 10, Catch }), Caught: { Type: 'Succeed' } };
    expect((await play(workflow(states), { seconds: 10 })).path).toEqual(['Ask', 'Caught']);
  });

  it('is not caught by States.TaskFailed', async () => {
    const Catch = [{ ErrorEquals: ['States.TaskFailed'], Next: 'Caught' }];
    const states = { Ask: tokenTask({ HeartbeatSeconds: 10, Catch }), Caught: { Type: 'Succeed' } };
    expect((await play(workflow(states), { seconds: 10 })).run.status).toBe('FAILED');
  });
});

describe('TimeoutSeconds of the workflow', () => {
  it('ends the execution in any state, with the error only in the history', async () => {
    const states = { Wait: { Type: 'Wait', Seconds: 3600, End: true } };
    const playground = await play(workflow(states, { TimeoutSeconds: 60 }), { seconds: 59 });
    expect(playground.run.status).toBe('RUNNING');
    await playground.pass(1);
    expect(playground.run.status).toBe('TIMED_OUT');
    expect(playground.run).not.toHaveProperty('error');
    expect(playground.engine.history('run').at(-1)).toMatchObject({
      type: 'ExecutionTimedOut',
      error: 'States.Timeout',
    });
    await playground.pass(7200);
    expect(playground.events).not.toContain('WaitStateExited');
  });

  it('cannot be caught', async () => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }];
    const states = { Ask: tokenTask({ Catch }), Caught: { Type: 'Succeed' } };
    const { run, path } = await play(workflow(states, { TimeoutSeconds: 60 }), { seconds: 60 });
    expect(run.status).toBe('TIMED_OUT');
    expect(path).toEqual(['Ask']);
  });

  it('is at most a year, as for every Standard workflow', async () => {
    const states = { Ask: tokenTask() };
    const playground = await play(workflow(states, { TimeoutSeconds: 99_999_999 }), { seconds: 365 * 86_400 - 1 });
    expect(playground.run.status).toBe('RUNNING');
    await playground.pass(1);
    expect(playground.run.status).toBe('TIMED_OUT');
  });

  it('does not change an ended execution', async () => {
    const playground = await play(workflow({ Done: { Type: 'Succeed' } }, { TimeoutSeconds: 60 }), { seconds: 120 });
    expect(playground.run.status).toBe('SUCCEEDED');
    expect(playground.changes.map(({ status }) => status)).toEqual(['RUNNING', 'SUCCEEDED']);
  });
});

describe('a failed function of a token task', () => {
  it('fails the task with the error of the function', async () => {
    const { run } = await play(workflow({ Ask: tokenTask() }), {
      work: () => {
        throw failure('ConflictException', 'busy');
      },
    });
    expect(run).toMatchObject({ status: 'FAILED', error: 'ConflictException', cause: 'busy' });
  });
});
