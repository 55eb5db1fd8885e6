import { failure, placeholder, play, task, workflow } from './playground.ts';

describe('a Task', () => {
  it('passes the payload to the function, and the whole answer of lambda:invoke to the workflow', async () => {
    const Arguments = { FunctionName: 'work', Payload: { id: '{% $states.input.id %}', fixed: [1, '{% 1 + 1 %}'] } };
    const { calls, run, output } = await play(workflow({ Grant: task({ Arguments }) }), {
      input: { id: 'r-1' },
      work: () => ({ next: 'check' }),
    });
    expect(calls).toEqual([
      { at: 0, functionName: 'work', stateName: 'Grant', executionName: 'run', payload: { id: 'r-1', fixed: [1, 2] } },
    ]);
    expect(run.status).toBe('SUCCEEDED');
    expect(output).toEqual({ ExecutedVersion: '$LATEST', Payload: { next: 'check' }, StatusCode: 200 });
  });

  it('passes on its Output, which may use the result and the input', async () => {
    const Output = { next: '{% $states.result.Payload.next %}', id: '{% $states.input.id %}' };
    const { output } = await play(workflow({ Grant: task({ Output }) }), {
      input: { id: 7 },
      work: () => ({ next: 'a' }),
    });
    expect(output).toEqual({ next: 'a', id: 7 });
  });

  it('can have one expression for all arguments', async () => {
    const Arguments = "{% {'FunctionName': 'work', 'Payload': $states.input} %}";
    const { calls } = await play(workflow({ Grant: task({ Arguments }) }), { input: { id: 1 } });
    expect(calls[0]?.payload).toEqual({ id: 1 });
  });

  it('fails uncatchably if such an expression gives an unsupported argument', async () => {
    const Arguments = "{% {'FunctionName': 'work', 'InvocationType': 'Event'} %}";
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }];
    const { run, calls } = await play(workflow({ Grant: task({ Arguments, Catch }), Caught: { Type: 'Succeed' } }));
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(calls).toEqual([]);
  });

  it.each([
    ['no payload in the file', { FunctionName: 'work' }, {}],
    ['null', { FunctionName: 'work', Payload: null }, null],
  ])('calls the function with %s', async (_what, Arguments, payload) => {
    const { calls } = await play(workflow({ Grant: task({ Arguments }) }));
    expect(calls[0]?.payload).toEqual(payload);
  });

  it('treats a function that returns nothing as one that returns null', async () => {
    const { output } = await play(workflow({ Grant: task() }), { work: () => undefined });
    expect(output).toMatchObject({ Payload: null });
  });

  it('copies the answer of a function, so that later changes of the object have no effect', async () => {
    const answer = { next: 'check' };
    const states = { Grant: task({ Next: 'Later' }), Later: { Type: 'Wait', Seconds: 5, End: true } };
    const playground = await play(workflow(states), { work: () => answer });
    answer.next = 'changed';
    await playground.pass(5);
    expect(playground.output).toMatchObject({ Payload: { next: 'check' } });
  });

  it('fails the execution with the name and the message of the error of the function', async () => {
    const { run, events } = await play(workflow({ Grant: task() }), {
      work: () => {
        throw failure('RequestNotFoundError', 'no request r-1');
      },
    });
    expect(run).toMatchObject({ status: 'FAILED', error: 'RequestNotFoundError', cause: 'no request r-1' });
    expect(run.output).toBeUndefined();
    expect(events).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskFailed',
      'ExecutionFailed',
    ]);
  });

  it.each([
    ['an error-like object', { name: 'ConflictException', message: 'busy' }, 'ConflictException', 'busy'],
    ['a string', 'no such luck', 'Error', 'no such luck'],
    ['undefined', undefined, 'Error', 'undefined'],
    ['an error without a name', { name: '', message: 'odd' }, 'Error', 'odd'],
    ['an error with a name of 300 characters', { name: 'N'.repeat(300), message: '' }, 'N'.repeat(256), ''],
  ])('fails the execution also if the function throws %s', async (_what, thrown, error, cause) => {
    const { run } = await play(workflow({ Grant: task() }), {
      work: () => {
        throw thrown;
      },
    });
    expect(run).toMatchObject({ status: 'FAILED', error, cause });
  });

  it('fails with Runtime.MarshalError if the answer cannot be JSON', async () => {
    const { run } = await play(workflow({ Grant: task() }), { work: () => ({ count: 1n }) });
    expect(run).toMatchObject({ status: 'FAILED', error: 'Runtime.MarshalError' });
  });

  it('cuts a cause to 32,768 characters, as AWS does', async () => {
    const { run } = await play(workflow({ Grant: task() }), {
      work: () => {
        throw failure('LongError', 'x'.repeat(40_000));
      },
    });
    expect(run.cause).toHaveLength(32_768);
  });

  it('replaces placeholders with the names that CloudFormation would give', async () => {
    const Arguments = { FunctionName: placeholder('GrantFunction'), Payload: {} };
    const { calls } = await play(workflow({ Grant: task({ Arguments }) }), {
      substitutions: { GrantFunction: 'grant-access' },
    });
    expect(calls[0]?.functionName).toBe('grant-access');
  });
});
