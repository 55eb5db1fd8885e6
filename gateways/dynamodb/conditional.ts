import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { readItem } from './read-item.ts';

export type Item = Record<string, unknown>;

/**
 * Runs one conditional write.
 *
 * @returns what the write answered, or `{ conflict }` with the item as it is if the condition did not hold
 *   (DynamoDB's `ReturnValuesOnConditionCheckFailure: ALL_OLD`; the document client leaves that item marshalled). Other
 *   errors pass.
 */
export async function conditionally<T>(
  write: () => Promise<T>,
): Promise<{ readonly done: T } | { readonly conflict: Item | undefined }> {
  try {
    return { done: await write() };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return { conflict: error.Item === undefined ? undefined : readItem(error.Item) };
    }
    throw error;
  }
}

/** Runs one transaction. @returns false if one of its conditions did not hold; other errors pass */
export async function happened(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    const isUnmet =
      error instanceof TransactionCanceledException &&
      error.CancellationReasons?.some(({ Code }) => Code === 'ConditionalCheckFailed') === true;
    if (isUnmet) return false;
    throw error;
  }
}

/** Collects the parts of one update expression, so that names and values cannot collide. */
export class Update {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, unknown> = {};
  private readonly sets: string[] = [];
  private readonly removes: string[] = [];
  private readonly adds: string[] = [];
  private readonly deletes: string[] = [];
  private readonly conditions: string[] = [];

  /** The placeholder of a dotted attribute path. */
  name(path: string): string {
    return path
      .split('.')
      .map((part) => {
        const existing = Object.keys(this.names).find((key) => this.names[key] === part);
        const placeholder = existing ?? `#n${Object.keys(this.names).length}`;
        this.names[placeholder] = part;
        return placeholder;
      })
      .join('.');
  }

  /** The placeholder of a value. */
  value(value: unknown): string {
    const placeholder = `:v${Object.keys(this.values).length}`;
    this.values[placeholder] = value;
    return placeholder;
  }

  set(path: string, value: unknown): this {
    this.sets.push(`${this.name(path)} = ${this.value(value)}`);
    return this;
  }

  /** Sets the attribute only if it is absent, so that the first value stays. */
  setOnce(path: string, value: unknown): this {
    const name = this.name(path);
    this.sets.push(`${name} = if_not_exists(${name}, ${this.value(value)})`);
    return this;
  }

  /** @param empty the list to begin with if the attribute is absent; without it, the attribute must exist */
  append(path: string, values: readonly unknown[], empty?: readonly []): this {
    const name = this.name(path);
    const known = empty === undefined ? name : `if_not_exists(${name}, ${this.value(empty)})`;
    this.sets.push(`${name} = list_append(${known}, ${this.value(values)})`);
    return this;
  }

  remove(path: string): this {
    this.removes.push(this.name(path));
    return this;
  }

  /** Sets an attribute whose name may have dots, such as one made of an id. */
  setAttribute(attribute: string, value: unknown): this {
    this.sets.push(`${this.whole(attribute)} = ${this.value(value)}`);
    return this;
  }

  setAttributeOnce(attribute: string, value: unknown): this {
    const name = this.whole(attribute);
    this.sets.push(`${name} = if_not_exists(${name}, ${this.value(value)})`);
    return this;
  }

  removeAttribute(attribute: string): this {
    this.removes.push(this.whole(attribute));
    return this;
  }

  private whole(attribute: string): string {
    const placeholder = `#n${Object.keys(this.names).length}`;
    this.names[placeholder] = attribute;
    return placeholder;
  }

  /** Adds to a set, or to a number. */
  add(path: string, value: unknown): this {
    this.adds.push(`${this.name(path)} ${this.value(value)}`);
    return this;
  }

  deleteFromSet(path: string, member: string): this {
    this.deletes.push(`${this.name(path)} ${this.value(new Set([member]))}`);
    return this;
  }

  /** All conditions must hold. */
  when(condition: string): this {
    this.conditions.push(condition);
    return this;
  }

  /** The members of an UpdateItem call, or of a Put, Delete or ConditionCheck, which have no update expression. */
  build(): {
    UpdateExpression?: string;
    ConditionExpression?: string;
    ExpressionAttributeNames?: Record<string, string>;
    ExpressionAttributeValues?: Record<string, unknown>;
  } {
    const clauses = [
      this.sets.length > 0 ? `SET ${this.sets.join(', ')}` : '',
      this.removes.length > 0 ? `REMOVE ${this.removes.join(', ')}` : '',
      this.adds.length > 0 ? `ADD ${this.adds.join(', ')}` : '',
      this.deletes.length > 0 ? `DELETE ${this.deletes.join(', ')}` : '',
    ].filter((clause) => clause !== '');
    return {
      ...(clauses.length > 0 ? { UpdateExpression: clauses.join(' ') } : {}),
      ...(this.conditions.length > 0
        ? { ConditionExpression: this.conditions.map((c) => (c.includes(' OR ') ? `(${c})` : c)).join(' AND ') }
        : {}),
      ...(Object.keys(this.names).length > 0 ? { ExpressionAttributeNames: this.names } : {}),
      ...(Object.keys(this.values).length > 0 ? { ExpressionAttributeValues: this.values } : {}),
    };
  }
}

/** The members of an update in a transaction, which demands an update expression. */
export function written(update: Update) {
  const { UpdateExpression = '', ...rest } = update.build();
  return { UpdateExpression, ...rest };
}
