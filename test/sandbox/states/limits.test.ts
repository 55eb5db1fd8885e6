import { Playground, play, task, tokenTask, workflow } from './playground.ts';

const LIMIT = 262_144;
const end = { End: true };

/** A string that is `bytes` long as JSON, quotes included. */
const json = (bytes: number) => 'x'.repeat(bytes - 2);

describe('the limit of 262,144 bytes', () => {
  const tooLarge = { status: 'FAILED', error: 'States.DataLimitExceeded' };

  it.each([
    ['262,144 bytes', LIMIT, 'SUCCEEDED'],
    ['262,145 bytes', LIMIT + 1, 'FAILED'],
  ])('decides about an output of %s', async (_what, bytes, status) => {
    const Output = `{% $pad('', ${bytes - 2}, 'x') %}`;
    const { run } = await play(workflow({ Grow: { Type: 'Pass', Output, ...end } }));
    expect(run.status).toBe(status);
  });

  it('counts bytes, not characters', async () => {
    const Output = `{% $pad('', ${LIMIT / 2}, '€') %}`;
    expect((await play(workflow({ Grow: { Type: 'Pass', Output, ...end } }))).run).toMatchObject(tooLarge);
  });

  it('holds for the arguments of a task', async () => {
    const Arguments = { FunctionName: 'work', Payload: `{% $pad('', ${LIMIT}, 'x') %}` };
    const { run, calls } = await play(workflow({ Grant: task({ Arguments }) }));
    expect(run).toMatchObject(tooLarge);
    expect(calls).toEqual([]);
  });

  it('holds for the answer of a function, including the fields of lambda:invoke around it', async () => {
    const answer = (bytes: number) => play(workflow({ Grant: task({ Output: 'small' }) }), { work: () => json(bytes) });
    expect((await answer(LIMIT - 100)).run.status).toBe('SUCCEEDED');
    expect((await answer(LIMIT)).run).toMatchObject(tooLarge);
  });

  it('does not hold for the answer of the function of a token task, which is discarded', async () => {
    const { run } = await play(workflow({ Ask: tokenTask() }), { work: () => json(LIMIT + 1) });
    expect(run.status).toBe('RUNNING');
  });

  it('holds for all values of one Assign together', async () => {
    const half = `{% $pad('', ${LIMIT / 2}, 'x') %}`;
    const one = workflow({ Keep: { Type: 'Pass', Assign: { a: half }, ...end } });
    expect((await play(one)).run.status).toBe('SUCCEEDED');
    const both = workflow({ Keep: { Type: 'Pass', Assign: { a: half, b: half }, ...end } });
    expect((await play(both)).run).toMatchObject(tooLarge);
  });

  it('does not hold for all variables together, which may have 10 MiB', async () => {
    const quarter = 250_000;
    const states = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `Keep ${index}`,
          {
            Type: 'Pass',
            Assign: { [`v${index}`]: `{% $pad('', ${quarter}, 'x') %}` },
            ...(index === count - 1 ? end : { Next: `Keep ${index + 1}` }),
          },
        ]),
      );
    expect((await play(workflow(states(41)))).run.status).toBe('SUCCEEDED');
    expect((await play(workflow(states(42)))).run).toMatchObject(tooLarge);
  });

  it('holds for the input of an execution', () => {
    const { engine } = new Playground(workflow({ Done: { Type: 'Succeed' } }));
    const start = (bytes: number) => () =>
      engine.startExecution({ name: `n${bytes}`, input: JSON.stringify(json(bytes)) });
    expect(start(LIMIT)).not.toThrow();
    expect(start(LIMIT + 1)).toThrow(expect.objectContaining({ name: 'InvalidExecutionInput' }));
  });
});

describe('the limit of 25,000 events', () => {
  const full = { status: 'FAILED', error: 'States.Runtime' };

  it('ends an execution that loops', async () => {
    const states = { Again: { Type: 'Pass', Next: 'And again' }, 'And again': { Type: 'Pass', Next: 'Again' } };
    const { run, engine } = await play(workflow(states));
    expect(run).toMatchObject({
      ...full,
      cause: 'The execution reached the maximum number of history events (25000).',
    });
    const events = engine.history('run');
    expect(events).toHaveLength(25_000);
    expect(events.at(-1)?.type).toBe('ExecutionFailed');
  });

  it('ends an execution also when only the answer of a function exceeds it', async () => {
    const states = {
      First: task({ Next: 'Second' }),
      Second: { Type: 'Pass', Next: 'Begin' },
      Begin: { Type: 'Pass', Assign: { n: 1 }, Next: 'Enough?' },
      'Enough?': { Type: 'Choice', Choices: [{ Condition: '{% $n = 6247 %}', Next: 'Ask' }], Default: 'Count' },
      Count: { Type: 'Pass', Assign: { n: '{% $n + 1 %}' }, Next: 'Enough?' },
      Ask: tokenTask(),
    };
    const { run, engine } = await play(workflow(states));
    expect(run).toMatchObject(full);
    expect(engine.history('run').slice(-2)).toMatchObject([
      { type: 'TaskStarted', id: 24_999, stateName: 'Ask' },
      { type: 'ExecutionFailed', id: 25_000 },
    ]);
  });

  it('cannot be caught or retried', async () => {
    const states = {
      Grant: task({
        Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 99_999, MaxDelaySeconds: 2 }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Revoke' }],
      }),
      Revoke: { Type: 'Succeed' },
    };
    const work = () => {
      throw new Error('always');
    };
    const { run, path } = await play(workflow(states), { work, seconds: 40_000 });
    expect(run).toMatchObject(full);
    expect(path).toEqual(['Grant']);
  });
});
