import { isFunctionName } from '../expressions/expression-rules.ts';
import type { TemplateCompiler } from '../expressions/template.ts';
import type { Assignments, Passage, Transition } from './definition.ts';
import { InvalidDefinitionError } from './definition-errors.ts';
import { Fields } from './fields.ts';

/** The fields of a passage. */
export const PASSAGE_FIELDS = ['Output', 'Assign'];

/** The fields of a transition. */
export const TRANSITION_FIELDS = [...PASSAGE_FIELDS, 'Next', 'End'];

/** The names AWS allows for variables: Unicode identifiers of at most 80 characters (workflow variables, naming). */
const VARIABLE_NAME = /^[\p{ID_Start}_][\p{ID_Continue}]{0,79}$/u;

function loadAssign(value: unknown, owner: Fields, compiler: TemplateCompiler): Assignments {
  const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const fields = new Fields(value, owner.at('Assign'), names);
  return names.map((name) => {
    if (!VARIABLE_NAME.test(name)) throw new InvalidDefinitionError(fields.at(name), 'is no name for a variable');
    if (name === 'states' || isFunctionName(name)) {
      throw new InvalidDefinitionError(fields.at(name), `$${name} means something else already`);
    }
    return [name, compiler.template(fields.get(name), fields.at(name))] as const;
  });
}

/** Loads `Output` and `Assign`. */
export function loadPassage(fields: Fields, compiler: TemplateCompiler): Passage {
  return {
    ...(fields.has('Output') || fields.get('Output') === null
      ? { output: compiler.template(fields.get('Output'), fields.at('Output')) }
      : {}),
    ...(fields.has('Assign') ? { assign: loadAssign(fields.get('Assign'), fields, compiler) } : {}),
  };
}

/** Loads a passage and exactly one of `Next` and `End`. */
export function loadTransition(fields: Fields, compiler: TemplateCompiler): Transition {
  const passage = loadPassage(fields, compiler);
  if (fields.has('Next') === fields.has('End')) {
    throw new InvalidDefinitionError(fields.at('Next'), 'exactly one of Next and End must be there');
  }
  if (fields.has('Next')) return { ...passage, next: fields.string('Next') };
  if (fields.get('End') !== true) throw new InvalidDefinitionError(fields.at('End'), 'must be true');
  return passage;
}
