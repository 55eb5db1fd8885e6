export type Context = Readonly<Record<string, string | readonly string[]>>;

/** What a call demands of the role it is made with: an IAM action on every one of these resources. */
export interface Demand {
  readonly action: string;
  /** ARNs; `*` where the service knows no resources for the action. */
  readonly resources: readonly string[];
  /** Condition keys of the request and their values; a key of several values is a list, even of one. */
  readonly context?: Context;
}

/** Input of a call that nobody has checked yet: a call is judged before it is understood. */
export type RawInput = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is RawInput {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text that must be there; one that is not is the name of nothing, which no role has a right to. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The structures of a list. */
export function list(value: unknown): RawInput[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
