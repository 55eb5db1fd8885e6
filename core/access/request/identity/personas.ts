import type { IdentifiedPerson } from './identify.ts';

/** Ids of the Identity Center groups whose members have more to do with requests than those that concern them. */
export interface Personas {
  /** See every request, policy and finding, and change nothing. */
  readonly auditors: readonly string[];
  /** See the same; freeze, revoke and lock, and give reviews. Nobody gets access by it. */
  readonly operators: readonly string[];
}

export type Persona = 'auditor' | 'operator';

/** What a person is by the groups they are in at this moment. */
export function personasOf(
  { groupIds }: Pick<IdentifiedPerson, 'groupIds'>,
  { auditors, operators }: Personas,
): readonly Persona[] {
  const isIn = (groups: readonly string[]) => groups.some((id) => groupIds.includes(id));
  return [...(isIn(auditors) ? (['auditor'] as const) : []), ...(isIn(operators) ? (['operator'] as const) : [])];
}

/** May this person see what does not concern them? */
export function seesAll(person: Pick<IdentifiedPerson, 'groupIds'>, personas: Personas): boolean {
  return personasOf(person, personas).length > 0;
}

/** May this person freeze, revoke and lock? */
export function isOperator(person: Pick<IdentifiedPerson, 'groupIds'>, personas: Personas): boolean {
  return personasOf(person, personas).includes('operator');
}
