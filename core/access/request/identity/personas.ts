import type { IdentifiedPerson } from './identify.ts';

/** Ids of the Identity Center groups whose members may see requests that do not concern them. */
export interface Personas {
  /** Members see every request, policy and finding, and change nothing. */
  readonly auditors: readonly string[];
  /** Members see the same, and may freeze, revoke, lock and review. The role gives them no access to targets. */
  readonly operators: readonly string[];
}

export type Persona = 'auditor' | 'operator';

/** The personas of a person, by the groups they are in now. */
export function personasOf(
  { groupIds }: Pick<IdentifiedPerson, 'groupIds'>,
  { auditors, operators }: Personas,
): readonly Persona[] {
  const isIn = (groups: readonly string[]) => groups.some((id) => groupIds.includes(id));
  return [...(isIn(auditors) ? (['auditor'] as const) : []), ...(isIn(operators) ? (['operator'] as const) : [])];
}

/** May this person see requests that do not concern them? */
export function seesAll(person: Pick<IdentifiedPerson, 'groupIds'>, personas: Personas): boolean {
  return personasOf(person, personas).length > 0;
}

/** May this person freeze, revoke and lock? */
export function isOperator(person: Pick<IdentifiedPerson, 'groupIds'>, personas: Personas): boolean {
  return personasOf(person, personas).includes('operator');
}
