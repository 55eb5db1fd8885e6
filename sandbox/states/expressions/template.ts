import { InvalidDefinitionError, type Place } from '../definition/definition-errors.ts';
import { queryError } from '../failures.ts';
import type { Json } from '../json.ts';
import { compileExpression, type Expression, isExpression, type Scope } from './expression.ts';

/** A value of the definition with expressions anywhere in it. */
export interface Template {
  /** The value with every expression replaced by what it gives. Throws `States.QueryEvaluationError`. */
  evaluate(scope: Scope): Promise<Json>;
}

/** A number of the definition, or the expression that gives it. */
export interface NumberField {
  /** The number. Throws `States.QueryEvaluationError` if it is not whole or out of range. */
  evaluate(scope: Scope): Promise<number>;
}

/** A string of the definition, or the expression that gives it. */
export interface StringField {
  /** The string. Throws `States.QueryEvaluationError` if it is something else. */
  evaluate(scope: Scope): Promise<string>;
}

/** Compiles the templates of one definition and remembers every expression in them. */
export class TemplateCompiler {
  readonly expressions: Expression[] = [];

  /** One expression that must be one, such as a condition. */
  expression(value: unknown, place: Place): Expression {
    if (!isExpression(value)) throw new InvalidDefinitionError(place, 'must be a JSONata expression, "{% … %}"');
    const expression = compileExpression(value, place);
    this.expressions.push(expression);
    return expression;
  }

  /** Any JSON with expressions in it. */
  template(value: unknown, place: Place): Template {
    if (isExpression(value)) return this.expression(value, place);
    if (Array.isArray(value)) return this.#array(value, place);
    if (typeof value === 'object' && value !== null) return this.#object(value, place);
    if (typeof value === 'string') refuseHalfDelimited(value, place);
    const constant = value as Json;
    return { evaluate: async () => constant };
  }

  /** A whole number from `least` to `most`, checked at load if written out. */
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

  /** A string. */
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

/** AWS would take such a string as it stands, which nobody can have meant. */
function refuseHalfDelimited(value: string, place: Place): void {
  if (value.includes('{%') || value.includes('%}')) {
    throw new InvalidDefinitionError(place, 'the delimiters of an expression must be the very ends of the string');
  }
}
