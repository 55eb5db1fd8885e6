import { InvalidDefinitionError, type Place, UnsupportedConstructError } from './definition-errors.ts';

/** A JSON object of the definition. It refuses fields that the interpreter does not know. */
export class Fields {
  readonly place: Place;
  readonly #values: Readonly<Record<string, unknown>>;

  /**
   * @throws InvalidDefinitionError if `value` is not an object
   * @throws UnsupportedConstructError for a field that is not in `known`
   */
  constructor(value: unknown, place: Place, known: readonly string[]) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new InvalidDefinitionError(place, 'must be an object');
    }
    this.place = place;
    this.#values = value as Readonly<Record<string, unknown>>;
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) throw new UnsupportedConstructError(this.at(key), 'this field is not played');
    }
  }

  /** The place of a field. At the top level of a state `place.field` is empty, so the path is the key alone. */
  at(key: string): Place {
    const field = this.place.field === '' ? key : `${this.place.field}/${key}`;
    return { ...this.place, field };
  }

  has(key: string): boolean {
    return this.#values[key] !== undefined;
  }

  get(key: string): unknown {
    return this.#values[key];
  }

  /** A non-empty string. */
  string(key: string): string {
    const value = this.#values[key];
    if (typeof value !== 'string' || value === '') throw new InvalidDefinitionError(this.at(key), 'must be a string');
    return value;
  }

  /** A non-empty list. */
  list(key: string): readonly unknown[] {
    const value = this.#values[key];
    if (!Array.isArray(value) || value.length === 0) throw new InvalidDefinitionError(this.at(key), 'must be a list');
    return value;
  }

  /** A number from `least` to `most`, or `otherwise` where the field is absent. */
  number(key: string, otherwise: number, least: number, most: number, whole = true): number {
    const value = this.#values[key];
    if (value === undefined) return otherwise;
    if (typeof value !== 'number' || !(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
      const kind = whole ? 'a whole number' : 'a number';
      throw new InvalidDefinitionError(this.at(key), `must be ${kind} from ${least} to ${most}`);
    }
    return value;
  }

  /** One of the given words; the first of them where the field is absent. */
  word<Word extends string>(key: string, words: readonly [Word, ...Word[]]): Word {
    const value = this.#values[key];
    if (value === undefined) return words[0];
    const word = words.find((each) => each === value);
    if (word === undefined) throw new InvalidDefinitionError(this.at(key), `must be one of ${words.join(', ')}`);
    return word;
  }
}
