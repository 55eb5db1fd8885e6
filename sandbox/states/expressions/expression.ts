import jsonata from 'jsonata';
import { InvalidDefinitionError, type Place } from '../definition/definition-errors.ts';
import { queryError } from '../failures.ts';
import { type Json, toJson } from '../json.ts';
import { addedFunctions } from './added-functions.ts';
import { checkExpression } from './expression-rules.ts';
import { ASK_JSONATA, shortcutFor } from './shortcut.ts';

/** What an expression can read. */
export interface Scope {
  /** `$states`. */
  readonly states: Readonly<Record<string, Json>>;
  /** The workflow's variables, by name without the `$`. */
  readonly variables: Readonly<Record<string, Json>>;
  readonly nowMs: number;
  readonly random: () => number;
}

/** A compiled JSONata expression of the definition. */
export interface Expression {
  readonly place: Place;
  /** The workflow variables it reads. */
  readonly reads: ReadonlySet<string>;
  /**
   * Evaluates it. Throws `States.QueryEvaluationError` if it fails or results in `undefined`, which JSON does not have.
   */
  evaluate(scope: Scope): Promise<Json>;
}

/** Whether a string is an expression: AWS wants it to begin with `{%` and end with `%}`. */
export function isExpression(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('{%') && value.endsWith('%}');
}

function lookUp(name: string, { states, variables }: Scope): Json | undefined {
  if (name === 'states') return states;
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

/** JSONata throws plain objects as well as Errors; both have a `message`. */
function messageOf(error: unknown): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return String(message);
}

/**
 * Compiles `{% … %}`.
 *
 * @throws InvalidDefinitionError for what AWS would refuse
 * @throws UnsupportedConstructError for what this interpreter does not run
 */
export function compileExpression(delimited: string, place: Place): Expression {
  const source = delimited.slice(2, -2).trim();
  let compiled: jsonata.Expression;
  try {
    compiled = jsonata(source);
  } catch (error) {
    throw new InvalidDefinitionError(place, `'${source}' is no JSONata expression: ${messageOf(error)}`);
  }
  const tree: unknown = compiled.ast();
  const reads = checkExpression(tree, source, place);
  const shortcut = shortcutFor(tree);
  const told = `The JSONata expression '${source}' specified for the field '${place.field}'`;

  async function ask(scope: Scope): Promise<unknown> {
    const known = shortcut?.((name) => lookUp(name, scope)) ?? ASK_JSONATA;
    if (known !== ASK_JSONATA) return known;
    try {
      return await compiled.evaluate(undefined, { ...addedFunctions(scope), ...scope.variables, states: scope.states });
    } catch (error) {
      throw queryError(`${told} threw an error during evaluation. ${messageOf(error)}`);
    }
  }

  return {
    place,
    reads,
    async evaluate(scope) {
      const value = await ask(scope);
      if (typeof value === 'function' || isJsonataFunction(value)) throw queryError(`${told} returned a function.`);
      const json = toJson(value);
      if (json === undefined) throw queryError(`${told} returned nothing (undefined).`);
      return json;
    },
  };
}

function isJsonataFunction(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('_jsonata_lambda' in value || '_jsonata_function' in value);
}
