import { failing, failure, Playground, play, task, tokenTask, workflow } from './playground.ts';

/** Runs a Task with these retriers and a function that fails with these errors. @returns when it was called */
async function called(Retry: object[], errors: string[], random = () => 0.5) {
  const playground = await play(workflow({ Grant: task({ Retry }) }), {
    work: failing(...errors),
    random,
    seconds: 100_000,
  });
  return { at: playground.calledAt, run: playground.run };
}

describe('Retry', () => {
  it('by default tries three times more, after 1, 2 and 4 seconds', async () => {
    const { at, run } = await called([{ ErrorEquals: ['A'] }], ['A', 'A', 'A', 'A']);
    expect(at).toEqual([0, 1, 3, 7]);
    expect(run).toMatchObject({ status: 'FAILED', error: 'A' });
  });

  it('multiplies the interval by BackoffRate', async () => {
    const { at, run } = await called(
      [{ ErrorEquals: ['A'], IntervalSeconds: 3, BackoffRate: 1.5, MaxAttempts: 3 }],
      ['A', 'A', 'A'],
    );
    expect(at).toEqual([0, 3, 7.5, 14.25]);
    expect(run.status).toBe('SUCCEEDED');
  });

  it('never waits longer than MaxDelaySeconds', async () => {
    const retrier = { ErrorEquals: ['A'], IntervalSeconds: 3, BackoffRate: 2, MaxAttempts: 4, MaxDelaySeconds: 5 };
    expect((await called([retrier], ['A', 'A', 'A', 'A'])).at).toEqual([0, 3, 8, 13, 18]);
  });

  it('with FULL jitter waits a random part of the delay', async () => {
    const chances = [0, 0.25, 0.999];
    const retrier = { ErrorEquals: ['A'], IntervalSeconds: 4, BackoffRate: 2, JitterStrategy: 'FULL' };
    const { at } = await called([retrier], ['A', 'A', 'A'], () => chances.shift() ?? 0);
    expect(at).toEqual([0, 0, 2, 2 + 15.984]);
  });

  it('without jitter waits exactly the delay', async () => {
    const { at } = await called([{ ErrorEquals: ['A'], JitterStrategy: 'NONE' }], ['A'], () => 0);
    expect(at).toEqual([0, 1]);
  });

  it('does not retry an error with MaxAttempts 0, even if a later retrier would', async () => {
    const { at, run } = await called(
      [{ ErrorEquals: ['NotFound'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }],
      ['NotFound'],
    );
    expect(at).toEqual([0]);
    expect(run).toMatchObject({ status: 'FAILED', error: 'NotFound' });
  });

  it('counts attempts per retrier, and gives up when the matching one is used up', async () => {
    // The example of the documentation: errors A, B, C, B with two retries for A and B, and three for C.
    const retry = [
      { ErrorEquals: ['A', 'B'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2 },
      { ErrorEquals: ['C'], IntervalSeconds: 5 },
    ];
    const { at, run } = await called(retry, ['A', 'B', 'C', 'B']);
    expect(at).toEqual([0, 1, 3, 8]);
    expect(run).toMatchObject({ status: 'FAILED', error: 'B' });
  });

  it('uses the first retrier that matches an error, not the most specific one', async () => {
    const retry = [
      { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 7, MaxAttempts: 1 },
      { ErrorEquals: ['A'], IntervalSeconds: 1, MaxAttempts: 5 },
    ];
    const { at } = await called(retry, ['A', 'A']);
    expect(at).toEqual([0, 7]);
  });

  it('does not retry an error that no retrier names', async () => {
    expect((await called([{ ErrorEquals: ['A'] }], ['B'])).at).toEqual([0]);
  });

  it('retries a timeout by States.Timeout and by States.ALL, not by States.TaskFailed', async () => {
    const calls = async (name: string) => {
      const Retry = [{ ErrorEquals: [name], MaxAttempts: 1 }];
      const playground = await play(workflow({ Ask: tokenTask({ TimeoutSeconds: 10, Retry }) }), { seconds: 1000 });
      return playground.calledAt;
    };
    expect(await calls('States.Timeout')).toEqual([0, 11]);
    expect(await calls('States.ALL')).toEqual([0, 11]);
    expect(await calls('States.TaskFailed')).toEqual([0]);
  });

  it('starts counting again when the state is entered again', async () => {
    const states = {
      Grant: task({ Retry: [{ ErrorEquals: ['A'], MaxAttempts: 1 }], Next: 'Again?' }),
      'Again?': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input.Payload.again %}', Next: 'Grant' }],
        Default: 'Done',
      },
      Done: { Type: 'Succeed' },
    };
    const answers = ['A', true, 'A', false];
    const work = () => {
      const answer = answers.shift();
      if (typeof answer === 'string') throw failure(answer);
      return { again: answer };
    };
    const { run, calledAt } = await play(workflow(states), { work, seconds: 100 });
    expect(run.status).toBe('SUCCEEDED');
    expect(calledAt).toEqual([0, 1, 1, 2]);
  });

  it('evaluates the arguments again for each attempt, with the number of retries', async () => {
    const Payload = { retries: '{% $states.context.State.RetryCount %}', at: '{% $millis() %}' };
    const Retry = [{ ErrorEquals: ['A'], MaxAttempts: 1 }, { ErrorEquals: ['B'] }];
    const definition = workflow({ Grant: task({ Arguments: { FunctionName: 'work', Payload }, Retry }) });
    const { calls } = await play(definition, { work: failing('A', 'B'), seconds: 10 });
    const startMs = Date.parse('2026-01-05T09:00:00Z');
    expect(calls.map(({ payload }) => payload)).toEqual([
      { retries: 0, at: startMs },
      { retries: 1, at: startMs + 1000 },
      { retries: 2, at: startMs + 2000 },
    ]);
  });

  it('gives each attempt its own token, and the old one is refused', async () => {
    const Retry = [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1 }];
    const playground = new Playground(workflow({ Ask: tokenTask({ TimeoutSeconds: 10, Retry }) }));
    await playground.start();
    await playground.pass(12);
    expect(playground.calls.map(({ payload }) => payload)).toEqual([{ token: 'token-1' }, { token: 'token-2' }]);
    const late = () => playground.engine.sendTaskSuccess({ taskToken: 'token-1', output: '1' });
    expect(late).toThrow(expect.objectContaining({ name: 'TaskTimedOut' }));
    playground.engine.sendTaskSuccess({ taskToken: 'token-2', output: '2' });
    await playground.engine.idle();
    expect(playground.output).toBe(2);
  });

  it('retries after a failed expression, and calls the function again', async () => {
    const Output = '{% $states.result.Payload.missing %}';
    const Retry = [{ ErrorEquals: ['States.QueryEvaluationError'], MaxAttempts: 1 }];
    const { calledAt, run } = await play(workflow({ Grant: task({ Output, Retry }) }), {
      work: () => ({}),
      seconds: 10,
    });
    expect(calledAt).toEqual([0, 1]);
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });
});
