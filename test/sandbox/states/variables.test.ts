import { EXECUTION_ARN, play, START, STATE_MACHINE_ARN, task, tokenTask, workflow } from './playground.ts';

const end = { End: true };
const pass = (fields: object) => ({ Type: 'Pass', ...fields });

describe('Assign', () => {
  it('keeps a value for every later state, independent of the output', async () => {
    const states = {
      Keep: pass({ Assign: { id: '{% $states.input.id %}' }, Output: 'gone', Next: 'Wait' }),
      Wait: { Type: 'Wait', Seconds: 60, Next: 'Use' },
      Use: pass({ Output: { id: '{% $id %}', input: '{% $states.input %}' }, ...end }),
    };
    const { output } = await play(workflow(states), { input: { id: 'r-1' }, seconds: 60 });
    expect(output).toEqual({ id: 'r-1', input: 'gone' });
  });

  it('reads in all its expressions the values from before it', async () => {
    // The example of the documentation: x 3 and a 6 before; x 6 and nextX 3 after.
    const states = {
      Before: pass({ Assign: { x: 3, a: 6 }, Next: 'Swap' }),
      Swap: pass({ Assign: { x: '{% $a %}', nextX: '{% $x %}' }, Next: 'Show' }),
      Show: pass({ Output: '{% [$x, $nextX, $a] %}', ...end }),
    };
    expect((await play(workflow(states))).output).toEqual([6, 3, 6]);
  });

  it('has no effect on the Output of the same state', async () => {
    const states = {
      Before: pass({ Assign: { x: 'old' }, Next: 'Change' }),
      Change: pass({ Assign: { x: 'new' }, Output: '{% $x %}', Next: 'Show' }),
      Show: pass({ Output: '{% [$states.input, $x] %}', ...end }),
    };
    expect((await play(workflow(states))).output).toEqual(['old', 'new']);
  });

  it('of a task can use the result and the input', async () => {
    const Assign = { both: ['{% $states.result.Payload.n %}', '{% $states.input.n %}'] };
    const states = { Grant: task({ Assign, Next: 'Show' }), Show: pass({ Output: '{% $both %}', ...end }) };
    expect((await play(workflow(states), { input: { n: 1 }, work: () => ({ n: 2 }) })).output).toEqual([2, 1]);
  });

  it('assigns nothing if one of its expressions fails', async () => {
    const states = {
      Before: pass({ Assign: { x: 'old' }, Next: 'Grant' }),
      Grant: task({
        Assign: { x: 'new', y: '{% $states.result.missing %}' },
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Show' }],
        Next: 'Show',
      }),
      Show: pass({ Output: '{% $x %}', ...end }),
    };
    expect((await play(workflow(states))).output).toBe('old');
  });

  it('applies to its own execution only', async () => {
    const states = {
      Keep: pass({ Assign: { id: '{% $states.input.id %}' }, Next: 'Wait' }),
      Wait: { Type: 'Wait', Seconds: 60, Next: 'Use' },
      Use: pass({ Output: '{% $id %}', ...end }),
    };
    const playground = await play(workflow(states), { input: { id: 1 } });
    const other = playground.engine.startExecution({ name: 'other', input: '{"id":2}' });
    await playground.pass(60);
    expect(playground.output).toBe(1);
    expect(playground.engine.describeExecution(other.executionArn).output).toBe('2');
  });

  it('is required: a state that reads a variable that was not assigned fails', async () => {
    const states = {
      Choose: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input.keep %}', Next: 'Keep' }],
        Default: 'Use',
      },
      Keep: pass({ Assign: { id: 1 }, Next: 'Use' }),
      Use: pass({ Output: '{% $id %}', ...end }),
    };
    expect((await play(workflow(states), { input: { keep: true } })).output).toBe(1);
    const { run } = await play(workflow(states), { input: { keep: false } });
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });
});

describe('$states.context', () => {
  it('has the execution, the state and the workflow', async () => {
    const states = {
      Wait: { Type: 'Wait', Seconds: 90, Next: 'Look' },
      Look: pass({ Output: '{% $states.context %}', ...end }),
    };
    const { output } = await play(workflow(states), { input: { id: 'r-1' }, seconds: 90 });
    expect(output).toEqual({
      Execution: {
        Id: EXECUTION_ARN,
        Input: { id: 'r-1' },
        Name: 'run',
        RoleArn: 'arn:aws:iam::123456789012:role/access',
        StartTime: START,
      },
      State: { EnteredTime: '2026-01-05T09:01:30.000Z', Name: 'Look', RetryCount: 0 },
      StateMachine: { Id: STATE_MACHINE_ARN, Name: 'access' },
    });
  });

  it('has the input of the execution also after the input of the states has changed', async () => {
    const states = {
      Change: pass({ Output: 'changed', Next: 'Look' }),
      Look: pass({ Output: '{% [$states.input, $states.context.Execution.Input.id] %}', ...end }),
    };
    expect((await play(workflow(states), { input: { id: 'r-1' } })).output).toEqual(['changed', 'r-1']);
  });

  it('has the token in the arguments of a task', async () => {
    const { calls } = await play(workflow({ Ask: tokenTask() }));
    expect(calls[0]?.payload).toEqual({ token: 'token-1' });
  });
});
