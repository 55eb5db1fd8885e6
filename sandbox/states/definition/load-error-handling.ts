import type { TemplateCompiler } from '../expressions/template.ts';
import { STATES_ERRORS } from '../failures.ts';
import type { Retrier } from '../retry.ts';
import type { Catcher } from './definition.ts';
import { InvalidDefinitionError } from './definition-errors.ts';
import { Fields } from './fields.ts';
import { loadPassage, PASSAGE_FIELDS } from './load-passage.ts';

/** The largest values AWS accepts for `IntervalSeconds` and `MaxAttempts`. */
const MOST = 99_999_999;

/** `MaxDelaySeconds` must stay below 366 days (Step Functions: retry fields). */
const MAX_DELAY_BELOW_SECONDS = 31_622_400;

const RETRIER_FIELDS = [
  'Comment',
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
];

function loadErrorEquals(fields: Fields, isLast: boolean): string[] {
  const place = fields.at('ErrorEquals');
  const names = fields.list('ErrorEquals').map((name) => {
    if (typeof name !== 'string' || name === '')
      throw new InvalidDefinitionError(place, 'must be a list of error names');
    if (name.startsWith('States.') && !STATES_ERRORS.some((known) => known === name)) {
      throw new InvalidDefinitionError(place, `no state of this workflow can report '${name}'`);
    }
    return name;
  });
  if (names.includes('States.ALL') && (names.length > 1 || !isLast)) {
    throw new InvalidDefinitionError(place, 'States.ALL must stand alone and in the last entry');
  }
  return names;
}

function loadRetrier(fields: Fields, isLast: boolean): Retrier {
  const intervalSeconds = fields.number('IntervalSeconds', 1, 1, MOST);
  const maxDelaySeconds = fields.number('MaxDelaySeconds', Number.POSITIVE_INFINITY, 1, MAX_DELAY_BELOW_SECONDS - 1);
  if (maxDelaySeconds <= intervalSeconds) {
    throw new InvalidDefinitionError(fields.at('MaxDelaySeconds'), 'must be greater than IntervalSeconds');
  }
  return {
    errorEquals: loadErrorEquals(fields, isLast),
    intervalSeconds,
    maxDelaySeconds,
    maxAttempts: fields.number('MaxAttempts', 3, 0, MOST),
    backoffRate: fields.number('BackoffRate', 2, 1, Number.MAX_VALUE, false),
    fullJitter: fields.word('JitterStrategy', ['NONE', 'FULL']) === 'FULL',
  };
}

/** The `Retry` of a Task; an empty list where it has none. */
export function loadRetry(task: Fields): Retrier[] {
  if (!task.has('Retry')) return [];
  const list = task.list('Retry');
  return list.map((value, index) =>
    loadRetrier(new Fields(value, task.at(`Retry[${index}]`), RETRIER_FIELDS), index === list.length - 1),
  );
}

/** The `Catch` of a Task; an empty list where it has none. */
export function loadCatch(task: Fields, compiler: TemplateCompiler): Catcher[] {
  if (!task.has('Catch')) return [];
  const list = task.list('Catch');
  return list.map((value, index) => {
    const fields = new Fields(value, task.at(`Catch[${index}]`), ['Comment', 'ErrorEquals', 'Next', ...PASSAGE_FIELDS]);
    return {
      errorEquals: loadErrorEquals(fields, index === list.length - 1),
      next: fields.string('Next'),
      ...loadPassage(fields, compiler),
    };
  });
}
