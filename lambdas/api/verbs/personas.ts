import type { IdentifiedPerson } from '../../../core/access/request/identity/identify.ts';
import { isOperator, personasOf, seesAll } from '../../../core/access/request/identity/personas.ts';
import { type Refusal, refusal } from '../../../core/model/refusal.ts';
import { type ApiAnswer, answerJson } from '../http.ts';
import { refused } from '../problems.ts';
import type { Services } from '../services.ts';
import type { Call } from './act.ts';

type Handler = (call: Call, all: Services) => Promise<ApiAnswer>;

/** Who calls, and what they may do beside asking and deciding. */
export async function profile({ person }: Call, all: Services): Promise<ApiAnswer> {
  const { principalId, userName, displayName, email } = person;
  const personas = personasOf(person, all.personas);
  const { portalUrl, policyChanges } = all;
  return answerJson(200, { userId: principalId, userName, displayName, email, personas, portalUrl, policyChanges });
}

/** Why somebody who would be an auditor or operator is neither now: another operator has locked them. */
export async function lockedOut(
  person: IdentifiedPerson,
  { personas, policyStore }: Pick<Services, 'personas' | 'policyStore'>,
): Promise<Refusal | undefined> {
  if (!seesAll(person, personas)) return undefined;
  const { locked } = await policyStore.storeState(person.principalId);
  return locked === undefined ? undefined : refusal('locked', locked.reason);
}

/** What nobody is an auditor or operator by. */
export const NO_PERSONAS: Services['personas'] = { auditors: [], operators: [] };

/** For auditors and operators alone. */
export function forAuditors(handle: Handler): Handler {
  return async (call, all) =>
    seesAll(call.person, all.personas) ? handle(call, all) : refused(call.lockedOut ?? refusal('not-auditor'));
}

/** For operators alone. */
export function forOperators<All extends Pick<Services, 'personas'>>(
  handle: (call: Call, all: All) => Promise<ApiAnswer>,
): (call: Call, all: All) => Promise<ApiAnswer> {
  return async (call, all) =>
    isOperator(call.person, all.personas) ? handle(call, all) : refused(call.lockedOut ?? refusal('not-operator'));
}
