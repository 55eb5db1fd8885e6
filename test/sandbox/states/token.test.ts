import { failure, Playground, play, tokenTask, workflow } from './playground.ts';

const refused = (name: string) => expect.objectContaining({ name });

describe('a Task that waits for a token', () => {
  const asking = (fields: object = {}) => workflow({ Ask: tokenTask(fields) });

  it('has the output of SendTaskSuccess as its result, not the answer of its function', async () => {
    const playground = await play(asking(), { work: () => ({ ignored: true }), seconds: 500 });
    expect(playground.run.status).toBe('RUNNING');
    playground.engine.sendTaskSuccess({ taskToken: 'token-1', output: '{"vote":"approve"}' });
    await playground.engine.idle();
    expect(playground.output).toEqual({ vote: 'approve' });
    expect(playground.events).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('fails with the error of SendTaskFailure', async () => {
    const playground = await play(asking());
    playground.engine.sendTaskFailure({ taskToken: 'token-1', error: 'Denied', cause: 'not now' });
    await playground.engine.idle();
    expect(playground.run).toMatchObject({ status: 'FAILED', error: 'Denied', cause: 'not now' });
  });

  it('can be failed without error and cause, which States.TaskFailed catches', async () => {
    const Catch = [{ ErrorEquals: ['States.TaskFailed'], Next: 'Caught' }];
    const playground = await play(workflow({ Ask: tokenTask({ Catch }), Caught: { Type: 'Succeed' } }));
    playground.engine.sendTaskFailure({ taskToken: 'token-1' });
    await playground.engine.idle();
    expect(playground.output).toEqual({});
  });

  it('can be completed before its function has answered', async () => {
    const playground = new Playground(asking(), {
      work: () => {
        playground.engine.sendTaskSuccess({ taskToken: 'token-1', output: '"early"' });
        return null;
      },
    });
    await playground.start();
    expect(playground.output).toBe('early');
    expect(playground.events).not.toContain('TaskSubmitted');
  });

  it('stays completed if its function fails afterwards', async () => {
    const playground = new Playground(asking(), {
      work: () => {
        playground.engine.sendTaskSuccess({ taskToken: 'token-1', output: '"early"' });
        throw failure('TooLate');
      },
    });
    await playground.start();
    expect(playground.run.status).toBe('SUCCEEDED');
  });

  it('is completed once: a second answer, at once or later, fails with TaskTimedOut', async () => {
    const playground = await play(
      workflow({ Ask: tokenTask({ Next: 'Later' }), Later: { Type: 'Wait', Seconds: 5, End: true } }),
    );
    const { engine } = playground;
    engine.sendTaskSuccess({ taskToken: 'token-1', output: '"first"' });
    expect(() => engine.sendTaskFailure({ taskToken: 'token-1', error: 'Second' })).toThrow(refused('TaskTimedOut'));
    await engine.idle();
    expect(() => engine.sendTaskSuccess({ taskToken: 'token-1', output: '"third"' })).toThrow(refused('TaskTimedOut'));
    expect(() => engine.sendTaskHeartbeat({ taskToken: 'token-1' })).toThrow(refused('TaskTimedOut'));
    await playground.pass(5);
    expect(playground.output).toBe('first');
  });

  it('is completed once also from inside its own function', async () => {
    const errors: unknown[] = [];
    const playground = new Playground(asking(), {
      work: () => {
        playground.engine.sendTaskSuccess({ taskToken: 'token-1', output: '1' });
        try {
          playground.engine.sendTaskSuccess({ taskToken: 'token-1', output: '2' });
        } catch (error) {
          errors.push(error);
        }
      },
    });
    await playground.start();
    expect(playground.output).toBe(1);
    expect(errors).toEqual([refused('TaskTimedOut')]);
  });

  it('refuses an answer after its timeout', async () => {
    const { engine } = await play(asking({ TimeoutSeconds: 10 }), { seconds: 11 });
    expect(() => engine.sendTaskSuccess({ taskToken: 'token-1', output: '1' })).toThrow(refused('TaskTimedOut'));
  });

  it('refuses an answer after its execution was aborted', async () => {
    const { engine, run } = await play(asking());
    engine.stopExecution({ executionArn: run.executionArn });
    expect(() => engine.sendTaskSuccess({ taskToken: 'token-1', output: '1' })).toThrow(refused('TaskTimedOut'));
  });

  it('refuses an unknown token with InvalidToken', async () => {
    const { engine } = await play(asking());
    expect(() => engine.sendTaskSuccess({ taskToken: 'made-up', output: '1' })).toThrow(refused('InvalidToken'));
    expect(() => engine.sendTaskFailure({ taskToken: '' })).toThrow(refused('InvalidToken'));
    expect(() => engine.sendTaskHeartbeat({ taskToken: 'made-up' })).toThrow(refused('InvalidToken'));
  });

  it('goes on waiting after an answer that is no JSON or too large', async () => {
    const { engine, run } = await play(asking());
    const send = (output: string) => () => engine.sendTaskSuccess({ taskToken: 'token-1', output });
    expect(send('approve')).toThrow(refused('InvalidOutput'));
    expect(send('')).toThrow(refused('InvalidOutput'));
    expect(send(JSON.stringify('x'.repeat(262_143)))).toThrow(refused('InvalidOutput'));
    expect(run.status).toBe('RUNNING');
    expect(send('"approve"')).not.toThrow();
  });

  it('has no token without waitForTaskToken', async () => {
    const Resource = 'arn:aws:states:::lambda:invoke';
    const { run } = await play(asking({ Resource }));
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });
});
