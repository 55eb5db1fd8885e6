import validate from 'asl-validator';
import { FUNCTION_NAMES } from '../../lambdas/shared/environment-names.ts';
import { loadStateMachine } from '../../sandbox/states/definition/load.ts';
import { reachable, START_AT, STATES, TASKS, WORKFLOW_TEXT } from './workflow-file.ts';

const placeholders = [...WORKFLOW_TEXT.matchAll(/\$\{([^}]*)\}/g)].map(([, name]) => name ?? '');

/** The placeholders of the functions: `GrantAccessFunction` for `grant-access`. */
const FUNCTIONS = FUNCTION_NAMES.map(
  (name) => `${name.replace(/(^|-)(\w)/g, (_match, _dash, letter: string) => letter.toUpperCase())}Function`,
);

describe('the workflow file', () => {
  it('is valid Amazon States Language', () => {
    const arn = 'arn:aws:lambda:eu-central-1:123456789012:function:x';
    const deployed = WORKFLOW_TEXT.replace(/\$\{[^}]*\}/g, arn);
    expect(validate(JSON.parse(deployed)).errorsText()).toBe('');
  });

  it('can be loaded completely by the interpreter of the sandbox, so that the sandbox runs the same file', () => {
    const substitutions = Object.fromEntries(placeholders.map((name) => [name, name]));
    const { startAt, states } = loadStateMachine(JSON.parse(WORKFLOW_TEXT), substitutions);
    expect([startAt, ...states.keys()]).toEqual([START_AT, ...STATES.keys()]);
  });

  it('is smaller than half of the megabyte that Step Functions allows', () => {
    expect(Buffer.byteLength(WORKFLOW_TEXT)).toBeLessThan(512 * 1024);
  });

  it('names only functions that exist', () => {
    expect(placeholders.length).toBeGreaterThan(10);
    expect([...new Set(placeholders)].filter((name) => !FUNCTIONS.includes(name))).toEqual([]);
  });

  it('can reach each of its states', () => {
    expect(reachable(START_AT)).toEqual(new Set(STATES.keys()));
  });

  it.each([...STATES])('has a comment for "%s"', (_name, { Comment = '' }) => {
    expect(Comment.length).toBeGreaterThan(20);
  });

  it.each(TASKS)('limits the time of "%s"', (_name, { TimeoutSeconds, Resource }) => {
    const waits = Resource?.endsWith('.waitForTaskToken') === true;
    if (waits) expect(TimeoutSeconds).toMatch(/^\{% .* %\}$/);
    else expect(TimeoutSeconds).toBeLessThanOrEqual(120);
  });

  it.each(TASKS)(
    'lets "%s" only invoke a Lambda function, with a payload of ids, tokens and instants',
    (_name, { Resource, Arguments }) => {
      expect(Resource).toMatch(/^arn:aws:states:::lambda:invoke(\.waitForTaskToken)?$/);
      expect(Arguments?.FunctionName).toMatch(/^\$\{\w+Function\}$/);
      const passed = [
        'requestId',
        'look',
        'guard',
        'soFar',
        'token',
        'endsAt',
        'remind',
        'warn',
        'news',
        'operation',
        'operationId',
        'step',
        'edition',
        'unreadable',
        'error',
        // The name and the message of an error that a Catch has caught, which is stored nowhere else.
        'failure',
        // The ids of the granted target, in case the request item is lost.
        'made',
        // When it first came to cutting sessions, for a request that is not there to say so.
        'cutSince',
      ];
      expect(Object.keys(Arguments?.Payload ?? {}).filter((field) => !passed.includes(field))).toEqual([]);
    },
  );
});
