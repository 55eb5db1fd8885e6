import type { IdentifiedPerson } from '../../../core/access/request/identity/identify.ts';
import { isOperator, personasOf, seesAll } from '../../../core/access/request/identity/personas.ts';
import { type Refusal, refusal } from '../../../core/model/refusal.ts';
import { type ApiAnswer, answerJson } from '../http.ts';
import { refusedWithAudit } from '../problems.ts';
import type { Services } from '../services.ts';
import type { Call } from './act.ts';

type Handler = (call: Call, all: Services) => Promise<ApiAnswer>;

/** The caller, and what they may do apart from asking and deciding. */
export async function profile({ person }: Call, all: Services): Promise<ApiAnswer> {
  const { principalId, userName, displayName, email } = person;
  const personas = personasOf(person, all.personas);
  const { portalUrl, policyChanges } = all;
  return answerJson(200, { userId: principalId, userName, displayName, email, personas, portalUrl, policyChanges });
}

/** The refusal for an auditor or operator whom an operator has locked; `undefined` for everybody else. */
export async function lockedOut(
  person: IdentifiedPerson,
  { personas, policyStore }: Pick<Services, 'personas' | 'policyStore'>,
): Promise<Refusal | undefined> {
  if (!seesAll(person, personas)) return undefined;
  const { locked } = await policyStore.storeState(person.principalId);
  return locked === undefined ? undefined : refusal('locked', locked.reason);
}

/** Persona groups that nobody is in. */
export const NO_PERSONAS: Services['personas'] = { auditors: [], operators: [] };

/** Runs a handler for auditors and operators only. */
export function forAuditors(handle: Handler): Handler {
  return async (call, all) =>
    seesAll(call.person, all.personas) ? handle(call, all) : refusedWithAudit(call.lockedOut ?? refusal('not-auditor'));
}

/** Runs a handler for operators only. */
export function forOperators<All extends Pick<Services, 'personas'>>(
  handle: (call: Call, all: All) => Promise<ApiAnswer>,
): (call: Call, all: All) => Promise<ApiAnswer> {
  return async (call, all) =>
    isOperator(call.person, all.personas)
      ? handle(call, all)
      : refusedWithAudit(call.lockedOut ?? refusal('not-operator'));
}
