export type Context = Readonly<Record<string, string | readonly string[]>>;

/** What a call requires of the role it is made with: an IAM action on each of these resources. */
export interface RequiredRight {
  readonly action: string;
  /** ARNs; `*` where the action has no resource types. */
  readonly resources: readonly string[];
  /** Condition keys of the request and their values. A multivalued key has a list, even for one value. */
  readonly context?: Context;
}

/** The unchecked input of a call: a call is authorized before its input is checked. */
export type RawInput = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is RawInput {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is a text. A missing one becomes the empty text, which no role's resources match. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The structures in a list. */
export function list(value: unknown): RawInput[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
