import { isOperator, personasOf, seesAll } from '../../core/access/request/personas.ts';
import { refusal } from '../../core/model/refusal.ts';
import { type Call, noteRefused } from './act.ts';
import { type ApiAnswer, answerJson } from './http.ts';
import type { OperationId } from './operations.ts';
import { refused } from './problems.ts';
import type { Services } from './services.ts';

type Handler = (call: Call, all: Services) => Promise<ApiAnswer>;

/** Who calls, and what they may do beside asking and deciding. */
export async function profile({ person }: Call, all: Services): Promise<ApiAnswer> {
  const { principalId, userName, displayName, email } = person;
  const personas = personasOf(person, all.personas);
  return answerJson(200, { userId: principalId, userName, displayName, email, personas, portalUrl: all.portalUrl });
}

/** For auditors and operators alone. */
export function forAuditors(handle: Handler): Handler {
  return async (call, all) =>
    seesAll(call.person, all.personas) ? handle(call, all) : refused(refusal('not-auditor'));
}

/** For operators alone, and for none whom another one has locked; whoever else tries is written down. */
export function forOperators(operation: OperationId, handle: Handler): Handler {
  return async (call, all) => {
    const no = async (why: ReturnType<typeof refusal>) => {
      await noteRefused(operation, call, why, all);
      return refused(why);
    };
    if (!isOperator(call.person, all.personas)) return no(refusal('not-operator'));
    const { locked } = await all.policyStore.storeState(call.person.principalId);
    return locked === undefined ? handle(call, all) : no(refusal('locked', locked.reason));
  };
}
