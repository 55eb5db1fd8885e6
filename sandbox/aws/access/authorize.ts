import type { Context, Demand } from './demand.ts';

/** A statement of a role's policy. */
export interface Statement {
  readonly actions: readonly string[];
  /** ARNs, with `*` for any characters and `?` for any one. */
  readonly resources: readonly string[];
  /** Instead of `resources`: everything but these. */
  readonly notResources?: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** A prohibition instead. */
  readonly deny?: boolean;
}

/** Why a call is refused: the right that is missing, or that is forbidden. */
export interface Denial {
  readonly action: string;
  readonly resource: string;
  readonly explicit: boolean;
}

/**
 * Holds the demands of a call against a role, as IAM does: every resource of every demand must be allowed by some statement, and
 * one prohibition outweighs all.
 *
 * @returns the first right that is missing, or `undefined` when all are there
 */
export function authorize(demands: readonly Demand[], role: readonly Statement[]): Denial | undefined {
  for (const demand of demands) {
    for (const resource of demand.resources) {
      const meant = role.filter((statement) => speaksOf(statement, demand, resource));
      const explicit = meant.some(({ deny }) => deny === true);
      if (explicit || meant.length === 0) return { action: demand.action, resource, explicit };
    }
  }
  return undefined;
}

function speaksOf(statement: Statement, demand: Demand, resource: string): boolean {
  const { actions, resources, notResources, conditions = {} } = statement;
  const isNamed = () => (notResources ?? resources).some((pattern) => covers(pattern, resource));
  return (
    actions.includes(demand.action) &&
    isNamed() === (notResources === undefined) &&
    Object.entries(conditions).every(([operator, keys]) => holds(operator, keys, demand.context ?? {}))
  );
}

/** Patterns as they were compiled: a role has few, and each call asks for them. */
const compiled = new Map<string, RegExp>();

function covers(pattern: string, resource: string): boolean {
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
 * A comparison of one value, and of a key of several: whether each of them must fit or one is enough. Of a key the request does not
 * carry, `ForAllValues` is true, and nothing else is.
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
  // The parts between colons are compared one by one; no pattern here has a star that could reach over one.
  ArnLike: covers,
  // IAM compares instants, whatever the notation.
  DateLessThan: (wanted, value) => Date.parse(value) < Date.parse(wanted),
};

/** An operator nobody has taught this is an error, so that none is ignored. */
function holds(
  operator: string,
  keys: Readonly<Record<string, string | readonly string[]>>,
  context: Context,
): boolean {
  if (operator === 'Null')
    return Object.entries(keys).every(([key, missing]) => (context[key] === undefined) === (missing === 'true'));
  // A comparison that is turned around is true as well of a key that the request does not carry.
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
