import { loadStateMachine } from '../../../sandbox/states/definition/load.ts';
import { placeholder, task, tokenTask, workflow } from './playground.ts';

const end = { End: true };
const done = { Done: { Type: 'Succeed' } };

/** The name and the message of the error with which loading fails; `undefined` if it succeeds. */
function refusal(
  definition: unknown,
  substitutions: Record<string, string> = {},
): [kind: string, sentence: string] | undefined {
  try {
    loadStateMachine(definition, substitutions);
    return undefined;
  } catch (error) {
    return error instanceof Error ? [error.name, error.message] : ['', String(error)];
  }
}

const unsupported = (sentence: RegExp) => ['UnsupportedConstructError', expect.stringMatching(sentence)];
const invalid = (sentence: RegExp) => ['InvalidDefinitionError', expect.stringMatching(sentence)];
const pass = (fields: object) => workflow({ Look: { Type: 'Pass', ...end, ...fields } });
const wait = (fields: object) => workflow({ Wait: { Type: 'Wait', ...end, ...fields } });
const retry = (retrier: object) => workflow({ Grant: task({ Retry: [{ ErrorEquals: ['A'], ...retrier }] }) });
const expression = (source: string) => refusal(pass({ Output: `{% ${source} %}` }));

describe('a definition that the interpreter does not support', () => {
  it.each([['Map'], ['Parallel'], ['Activity'], [undefined]])('is refused for a state of type %p', (Type) => {
    expect(refusal(workflow({ Fan: { Type, ...end } }))).toEqual(
      unsupported(new RegExp(`^state 'Fan', Type: .*'${Type}'`)),
    );
  });

  it.each([
    'arn:aws:states:::lambda:invoke.sync',
    'arn:aws:states:::aws-sdk:dynamodb:getItem',
    'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    'arn:aws:lambda:eu-central-1:123456789012:function:work',
    '{% $states.input.resource %}',
  ])('is refused for the resource %s', (Resource) => {
    expect(refusal(workflow({ Grant: task({ Resource }) }))).toEqual(unsupported(/^state 'Grant', Resource: /));
  });

  it.each([
    'InputPath',
    'OutputPath',
    'ResultPath',
    'Parameters',
    'ResultSelector',
    'QueryLanguage',
    'Credentials',
    'TimeoutSecondsPath',
  ])('is refused for the field %s of a Task', (field) => {
    expect(refusal(workflow({ Grant: task({ [field]: '$' }) }))).toEqual(
      unsupported(new RegExp(`^state 'Grant', ${field}: `)),
    );
  });

  it.each([
    ['a Wait', wait({ SecondsPath: '$.s' }), /^state 'Wait', SecondsPath: /],
    ['a Pass', pass({ Result: {} }), /^state 'Look', Result: /],
    ['a Succeed', workflow({ Done: { Type: 'Succeed', Assign: {} } }), /^state 'Done', Assign: /],
    ['a Fail', workflow({ Stop: { Type: 'Fail', ErrorPath: '$.e' } }), /^state 'Stop', ErrorPath: /],
    ['a Choice', workflow({ Choose: { Type: 'Choice', Choices: [], Assign: {} } }), /^state 'Choose', Assign: /],
    [
      'a rule of a Choice',
      workflow({ Choose: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 1, Next: 'Done' }] }, ...done }),
      /^state 'Choose', Choices\[0\]\/Variable: /,
    ],
    ['a retrier', retry({ Forever: true }), /^state 'Grant', Retry\[0\]\/Forever: /],
    [
      'a catcher',
      workflow({ Grant: task({ Catch: [{ ErrorEquals: ['A'], ResultPath: '$.e', Next: 'Done' }] }), ...done }),
      /^state 'Grant', Catch\[0\]\/ResultPath: /,
    ],
    [
      'the call of a function',
      workflow({ Grant: task({ Arguments: { FunctionName: 'work', InvocationType: 'Event' } }) }),
      /^state 'Grant', Arguments\/InvocationType: /,
    ],
    ['the workflow', { ...workflow(done), ProcessorConfig: {} }, /^ProcessorConfig: /],
  ])('is refused for an unsupported field in %s', (_what, definition, sentence) => {
    expect(refusal(definition)).toEqual(unsupported(sentence));
  });

  it.each(['$eval("1")', '$shuffle([1, 2])', '$map([], $eval)', '$random(7)', "$now('[Y]')", "$toMillis('9', '[H]')"])(
    'is refused for %s, whose value would be wrong or differ on every run',
    (source) => {
      expect(expression(source)).toEqual(unsupported(/^state 'Look', Output: /));
    },
  );

  it('is refused for the transform operator', () => {
    expect(expression('$states.input ~> |items|{}|')).toEqual(unsupported(/^state 'Look', Output: /));
  });
});

describe('a definition that AWS would refuse or that could only fail', () => {
  it.each([undefined, 'JSONPath'])('is refused with the query language %p', (QueryLanguage) => {
    expect(refusal({ ...workflow(done), QueryLanguage })).toEqual(invalid(/^QueryLanguage: /));
  });

  it.each([
    ['a text', 'text', /must be an object/],
    ['no states', { QueryLanguage: 'JSONata', StartAt: 'Done' }, /^States: /],
    ['a start that does not exist', { ...workflow(done), StartAt: 'Begin' }, /^StartAt: there is no state 'Begin'/],
    ['no start', { ...workflow(done), StartAt: undefined }, /^StartAt: /],
    ['another version', { ...workflow(done), Version: '2.0' }, /^Version: /],
    ['a timeout of zero', { ...workflow(done), TimeoutSeconds: 0 }, /^TimeoutSeconds: /],
    ['a name of 81 characters', workflow({ ['x'.repeat(81)]: { Type: 'Succeed' } }), /1 to 80 characters/],
  ])('is refused with %s', (_what, definition, sentence) => {
    expect(refusal(definition)).toEqual(invalid(sentence));
  });

  it.each([
    ['Next', workflow({ Look: { Type: 'Pass', Next: 'Nowhere' } }), /^state 'Look', Next: there is no state 'Nowhere'/],
    [
      'Default',
      workflow({
        Choose: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'Done' }], Default: 'Nowhere' },
        ...done,
      }),
      /Default: there is no state/,
    ],
    [
      'a rule',
      workflow({ Choose: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'Nowhere' }] } }),
      /Choices\[0\]\/Next: there is no state/,
    ],
    [
      'a catcher',
      workflow({ Grant: task({ Catch: [{ ErrorEquals: ['A'], Next: 'Nowhere' }] }) }),
      /Catch\[0\]\/Next: there is no state/,
    ],
  ])('is refused when %s leads to no state', (_what, definition, sentence) => {
    expect(refusal(definition)).toEqual(invalid(sentence));
  });

  it('is refused if a state cannot be reached, also if it is part of a loop', () => {
    const circle = { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } };
    expect(refusal(workflow({ ...done, ...circle }))).toEqual(invalid(/^state 'A', Next: no state leads here/));
  });

  it.each([
    ['neither Next nor End', { Type: 'Pass' }],
    ['both Next and End', { Type: 'Pass', Next: 'Done', End: true }],
    ['End: false', { Type: 'Pass', End: false }],
  ])('is refused for a state with %s', (_what, state) => {
    expect(refusal(workflow({ Look: state, ...done }))?.[0]).toBe('InvalidDefinitionError');
  });

  it.each([
    ['no seconds and no timestamp', {}, /exactly one of Seconds and Timestamp/],
    ['both', { Seconds: 1, Timestamp: '2026-01-05T09:00:00Z' }, /exactly one of Seconds and Timestamp/],
    ['negative seconds', { Seconds: -1 }, /^state 'Wait', Seconds: /],
    ['half a second', { Seconds: 0.5 }, /^state 'Wait', Seconds: /],
    ['too many seconds', { Seconds: 100_000_000 }, /^state 'Wait', Seconds: /],
    ['a malformed timestamp', { Timestamp: 'tomorrow' }, /^state 'Wait', Timestamp: /],
  ])('is refused for a Wait with %s', (_what, fields, sentence) => {
    expect(refusal(wait(fields))).toEqual(invalid(sentence));
  });

  it.each([
    ['no arguments', { Arguments: undefined }],
    ['no function', { Arguments: { Payload: {} } }],
    ['a timeout of zero', { TimeoutSeconds: 0 }],
    ['a heartbeat as long as the timeout', { TimeoutSeconds: 10, HeartbeatSeconds: 10 }],
    ['an empty Retry', { Retry: [] }],
    ['an empty Catch', { Catch: [] }],
  ])('is refused for a Task with %s', (_what, fields) => {
    expect(refusal(workflow({ Ask: tokenTask(fields) }))).toEqual(invalid(/^state 'Ask', /));
  });

  it.each([
    ['no error names', { ErrorEquals: [] }],
    ['an error name that is no text', { ErrorEquals: [7] }],
    ['a predefined error that no Task can report', { ErrorEquals: ['States.BranchFailed'] }],
    ['States.ALL among others', { ErrorEquals: ['A', 'States.ALL'] }],
    ['no interval', { IntervalSeconds: 0 }],
    ['half an interval', { IntervalSeconds: 1.5 }],
    ['negative attempts', { MaxAttempts: -1 }],
    ['more attempts than AWS allows', { MaxAttempts: 100_000_000 }],
    ['a rate below 1', { BackoffRate: 0.9 }],
    ['a MaxDelaySeconds no longer than the interval', { IntervalSeconds: 5, MaxDelaySeconds: 5 }],
    ['a MaxDelaySeconds of 366 days', { MaxDelaySeconds: 31_622_400 }],
    ['another kind of jitter', { JitterStrategy: 'SOME' }],
  ])('is refused for a retrier with %s', (_what, retrier) => {
    expect(refusal(retry(retrier))).toEqual(invalid(/^state 'Grant', Retry\[0\]\//));
  });

  it('is refused when States.ALL is not the last of the retriers or catchers', () => {
    const all = { ErrorEquals: ['States.ALL'] };
    const one = { ErrorEquals: ['A'] };
    expect(refusal(workflow({ Grant: task({ Retry: [all, one] }) }))).toEqual(invalid(/Retry\[0\].* last/));
    const Catch = [
      { ...all, Next: 'Done' },
      { ...one, Next: 'Done' },
    ];
    expect(refusal(workflow({ Grant: task({ Catch }), ...done }))).toEqual(invalid(/Catch\[0\].* last/));
    expect(refusal(workflow({ Grant: task({ Retry: [one, all] }) }))).toBeUndefined();
  });

  it.each([
    ['is malformed', '$states.input.', /is no JSONata expression/],
    ['has the operator ??, which AWS does not have', '$states.input.a ?? 1', /operator \?\? is newer/],
    ['has the operator ?:, which AWS does not have', '$states.input.a ?: 1', /operator \?: is newer/],
    ['starts from a field name', 'input.id', /the field name 'input' has no meaning/],
    ['starts from the document', '$.id', /\$ has no meaning/],
    ['starts from the root of the document', '$$.id', /\$\$ has no meaning/],
    ['uses a field name in an argument', '$uppercase(name)', /the field name 'name' has no meaning/],
    ['reads a variable that no state assigns', '$requestID', /no state assigns \$requestID/],
    ['calls a function that does not exist', '$capitalize("a")', /no state assigns \$capitalize/],
  ])('is refused for an expression that %s', (_what, source, sentence) => {
    expect(expression(source)).toEqual(invalid(sentence));
  });

  it.each([
    '$states.input.items[price > 1 and $ != 2].name',
    '$map($states.input.items, function($item, $i) { $item.name & $i })',
    '($total := $sum($states.input.items.price); $total > 3 ? "a" : "b")',
    '$exists($states.input.a) ? $states.input.a : 1',
    '$states.input.items.{"name": name}',
    '$contains($states.input.name, /a??b?:/)',
    "'what?? is ?: this'",
    '$states.input.items@$item.{"n": $item.name}',
  ])('is not refused for %s', (source) => {
    expect(expression(source)).toBeUndefined();
  });

  it.each(['text {% $states.input %}', ' {% $states.input %}', '{% $states.input %} ', '{% $states.input'])(
    'is refused for %p, which AWS would treat as plain text',
    (Output) => {
      expect(refusal(pass({ Output }))).toEqual(invalid(/the delimiters/));
    },
  );

  it('is refused for a JSONPath key', () => {
    expect(refusal(pass({ Output: { 'id.$': '$.id' } }))).toEqual(invalid(/'id\.\$' is JSONPath/));
  });

  it.each(['states', '1st', 'a-b', '', 'x'.repeat(81), 'millis', 'eval'])(
    'is refused for a variable with the name %p',
    (name) => {
      expect(refusal(pass({ Assign: { [name]: 1 } }))).toEqual(invalid(/^state 'Look', Assign\//));
    },
  );

  it('is refused for a condition that is no expression', () => {
    const definition = workflow({ Choose: { Type: 'Choice', Choices: [{ Condition: true, Next: 'Done' }] }, ...done });
    expect(refusal(definition)).toEqual(
      invalid(/^state 'Choose', Choices\[0\]\/Condition: must be a JSONata expression/),
    );
  });

  it('is refused when a substitution is missing, and when one is never used', () => {
    const definition = workflow({ Grant: task({ Arguments: { FunctionName: placeholder('Grant'), Payload: {} } }) });
    expect(refusal(definition)).toEqual(invalid(/^\$\{Grant\}: no such substitution/));
    expect(refusal(definition, { Grant: 'grant', Revoke: 'revoke' })).toEqual(invalid(/^\$\{Revoke\}: .*never used/));
    expect(refusal(definition, { Grant: 'grant' })).toBeUndefined();
    expect(refusal(workflow({ Grant: task({ Comment: placeholder('toString') }) }))).toEqual(
      invalid(/^\$\{toString\}: no such/),
    );
  });
});
