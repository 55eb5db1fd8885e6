import { isExpression } from '../expressions/expression.ts';
import type { TemplateCompiler } from '../expressions/template.ts';
import { isTimestamp } from '../expressions/timestamp.ts';
import type { ChoiceState, FailState, PassState, State, SucceedState, TaskState, WaitState } from './definition.ts';
import { InvalidDefinitionError, UnsupportedConstructError } from './definition-errors.ts';
import { Fields } from './fields.ts';
import { loadCatch, loadRetry } from './load-error-handling.ts';
import { loadPassage, loadTransition, PASSAGE_FIELDS, TRANSITION_FIELDS } from './load-passage.ts';

/** The largest number of seconds AWS accepts. */
const MOST_SECONDS = 99_999_999;

const INVOKE = 'arn:aws:states:::lambda:invoke';
const INVOKE_AND_WAIT = 'arn:aws:states:::lambda:invoke.waitForTaskToken';

/** The fields of every type of state. */
const COMMON = ['Type', 'Comment'];

function loadTask(value: unknown, state: string, compiler: TemplateCompiler): TaskState {
  const own = ['Resource', 'Arguments', 'TimeoutSeconds', 'HeartbeatSeconds', 'Retry', 'Catch'];
  const fields = new Fields(value, { state, field: '' }, [...COMMON, ...TRANSITION_FIELDS, ...own]);
  const resource = fields.string('Resource');
  if (resource !== INVOKE && resource !== INVOKE_AND_WAIT) {
    throw new UnsupportedConstructError(fields.at('Resource'), `'${resource}' is not played; ${INVOKE} is`);
  }
  refuseOtherArguments(fields);
  const seconds = (key: string) => compiler.number(fields.get(key), fields.at(key), 1, MOST_SECONDS);
  const [timeout, heartbeat] = [fields.get('TimeoutSeconds'), fields.get('HeartbeatSeconds')];
  if (typeof heartbeat === 'number' && typeof timeout === 'number' && heartbeat >= timeout) {
    throw new InvalidDefinitionError(fields.at('HeartbeatSeconds'), 'must be smaller than TimeoutSeconds');
  }
  return {
    type: 'Task',
    resource,
    waitsForToken: resource === INVOKE_AND_WAIT,
    arguments: compiler.template(fields.get('Arguments'), fields.at('Arguments')),
    ...(fields.has('TimeoutSeconds') ? { timeoutSeconds: seconds('TimeoutSeconds') } : {}),
    ...(fields.has('HeartbeatSeconds') ? { heartbeatSeconds: seconds('HeartbeatSeconds') } : {}),
    retry: loadRetry(fields),
    catch: loadCatch(fields, compiler),
    ...loadTransition(fields, compiler),
  };
}

/**
 * The workflow uses two of the arguments of Lambda's Invoke. Where the arguments are one expression, they are checked
 * when it is evaluated.
 */
function refuseOtherArguments(task: Fields): void {
  const given = task.get('Arguments');
  if (isExpression(given)) return;
  new Fields(given, task.at('Arguments'), ['FunctionName', 'Payload']).string('FunctionName');
}

function loadWait(value: unknown, state: string, compiler: TemplateCompiler): WaitState {
  const fields = new Fields(value, { state, field: '' }, [...COMMON, ...TRANSITION_FIELDS, 'Seconds', 'Timestamp']);
  if (fields.has('Seconds') === fields.has('Timestamp')) {
    throw new InvalidDefinitionError(fields.at('Seconds'), 'exactly one of Seconds and Timestamp must be there');
  }
  const transition = loadTransition(fields, compiler);
  if (fields.has('Seconds')) {
    const seconds = compiler.number(fields.get('Seconds'), fields.at('Seconds'), 0, MOST_SECONDS);
    return { type: 'Wait', wait: { seconds }, ...transition };
  }
  const given = fields.get('Timestamp');
  if (typeof given === 'string' && !isExpression(given) && !isTimestamp(given)) {
    throw new InvalidDefinitionError(
      fields.at('Timestamp'),
      'must be an ISO 8601 instant such as 2026-01-05T09:00:00Z',
    );
  }
  return { type: 'Wait', wait: { timestamp: compiler.string(given, fields.at('Timestamp')) }, ...transition };
}

function loadChoice(value: unknown, state: string, compiler: TemplateCompiler): ChoiceState {
  const fields = new Fields(value, { state, field: '' }, [...COMMON, 'Choices', 'Default']);
  return {
    type: 'Choice',
    choices: fields.list('Choices').map((given, index) => {
      const place = fields.at(`Choices[${index}]`);
      const rule = new Fields(given, place, ['Comment', 'Condition', 'Next', ...PASSAGE_FIELDS]);
      return {
        condition: compiler.expression(rule.get('Condition'), rule.at('Condition')),
        next: rule.string('Next'),
        ...loadPassage(rule, compiler),
      };
    }),
    ...(fields.has('Default') ? { default: fields.string('Default') } : {}),
  };
}

function loadPass(value: unknown, state: string, compiler: TemplateCompiler): PassState {
  const fields = new Fields(value, { state, field: '' }, [...COMMON, ...TRANSITION_FIELDS]);
  return { type: 'Pass', ...loadTransition(fields, compiler) };
}

function loadSucceed(value: unknown, state: string, compiler: TemplateCompiler): SucceedState {
  return { type: 'Succeed', ...loadPassage(new Fields(value, { state, field: '' }, [...COMMON, 'Output']), compiler) };
}

function loadFail(value: unknown, state: string, compiler: TemplateCompiler): FailState {
  const fields = new Fields(value, { state, field: '' }, [...COMMON, 'Error', 'Cause']);
  const string = (key: string) => compiler.string(fields.get(key), fields.at(key));
  return {
    type: 'Fail',
    ...(fields.has('Error') ? { error: string('Error') } : {}),
    ...(fields.has('Cause') ? { cause: string('Cause') } : {}),
  };
}

/**
 * Checks and compiles one state.
 *
 * @throws UnsupportedConstructError or InvalidDefinitionError, with the place
 */
export function loadState(value: unknown, name: string, compiler: TemplateCompiler): State {
  const type: unknown = typeof value === 'object' && value !== null && 'Type' in value ? value.Type : undefined;
  switch (type) {
    case 'Task':
      return loadTask(value, name, compiler);
    case 'Wait':
      return loadWait(value, name, compiler);
    case 'Choice':
      return loadChoice(value, name, compiler);
    case 'Pass':
      return loadPass(value, name, compiler);
    case 'Succeed':
      return loadSucceed(value, name, compiler);
    case 'Fail':
      return loadFail(value, name, compiler);
    default:
      throw new UnsupportedConstructError(
        { state: name, field: 'Type' },
        `states of type '${String(type)}' are not played`,
      );
  }
}
