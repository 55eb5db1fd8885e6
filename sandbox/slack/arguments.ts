import { type Fields, isFields } from './checks/shape.ts';
import { SlackError } from './slack-error.ts';

/**
 * The arguments of a Web API call. In a form, lists and objects are JSON inside a field; in a JSON body, they are plain
 * JSON.
 */
export class Arguments {
  readonly #fields: Fields;

  constructor(fields: Fields) {
    this.#fields = fields;
  }

  /** A text, or `undefined`. Numbers and booleans are converted to text, as in a form. */
  optional(name: string): string | undefined {
    const value = this.#fields[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw invalid(`must be a string [json-pointer:/${name}]`);
  }

  /** @throws SlackError invalid_arguments when it is missing. */
  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw invalid(`missing required field: ${name}`);
    return value;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  /** @throws SlackError `error` when it is present and not a list of objects. */
  list(name: string, error: string): Fields[] {
    const value = this.#json(name, error);
    if (value === undefined || value === null || value === '') return [];
    if (!Array.isArray(value) || !value.every(isFields))
      throw new SlackError(error, [`must be an array [json-pointer:/${name}]`]);
    return value;
  }

  /** @throws SlackError invalid_arguments when it is missing or not an object. */
  object(name: string): Fields {
    const value = this.#json(name, 'invalid_arguments');
    if (value === undefined) throw invalid(`missing required field: ${name}`);
    if (!isFields(value)) throw invalid(`must provide an object [json-pointer:/${name}]`);
    return value;
  }

  #json(name: string, error: string): unknown {
    const value = this.#fields[name];
    if (typeof value !== 'string' || value === '') return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      throw new SlackError(error === 'invalid_blocks' ? 'invalid_blocks_format' : error, [
        `must be valid JSON [json-pointer:/${name}]`,
      ]);
    }
  }
}

function invalid(detail: string): SlackError {
  return new SlackError('invalid_arguments', [detail]);
}
