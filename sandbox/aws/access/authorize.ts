import type { Context, RequiredRight } from './required-right.ts';

/** A statement of a role's policy. */
export interface Statement {
  readonly actions: readonly string[];
  /** ARNs; `*` stands for any characters and `?` for any single one. */
  readonly resources: readonly string[];
  /** In place of `resources`: all resources but these. */
  readonly notResources?: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** The statement denies instead of allowing. */
  readonly deny?: boolean;
}

/** Why a call is denied: the action and resource that no statement allows, or that a statement denies (`explicit`). */
export interface Denial {
  readonly action: string;
  readonly resource: string;
  readonly explicit: boolean;
}

/**
 * Evaluates the rights required for a call against a role's statements, as IAM does: some statement must allow every
 * resource of every required right, and a deny outweighs any allow.
 *
 * @returns the first denial, or `undefined` when the call is allowed
 */
export function authorize(required: readonly RequiredRight[], role: readonly Statement[]): Denial | undefined {
  for (const right of required) {
    for (const resource of right.resources) {
      const meant = role.filter((statement) => speaksOf(statement, right, resource));
      const explicit = meant.some(({ deny }) => deny === true);
      if (explicit || meant.length === 0) return { action: right.action, resource, explicit };
    }
  }
  return undefined;
}

function speaksOf(statement: Statement, right: RequiredRight, resource: string): boolean {
  const { actions, resources, notResources, conditions = {} } = statement;
  const isNamed = () => (notResources ?? resources).some((pattern) => covers(pattern, resource));
  return (
    actions.includes(right.action) &&
    isNamed() === (notResources === undefined) &&
    Object.entries(conditions).every(([operator, keys]) => holds(operator, keys, right.context ?? {}))
  );
}

/** The compiled patterns, cached because every call evaluates the same few. */
const compiled = new Map<string, RegExp>();

/** Does a pattern with `*` for any characters and `?` for any single one match all of a text? */
export function covers(pattern: string, resource: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === resource;
  const known = compiled.get(pattern);
  if (known !== undefined) return known.test(resource);
  const parts = pattern.split('*').map((part) => part.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('?', '.'));
  const made = new RegExp(`^${parts.join('.*')}$`, 's');
  compiled.set(pattern, made);
  return made.test(resource);
}

type Compare = (pattern: string, value: string) => boolean;

/**
 * The set operators of conditions on keys with several values: all values must match, or one of them. For a key that
 * the request does not have, `ForAllValues` is true and every other operator false.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
const SETS = {
  'ForAllValues:': (values: readonly string[], fits: (value: string) => boolean) => values.every(fits),
  'ForAnyValue:': (values: readonly string[], fits: (value: string) => boolean) => values.some(fits),
} as const;

const COMPARISONS: Readonly<Record<string, Compare>> = {
  StringEquals: (wanted, value) => wanted === value,
  StringLike: covers,
  // IAM compares the parts between colons one by one. This compares whole ARNs, because no pattern here has a `*` that
  // could match a colon.
  ArnLike: covers,
  // IAM compares the instants, whatever their notation.
  DateLessThan: (wanted, value) => Date.parse(value) < Date.parse(wanted),
};

/** Evaluates one condition operator. An unknown operator is an error, so that no condition is ignored. */
function holds(
  operator: string,
  keys: Readonly<Record<string, string | readonly string[]>>,
  context: Context,
): boolean {
  if (operator === 'Null')
    return Object.entries(keys).every(([key, missing]) => (context[key] === undefined) === (missing === 'true'));
  // A negated operator is also true for a key that the request does not have.
  const turned = /^(String|Arn)Not(Equals|Like)$/.exec(operator);
  if (turned !== null)
    return Object.entries(keys).every(
      ([key, wanted]) => !holds(`${turned[1]}${turned[2]}`, { [key]: wanted }, context),
    );
  const [, set, name = ''] = /^(ForAllValues:|ForAnyValue:)?(.+)$/.exec(operator) ?? [];
  const compare = COMPARISONS[name];
  if (compare === undefined) throw new Error(`the sandbox cannot judge the condition operator ${operator}`);
  const among = SETS[(set ?? 'ForAnyValue:') as keyof typeof SETS];
  return Object.entries(keys).every(([key, wanted]) => {
    const values = [context[key] ?? []].flat();
    return among(values, (value) => [wanted].flat().some((pattern) => compare(pattern, value)));
  });
}
