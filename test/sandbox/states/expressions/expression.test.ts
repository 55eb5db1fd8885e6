import { createHash } from 'node:crypto';
import { play, START, workflow } from '../playground.ts';

/** The value of an expression in the first state of a workflow; the execution, if it fails. */
async function value(expression: string, input: unknown = {}, random = () => 0.5) {
  const states = { Look: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } };
  const { run, output } = await play(workflow(states), { input, random });
  return run.status === 'SUCCEEDED' ? output : run;
}

describe('an expression', () => {
  it('gives plain JSON', async () => {
    expect(
      await value('$states.input.items[price > 1].name', {
        items: [
          { price: 2, name: 'a' },
          { price: 3, name: 'b' },
        ],
      }),
    ).toEqual(['a', 'b']);
    expect(await value('$map([1, 2], function($n) { $n * 2 })')).toEqual([2, 4]);
    expect(await value("{'a': 1, 'gone': $states.input.missing}")).toEqual({ a: 1 });
    expect(await value('($x := 2; $x * $x)')).toBe(4);
    expect(await value('null')).toBeNull();
  });

  it('fails the state if it gives nothing, and the cause names the field and the state', async () => {
    expect(await value('$states.input.missing')).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause:
        "An error occurred while executing the state 'Look' (entered at the event id #2). " +
        "The JSONata expression '$states.input.missing' specified for the field 'Output' returned nothing (undefined).",
    });
  });

  it('names a nested field as AWS does', async () => {
    const Output = { list: [0, { id: '{% $states.input.missing %}' }] };
    const { run } = await play(workflow({ Look: { Type: 'Pass', Output, End: true } }));
    expect(run.cause).toContain("specified for the field 'Output/list[1]/id'");
  });

  it.each([
    "$error('no')",
    "'a' + 1",
    '$states.input()',
    '$uppercase(1)',
    '$parse("{")',
    'function($x) { $x }',
    '$sum',
  ])('fails the state if it throws: %s', async (expression) => {
    expect(await value(expression)).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });

  it('takes the time from the clock of the workflow', async () => {
    expect(await value('[$now(), $millis(), $fromMillis($millis())]')).toEqual([START, Date.parse(START), START]);
    const states = {
      Wait: { Type: 'Wait', Seconds: 30, Next: 'Look' },
      Look: { Type: 'Pass', Output: '{% $now() %}', End: true },
    };
    expect((await play(workflow(states), { seconds: 30 })).output).toBe('2026-01-05T09:00:30.000Z');
  });

  it('has the functions that Step Functions adds to JSONata', async () => {
    expect(await value('$parse(\'{"a": [1]}\')')).toEqual({ a: [1] });
    expect(await value('$range(0, 10, 5)')).toEqual([0, 5, 10]);
    expect(await value('$range(3, 1, -1)')).toEqual([3, 2, 1]);
    expect(await value('$partition([1, 2, 3, 4, 5], 2)')).toEqual([[1, 2], [3, 4], [5]]);
    expect(await value("$hash('abc', 'SHA-256')")).toBe(createHash('sha256').update('abc').digest('hex'));
    expect(await value("$hash('abc', 'MD5')")).toBe('900150983cd24fb0d6963f7d28e17f72');
    expect(await value("$hash('abc', 'CRC')")).toMatchObject({ error: 'States.QueryEvaluationError' });
    expect(await value('$range(1, 3, -1)')).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  it('takes random numbers from the source of the workflow, so that a run can be repeated', async () => {
    expect(await value('$random()', {}, () => 0.25)).toBe(0.25);
    const uuid = () => value('$uuid()', {}, () => 0.999);
    expect(await uuid()).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
  });

  it.each([
    '$states.input.a',
    '$states.input.a.b',
    "$states.input.a = 'x'",
    '$states.input.a = 1',
    '$states.input.a.b = true',
    '$states.input.a.b = null',
    '$states.input',
    '$states',
  ])('gives the same value by the shortcut as by JSONata: %s', async (expression) => {
    const values = [
      undefined,
      null,
      true,
      false,
      0,
      1,
      '',
      'x',
      {},
      [],
      [1],
      ['x', 'y'],
      [[1]],
      { b: true },
      { b: null },
    ];
    const more = [
      { b: 1 },
      { b: [] },
      { b: [1] },
      { b: [1, 2] },
      [{ b: 1 }],
      [{ b: 1 }, { b: [2] }],
      { b: { c: 1 } },
      [{ b: true }],
      [true],
    ];
    for (const a of [...values, ...more]) {
      const relevant = ({ cause: _cause, ...run }: Record<string, unknown>) => run;
      const read = async (source: string) => {
        const states = { Look: { Type: 'Pass', Output: `{% ${source} %}`, End: true } };
        return relevant({ ...(await play(workflow(states), { input: { a } })).run });
      };
      // In parentheses it is a block, which the shortcut does not handle.
      expect([a, await read(expression)]).toEqual([a, await read(`(${expression})`)]);
    }
  });

  it('does not read a property of every object, such as __proto__, as a variable', async () => {
    const states = {
      Look: { Type: 'Choice', Choices: [{ Condition: '{% $exists($__proto__) %}', Next: 'Keep' }], Default: 'Read' },
      Keep: { Type: 'Pass', Assign: { ['__proto__']: 1 }, Next: 'Read' },
      Read: { Type: 'Pass', Output: '{% $__proto__ %}', End: true },
    };
    expect((await play(workflow(states))).run.status).toBe('FAILED');
  });

  it('cannot read prototypes or constructors', async () => {
    expect(await value('$string($states.input.constructor)')).toMatchObject({ status: 'FAILED' });
    expect(await value('$states.input.__proto__')).toMatchObject({ status: 'FAILED' });
  });
});
