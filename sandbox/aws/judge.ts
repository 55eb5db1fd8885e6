import type { Demand } from './demand.ts';

/** A statement of a role's policy. */
export interface Statement {
  readonly actions: readonly string[];
  /** ARNs, with `*` for any characters. */
  readonly resources: readonly string[];
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
export function judge(demands: readonly Demand[], role: readonly Statement[]): Denial | undefined {
  for (const demand of demands) {
    for (const resource of demand.resources) {
      const meant = role.filter((statement) => speaksOf(statement, demand, resource));
      const explicit = meant.some(({ deny }) => deny === true);
      if (explicit || meant.length === 0) return { action: demand.action, resource, explicit };
    }
  }
  return undefined;
}

function speaksOf({ actions, resources, conditions = {} }: Statement, demand: Demand, resource: string): boolean {
  return (
    actions.includes(demand.action) &&
    resources.some((pattern) => covers(pattern, resource)) &&
    Object.entries(conditions).every(([operator, keys]) => holds(operator, keys, demand.context ?? {}))
  );
}

function covers(pattern: string, resource: string): boolean {
  if (!pattern.includes('*')) return pattern === resource;
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(resource);
}

/** A key the request does not carry fulfils nothing. An operator nobody has taught this is an error, so that none is ignored. */
function holds(
  operator: string,
  keys: Readonly<Record<string, string | readonly string[]>>,
  context: Readonly<Record<string, string>>,
): boolean {
  if (operator !== 'StringEquals') throw new Error(`the sandbox cannot judge the condition operator ${operator}`);
  return Object.entries(keys).every(([key, wanted]) => {
    const value = context[key];
    return value !== undefined && [wanted].flat().includes(value);
  });
}
