import { failing, failure, play, task, workflow } from './playground.ts';

const caught = { Type: 'Succeed' };

/** Runs a Task with these catchers whose function throws the error. @returns the states after it and their output */
async function catching(Catch: object[], error: Error, extra: object = {}) {
  const names = [...new Set(Catch.map((catcher) => ('Next' in catcher ? String(catcher.Next) : '')))];
  const states = Object.fromEntries(names.map((name) => [name, caught]));
  const playground = await play(workflow({ Grant: task({ Catch, ...extra }), ...states }), {
    input: { id: 'r-1' },
    work: () => {
      throw error;
    },
    seconds: 1000,
  });
  return { path: playground.path.slice(1), run: playground.run, output: playground.output, at: playground.calledAt };
}

describe('Catch', () => {
  it('passes the error on as the input of the next state', async () => {
    const { path, output, run } = await catching(
      [{ ErrorEquals: ['States.ALL'], Next: 'Revoke' }],
      failure('ConflictException', 'try later'),
    );
    expect(path).toEqual(['Revoke']);
    expect(output).toEqual({ Error: 'ConflictException', Cause: 'try later' });
    expect(run.status).toBe('SUCCEEDED');
  });

  it('takes the first catcher that names the error', async () => {
    const list = [
      { ErrorEquals: ['A', 'B'], Next: 'First' },
      { ErrorEquals: ['B'], Next: 'Second' },
      { ErrorEquals: ['States.TaskFailed'], Next: 'Third' },
      { ErrorEquals: ['States.ALL'], Next: 'Fourth' },
    ];
    expect((await catching(list, failure('B'))).path).toEqual(['First']);
    expect((await catching(list, failure('C'))).path).toEqual(['Third']);
  });

  it('compares names exactly, case included', async () => {
    const { run } = await catching(
      [{ ErrorEquals: ['conflictException'], Next: 'Revoke' }],
      failure('ConflictException'),
    );
    expect(run).toMatchObject({ status: 'FAILED', error: 'ConflictException' });
  });

  it('can set the output and variables from the error and the input', async () => {
    const Catch = [
      {
        ErrorEquals: ['States.ALL'],
        Output: { why: '{% $states.errorOutput.Error %}', id: '{% $states.input.id %}' },
        Assign: { cause: '{% $states.errorOutput.Cause %}' },
        Next: 'Note',
      },
    ];
    const Note = { Type: 'Pass', Output: { input: '{% $states.input %}', cause: '{% $cause %}' }, End: true };
    const { output } = await play(workflow({ Grant: task({ Catch }), Note }), {
      input: { id: 'r-1' },
      work: failing('ConflictException'),
    });
    expect(output).toEqual({ input: { why: 'ConflictException', id: 'r-1' }, cause: 'ConflictException happened' });
  });

  it('does not assign the variables of the successful task', async () => {
    const states = {
      Begin: { Type: 'Pass', Assign: { next: 'none' }, Next: 'Grant' },
      Grant: task({
        Assign: { next: '{% $states.result.Payload.next %}' },
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Note' }],
        Next: 'Note',
      }),
      Note: { Type: 'Pass', Output: '{% $next %}', End: true },
    };
    expect((await play(workflow(states), { work: failing('A') })).output).toBe('none');
    expect((await play(workflow(states), { work: () => ({ next: 'check' }) })).output).toBe('check');
  });

  it('applies only after the retries', async () => {
    const Catch = [{ ErrorEquals: ['A'], Next: 'Revoke' }];
    const Retry = [{ ErrorEquals: ['A'], MaxAttempts: 2 }];
    const { at, path } = await catching(Catch, failure('A'), { Retry });
    expect(at).toEqual([0, 1, 3]);
    expect(path).toEqual(['Revoke']);
  });

  it('catches an expression that fails, in the arguments, the timeout, the output and the assignments', async () => {
    const missing = '{% $states.input.missing %}';
    for (const fields of [
      { Arguments: { FunctionName: 'work', Payload: missing } },
      { TimeoutSeconds: missing },
      { Output: missing },
      { Assign: { next: missing } },
    ]) {
      const Catch = [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'Revoke' }];
      const { path } = await play(workflow({ Grant: task({ ...fields, Catch }), Revoke: caught }));
      expect(path).toEqual(['Grant', 'Revoke']);
    }
  });

  it('ends the execution if the catcher itself fails', async () => {
    const Catch = [
      { ErrorEquals: ['A'], Output: '{% $states.errorOutput.Missing %}', Next: 'Revoke' },
      { ErrorEquals: ['States.ALL'], Next: 'Revoke' },
    ];
    const { run } = await catching(Catch, failure('A'));
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect(run.cause).toContain("'Catch[0]/Output'");
  });

  it('catches an answer that is too large only by States.DataLimitExceeded', async () => {
    const big = () => 'x'.repeat(262_144);
    const path = async (name: string) => {
      const Catch = [{ ErrorEquals: [name], Next: 'Revoke' }];
      const { path, run } = await play(workflow({ Grant: task({ Catch }), Revoke: caught }), { work: big });
      return [path.at(-1), run.status];
    };
    expect(await path('States.DataLimitExceeded')).toEqual(['Revoke', 'SUCCEEDED']);
    expect(await path('States.ALL')).toEqual(['Grant', 'FAILED']);
    expect(await path('States.TaskFailed')).toEqual(['Grant', 'FAILED']);
  });

  it('never catches States.Runtime', async () => {
    for (const name of ['States.ALL', 'States.Runtime', 'States.TaskFailed']) {
      const { run } = await catching([{ ErrorEquals: [name], Next: 'Revoke' }], failure('States.Runtime'));
      expect(run).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    }
  });
});
