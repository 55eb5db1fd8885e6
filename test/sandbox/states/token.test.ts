import { failure, Playground, play, tokenTask, workflow } from './playground.ts';

const refused = (name: string) => expect.objectContaining({ name });

describe('a Task that waits for its token', () => {
  const asking = (fields: object = {}) => workflow({ Ask: tokenTask(fields) });

  it('takes what SendTaskSuccess brings as its result, and nothing of what the function answered', async () => {
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

  it('fails with what SendTaskFailure says', async () => {
    const playground = await play(asking());
    playground.engine.sendTaskFailure({ taskToken: 'token-1', error: 'Denied', cause: 'not now' });
    await playground.engine.idle();
    expect(playground.run).toMatchObject({ status: 'FAILED', error: 'Denied', cause: 'not now' });
  });

  it('can be failed without a word, which States.TaskFailed catches', async () => {
    const Catch = [{ ErrorEquals: ['States.TaskFailed'], Next: 'Caught' }];
    const playground = await play(workflow({ Ask: tokenTask({ Catch }), Caught: { Type: 'Succeed' } }));
    playground.engine.sendTaskFailure({ taskToken: 'token-1' });
    await playground.engine.idle();
    expect(playground.output).toEqual({});
  });

  it('can be answered before its function has answered', async () => {
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

  it('stays answered if its function fails afterwards', async () => {
    const playground = new Playground(asking(), {
      work: () => {
        playground.engine.sendTaskSuccess({ taskToken: 'token-1', output: '"early"' });
        throw failure('TooLate');
      },
    });
    await playground.start();
    expect(playground.run.status).toBe('SUCCEEDED');
  });

  it('is answered once: the second answer, in the same instant or later, is told that the task is over', async () => {
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

  it('is answered once even from inside its own function', async () => {
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

  it('tells a late answer that the task has timed out', async () => {
    const { engine } = await play(asking({ TimeoutSeconds: 10 }), { seconds: 11 });
    expect(() => engine.sendTaskSuccess({ taskToken: 'token-1', output: '1' })).toThrow(refused('TaskTimedOut'));
  });

  it('tells an answer to an aborted execution that the task is over', async () => {
    const { engine, run } = await play(asking());
    engine.stopExecution({ executionArn: run.executionArn });
    expect(() => engine.sendTaskSuccess({ taskToken: 'token-1', output: '1' })).toThrow(refused('TaskTimedOut'));
  });

  it('tells a made-up token from one that is over', async () => {
    const { engine } = await play(asking());
    expect(() => engine.sendTaskSuccess({ taskToken: 'made-up', output: '1' })).toThrow(refused('InvalidToken'));
    expect(() => engine.sendTaskFailure({ taskToken: '' })).toThrow(refused('InvalidToken'));
    expect(() => engine.sendTaskHeartbeat({ taskToken: 'made-up' })).toThrow(refused('InvalidToken'));
  });

  it('goes on waiting when the answer is no JSON, or too large', async () => {
    const { engine, run } = await play(asking());
    const send = (output: string) => () => engine.sendTaskSuccess({ taskToken: 'token-1', output });
    expect(send('approve')).toThrow(refused('InvalidOutput'));
    expect(send('')).toThrow(refused('InvalidOutput'));
    expect(send(JSON.stringify('x'.repeat(262_143)))).toThrow(refused('InvalidOutput'));
    expect(run.status).toBe('RUNNING');
    expect(send('"approve"')).not.toThrow();
  });

  it('has no token to give where the task does not wait for one', async () => {
    const Resource = 'arn:aws:states:::lambda:invoke';
    const { run } = await play(asking({ Resource }));
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });
});
