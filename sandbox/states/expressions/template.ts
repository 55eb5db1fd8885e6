import { InvalidDefinitionError, type Place } from '../definition/definition-errors.ts';
import { queryError } from '../failures.ts';
import type { Json } from '../json.ts';
import { compileExpression, type Expression, isExpression, type Scope } from './expression.ts';

/** A JSON value of the definition that may contain expressions. */
export interface Template {
  /** The value with every expression replaced by its result. Throws `States.QueryEvaluationError`. */
  evaluate(scope: Scope): Promise<Json>;
}

/** A number in the definition, or an expression for it. */
export interface NumberField {
  /** The number. Throws `States.QueryEvaluationError` if it is not a whole number or out of range. */
  evaluate(scope: Scope): Promise<number>;
}

/** A string in the definition, or an expression for it. */
export interface StringField {
  /** The string. Throws `States.QueryEvaluationError` if the result is not a string. */
  evaluate(scope: Scope): Promise<string>;
}

/** Compiles the templates of one definition and collects every expression in them. */
export class TemplateCompiler {
  readonly expressions: Expression[] = [];

  /** Compiles a field that must be an expression, such as a condition. */
  expression(value: unknown, place: Place): Expression {
    if (!isExpression(value)) throw new InvalidDefinitionError(place, 'must be a JSONata expression, "{% … %}"');
    const expression = compileExpression(value, place);
    this.expressions.push(expression);
    return expression;
  }

  /** Compiles any JSON value with expressions in it. */
  template(value: unknown, place: Place): Template {
    if (isExpression(value)) return this.expression(value, place);
    if (Array.isArray(value)) return this.#array(value, place);
    if (typeof value === 'object' && value !== null) return this.#object(value, place);
    if (typeof value === 'string') refuseHalfDelimited(value, place);
    const constant = value as Json;
    return { evaluate: async () => constant };
  }

  /**
   * Compiles a whole number from `least` to `most`. A literal is checked at load, an expression when it is evaluated.
   */
  number(value: unknown, place: Place, least: number, most: number): NumberField {
    const fits = (given: unknown): given is number =>
      Number.isInteger(given) && Number(given) >= least && Number(given) <= most;
    const wanted = `must be a whole number from ${least} to ${most}`;
    if (isExpression(value)) {
      const expression = this.expression(value, place);
      return {
        async evaluate(scope) {
          const given = await expression.evaluate(scope);
          if (!fits(given)) throw queryError(`The field '${place.field}' ${wanted}, but was ${JSON.stringify(given)}.`);
          return given;
        },
      };
    }
    if (!fits(value)) throw new InvalidDefinitionError(place, wanted);
    return { evaluate: async () => value };
  }

  /** Compiles a string. */
  string(value: unknown, place: Place): StringField {
    if (typeof value !== 'string') throw new InvalidDefinitionError(place, 'must be a string');
    const template = this.template(value, place);
    return {
      async evaluate(scope) {
        const given = await template.evaluate(scope);
        if (typeof given !== 'string') throw queryError(`The field '${place.field}' must be a string.`);
        return given;
      },
    };
  }

  #array(value: readonly unknown[], place: Place): Template {
    const items = value.map((item, index) => this.template(item, { ...place, field: `${place.field}[${index}]` }));
    return {
      async evaluate(scope) {
        const result: Json[] = [];
        for (const item of items) result.push(await item.evaluate(scope));
        return result;
      },
    };
  }

  #object(value: object, place: Place): Template {
    const fields = Object.entries(value).map(([key, inner]) => {
      if (key.endsWith('.$')) throw new InvalidDefinitionError(place, `'${key}' is JSONPath; this workflow is JSONata`);
      return [key, this.template(inner, { ...place, field: `${place.field}/${key}` })] as const;
    });
    return {
      async evaluate(scope) {
        const result: [string, Json][] = [];
        for (const [key, field] of fields) result.push([key, await field.evaluate(scope)]);
        return Object.fromEntries(result);
      },
    };
  }
}

/** AWS would treat such a string as plain text, which is never intended. */
function refuseHalfDelimited(value: string, place: Place): void {
  if (value.includes('{%') || value.includes('%}')) {
    throw new InvalidDefinitionError(place, 'the delimiters of an expression must be the very ends of the string');
  }
}
