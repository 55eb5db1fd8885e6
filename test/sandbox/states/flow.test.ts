import { Playground, play, task, workflow } from './playground.ts';

const end = { End: true };

describe('a Wait', () => {
  it.each([
    ['a number of seconds', { Seconds: 90 }, 90],
    ['seconds from an expression', { Seconds: '{% $states.input.seconds + 1 %}' }, 31],
    ['no seconds at all', { Seconds: 0 }, 0],
    ['an instant', { Timestamp: '2026-01-05T09:05:00Z' }, 300],
    ['an instant of another time zone', { Timestamp: '2026-01-05T11:05:00+02:00' }, 300],
    ['an instant with fractions, which are cut off', { Timestamp: '2026-01-05T09:00:07.950Z' }, 7],
    ['an instant from an expression', { Timestamp: '{% $states.input.endsAt %}' }, 3600],
    ['an instant in the past', { Timestamp: '2025-12-24T18:00:00Z' }, 0],
  ])('waits for %s', async (_what, fields, seconds) => {
    const definition = workflow({ Wait: { Type: 'Wait', ...fields, ...end } });
    const input = { seconds: 30, endsAt: '2026-01-05T10:00:00Z' };
    const { run, output } = await play(definition, { input, seconds: 10_000 });
    expect(run.status).toBe('SUCCEEDED');
    expect(Number(run.stopDateMs) - run.startDateMs).toBe(seconds * 1000);
    expect(output).toEqual(input);
  });

  it('that is already over ends without the clock', async () => {
    const states = {
      Past: { Type: 'Wait', Timestamp: '2025-12-24T18:00:00Z', Next: 'Now' },
      Now: { Type: 'Wait', Seconds: 0, ...end },
    };
    const playground = new Playground(workflow(states));
    await playground.start();
    expect(playground.run.status).toBe('SUCCEEDED');
  });

  it.each([
    ['negative seconds', { Seconds: '{% -1 %}' }],
    ['half a second', { Seconds: '{% 0.5 %}' }],
    ['seconds in words', { Seconds: "{% '30' %}" }],
    ['a date without a time', { Timestamp: "{% '2026-01-05' %}" }],
    ['an instant in lower case', { Timestamp: "{% '2026-01-05t09:05:00z' %}" }],
    ['an instant without a zone', { Timestamp: "{% '2026-01-05T09:05:00' %}" }],
    ['a day that does not exist', { Timestamp: "{% '2026-13-05T09:05:00Z' %}" }],
    ['a number as an instant', { Timestamp: '{% $millis() %}' }],
  ])('fails on %s', async (_what, fields) => {
    const { run } = await play(workflow({ Wait: { Type: 'Wait', ...fields, ...end } }));
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });
});

describe('a Choice', () => {
  const choice = (conditions: string[], more: object = {}) =>
    workflow({
      Choose: {
        Type: 'Choice',
        Choices: conditions.map((Condition, index) => ({ Condition, Next: `Rule ${index}` })),
        ...more,
      },
      ...Object.fromEntries(conditions.map((_condition, index) => [`Rule ${index}`, { Type: 'Succeed' }])),
      ...('Default' in more ? { Otherwise: { Type: 'Succeed' } } : {}),
    });

  it('takes the first rule that is true, and does not evaluate later ones', async () => {
    const definition = choice([
      '{% $states.input.n > 9 %}',
      '{% $states.input.n > 1 %}',
      '{% $states.input.missing %}',
    ]);
    expect((await play(definition, { input: { n: 5 } })).path).toEqual(['Choose', 'Rule 1']);
  });

  it('takes the default when no rule is true, and passes the input on', async () => {
    const { path, output } = await play(choice(['{% false %}'], { Default: 'Otherwise' }), { input: { n: 5 } });
    expect(path).toEqual(['Choose', 'Otherwise']);
    expect(output).toEqual({ n: 5 });
  });

  it('fails when no rule is true and there is no default', async () => {
    const { run } = await play(choice(['{% false %}']));
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
    expect(run.cause).toContain("state 'Choose' (entered at the event id #2)");
  });

  it.each(['{% 1 %}', "{% 'true' %}", '{% null %}', '{% $states.input.missing %}'])(
    'fails on a condition that is neither true nor false: %s',
    async (condition) => {
      const { run } = await play(choice([condition], { Default: 'Otherwise' }));
      expect(run).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
      expect(run.cause).toContain('Choices[0]/Condition');
    },
  );

  it('sets the output and variables of the rule that is taken', async () => {
    const rule = {
      Condition: '{% true %}',
      Output: { from: 'rule' },
      Assign: { id: '{% $states.input.id %}' },
      Next: 'Note',
    };
    const Note = { Type: 'Pass', Output: '{% [$states.input, $id] %}', ...end };
    const { output } = await play(workflow({ Choose: { Type: 'Choice', Choices: [rule] }, Note }), {
      input: { id: 'r' },
    });
    expect(output).toEqual([{ from: 'rule' }, 'r']);
  });
});

describe('the simple states', () => {
  it('Pass passes on its input, or its Output', async () => {
    const states = {
      Through: { Type: 'Pass', Next: 'Shape' },
      Shape: { Type: 'Pass', Output: { n: '{% $states.input.n + 1 %}', plain: 'text', none: null }, ...end },
    };
    expect((await play(workflow(states), { input: { n: 1 } })).output).toEqual({ n: 2, plain: 'text', none: null });
  });

  it('Succeed ends the execution with its input, or with its Output', async () => {
    expect((await play(workflow({ Done: { Type: 'Succeed' } }), { input: [1] })).output).toEqual([1]);
    const shaped = workflow({ Done: { Type: 'Succeed', Output: '{% $count($states.input) %}' } });
    expect((await play(shaped, { input: [1, 2] })).output).toBe(2);
  });

  it('Fail ends the execution with its error and cause, which may be expressions', async () => {
    const written = workflow({ Stop: { Type: 'Fail', Error: 'NoRequest', Cause: 'no id' } });
    expect((await play(written)).run).toMatchObject({ status: 'FAILED', error: 'NoRequest', cause: 'no id' });
    const computed = workflow({
      Stop: { Type: 'Fail', Error: "{% 'No' & $states.input.what %}", Cause: "{% 'because' %}" },
    });
    expect((await play(computed, { input: { what: 'Id' } })).run).toMatchObject({ error: 'NoId', cause: 'because' });
    const silent = (await play(workflow({ Stop: { Type: 'Fail' } }))).run;
    expect(silent.status).toBe('FAILED');
    expect(silent).not.toHaveProperty('error');
  });

  it('Fail with an error that is no text fails with States.QueryEvaluationError', async () => {
    const { run } = await play(workflow({ Stop: { Type: 'Fail', Error: '{% 42 %}' } }));
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });
});

describe('the history', () => {
  it('has every state entered and exited, with the event names of AWS', async () => {
    const states = {
      Begin: { Type: 'Pass', Next: 'Choose' },
      Choose: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'Wait' }] },
      Wait: { Type: 'Wait', Seconds: 3, Next: 'Grant' },
      Grant: task({ Next: 'Done' }),
      Done: { Type: 'Succeed' },
    };
    const { engine } = await play(workflow(states), { seconds: 3 });
    const events = engine.history('run');
    const told = events.map(({ type, stateName }) => [type, stateName].filter(Boolean).join(' '));
    expect(told).toEqual([
      'ExecutionStarted',
      ...['PassStateEntered Begin', 'PassStateExited Begin'],
      ...['ChoiceStateEntered Choose', 'ChoiceStateExited Choose'],
      ...['WaitStateEntered Wait', 'WaitStateExited Wait'],
      ...[
        'TaskStateEntered Grant',
        'TaskScheduled Grant',
        'TaskStarted Grant',
        'TaskSucceeded Grant',
        'TaskStateExited Grant',
      ],
      ...['SucceedStateEntered Done', 'SucceedStateExited Done'],
      'ExecutionSucceeded',
    ]);
    expect(events.map(({ id }) => id)).toEqual(events.map((_event, index) => index + 1));
    expect(events.map(({ previousEventId }) => previousEventId)).toEqual(events.map((_event, index) => index));
    const startMs = Date.parse('2026-01-05T09:00:00Z');
    expect(events[5]).toMatchObject({ type: 'WaitStateEntered', timestampMs: startMs });
    expect(events[6]).toMatchObject({ type: 'WaitStateExited', timestampMs: startMs + 3000 });
  });

  it('has an event for a failed expression', async () => {
    const { engine } = await play(workflow({ Shape: { Type: 'Pass', Output: '{% $states.input.missing %}', ...end } }));
    expect(engine.history('run').slice(-2)).toMatchObject([
      { type: 'EvaluationFailed', stateName: 'Shape', error: 'States.QueryEvaluationError' },
      { type: 'ExecutionFailed', error: 'States.QueryEvaluationError' },
    ]);
  });
});
